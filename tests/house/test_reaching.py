"""How the command line finds the running server, and to whom it does not tell the account's secret."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from vestibule.adapters import own_folder
from vestibule.config import Settings
from vestibule.reaching import NAME, announced, reached


@asynccontextmanager
async def stranger(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Somebody else at a port of this machine; what they are told."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        await server.wait_closed()


def a_process_that_is_gone() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


async def test_the_port_of_a_server_that_was_killed_is_told_nothing(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    async with stranger(b"HTTP/1.1 404 Not Found\r\n\r\n") as (port, heard):
        (own_folder(settings.data) / NAME).write_text(f"{a_process_that_is_gone()} http://127.0.0.1:{port}")
        async with reached(settings) as house:
            assert not house.is_running
    assert heard == []


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnone",
        b"garbage\r\n\r\n",
        b"",
    ],
    ids=["another house", "another program", "no JSON", "no HTTP", "silence"],
)
async def test_with_whatever_is_not_this_house_it_works_alone(tmp_path: Path, answer: bytes) -> None:
    settings = Settings(data=str(tmp_path))
    async with stranger(answer) as (port, _):
        with announced(settings.data, "127.0.0.1", port):
            async with reached(settings) as house:
                assert not house.is_running


@pytest.mark.parametrize("text", ["", "12", "x http://127.0.0.1:1", "1 2 3"])
async def test_an_address_that_is_none_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    async with reached(Settings(data=str(tmp_path))) as house:
        assert not house.is_running


def test_the_address_is_there_while_the_server_is(tmp_path: Path) -> None:
    for host, shown in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]")):
        with announced(str(tmp_path), host, 80):
            assert (tmp_path / NAME).read_text() == f"{os.getpid()} http://{shown}:80"
        assert not (tmp_path / NAME).exists()
