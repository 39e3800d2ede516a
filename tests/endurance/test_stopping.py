"""Starting and stopping, as an operator sees it."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.endurance.people import bodies, hello, say
from tests.servers import Server, running

RESTART = 1012
STOPPED = {signal.SIGTERM: -signal.SIGTERM, signal.SIGINT: 130}  # what the shell is told
UPGRADE = (
    b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data") as server:
        yield server


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
async def test_it_stops_cleanly_and_tells_whoever_is_connected(server: Server, how: signal.Signals) -> None:
    chat = server.start_chat()
    async with connect(server.socket_address, proxy=None) as quiet, connect(server.socket_address) as busy:
        await hello(quiet, chat)
        await hello(busy, chat)
        for number in range(50):
            await busy.send(say(chat, number))
        code, seconds = await asyncio.to_thread(server.stop, how)
        sent = [frame async for frame in frames(busy) if frame["type"] == "sent"]
        assert [frame async for frame in frames(quiet)] == []
    assert (seconds < 6, code) == (True, STOPPED[how]), (seconds, server.log)
    assert (quiet.close_code, busy.close_code) == (RESTART, RESTART)
    assert "Traceback" not in server.log
    server.start()
    assert bodies(server, chat)[: len(sent)] == [frame["message"]["body"] for frame in sent]


async def test_neither_a_slow_upload_nor_a_dead_socket_holds_it_up(server: Server) -> None:
    chat = server.start_chat()
    path = f"/v1/channels/{chat['channel_sid']}/media?Filename=a.txt"
    _, sender = await asyncio.open_connection("127.0.0.1", server.port)
    sender.write(head("POST", path, chat) + b"content-length: 1000000\r\n\r\n" + b"text " * 1000)
    answers, dead = await asyncio.open_connection("127.0.0.1", server.port)
    dead.write(head("GET", "/v1/socket", chat) + UPGRADE)
    await answers.readuntil(b"\r\n\r\n")
    dead.write(hello_frame(chat))
    await answers.readuntil(b"welcome")  # and never read or answer again
    code, seconds = await asyncio.to_thread(server.stop)
    for writer in (sender, dead):
        writer.close()
    assert (seconds < 6, code) == (True, STOPPED[signal.SIGTERM]), (seconds, code)
    server.start()
    assert not [path for path in (server.data / "files").rglob("*") if path.is_file()]


def test_a_second_start_takes_less_than_three_seconds(server: Server) -> None:
    server.stop()
    assert server.start() < 3


def head(method: str, path: str, chat: dict[str, Any]) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {chat['token']}\r\n".encode()
    )


def hello_frame(chat: dict[str, Any]) -> bytes:
    """RFC 6455, section 5.2: a text frame of less than 64 KiB, masked with zeros."""
    text = json.dumps({"type": "hello", "token": chat["token"]}).encode()
    return b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text


async def frames(socket: ClientConnection) -> Any:
    """What is still to come, until the end."""
    try:
        async for text in socket:
            yield json.loads(text)
    except ConnectionClosed:
        pass
