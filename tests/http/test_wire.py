"""Who begins a request and does not go on with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from vestibule.app import House
from vestibule.http import bodies
from vestibule.http.wire import HttpProtocol
from vestibule.models import Session
from vestibule.payloads import StartChat
from vestibule.testing import a_server

HALF = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
async def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(HttpProtocol, "seconds", 0.4)
    async with a_server(tmp_path) as (_, address):
        yield urlsplit(address).port or 0


async def send(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What comes back until the server closes, or for two seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        async with asyncio.timeout(2):
            while chunk := await reader.read(4096):
                answer += chunk
    except ConnectionError:
        pass
    finally:
        writer.close()
    return answer


@pytest.mark.parametrize("pieces", [(), (HALF,), (HALF, b"A: b\r\n", b"C: d\r\n", b"E: f\r\n")])
async def test_half_a_request_is_cut(port: int, pieces: tuple[bytes, ...]) -> None:
    assert await send(port, *pieces, pause=0.2) == b""


async def test_half_a_second_request_is_cut_too(port: int) -> None:
    answer = await send(port, HALF + b"\r\n", HALF, pause=0.2)
    assert answer.count(b"HTTP/1.1 200") == 1


async def test_a_whole_request_may_take_as_long_as_its_answer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(HALF + b"\r\n")
        assert b"200" in await reader.readline()
        while (await reader.readline()) != b"\r\n":
            pass
        await reader.readexactly(len(b'{"status":"ok"}'))
        await asyncio.sleep(0.5)  # longer than headers may take
    writer.close()


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[tuple[House, str, Session, str]]:
    """A house behind its address, and a customer's chat with a token."""
    async with a_server(tmp_path / "house") as (house, address):
        session = await house.context().invoke(StartChat(friendly_name="Ada"))
        yield house, address, session, house.tokens.mint(session.identity, house.service.sid)[0]


@pytest.mark.parametrize("limit", ["STALL", "LONGEST"])
async def test_an_upload_that_stands_still_or_never_ends_is_cut_and_leaves_nothing(
    limit: str, chat: tuple[House, str, Session, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, address, session, token = chat
    monkeypatch.setattr(bodies, limit, 0.4)
    place = f"/v1/channels/{session.channel.sid}/media?Filename=notes.txt"
    head = f"POST {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 99\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
    writer.write(head.encode())
    dripping = asyncio.create_task(drip(writer) if limit == "LONGEST" else asyncio.sleep(0))
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    dripping.cancel()
    writer.close()
    assert [key async for key in house.parts.storage.list("")] == []


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"a")
        await asyncio.sleep(0.1)
