"""A lean WebSocket client (RFC 6455), so that the measuring costs little beside what is measured.

It knows what this server sends and no more: whole text frames, ping and close.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A  # with the bit that says that a frame is whole


class Closed(Exception):
    """The server closed the socket."""


class Socket(asyncio.Protocol):
    """One connection. `heard` is called with the bytes of each text."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self.heard = heard
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.failure: Exception | None = None
        self._buffer = b""
        self._transport: Any = None

    def send(self, text: bytes) -> None:
        """Send one text."""
        self._transport.write(_head(TEXT, len(text)) + text)

    def close(self) -> None:
        self._transport.abort()

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(_handshake())

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or Closed("The connection is gone."))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.is_open.done() and not self._opened():
            return
        self._buffer = self._buffer[self._read(self._buffer) :]

    def _opened(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._fail(Closed(head.decode("latin-1")))
            return False
        self._buffer = rest
        self.is_open.set_result(None)
        return True

    def _read(self, buffer: bytes) -> int:
        """Hear every whole frame; how many bytes they took."""
        place = 0
        while len(buffer) >= place + 2:
            start, size = _measured(buffer, place)
            if len(buffer) < start + size:
                break
            self._take(buffer[place], buffer[start : start + size])
            place = start + size
        return place

    def _take(self, kind: int, content: bytes) -> None:
        if kind == TEXT:
            self.heard(content)
        elif kind == PING:
            self._transport.write(_head(PONG, len(content)) + content)
        elif kind == CLOSE:
            self._fail(Closed(f"{int.from_bytes(content[:2])} {content[2:].decode()}"))

    def _fail(self, error: Exception) -> None:
        self.failure = self.failure or error
        if not self.is_open.done():
            self.is_open.set_exception(error)


def _measured(buffer: bytes, place: int) -> tuple[int, int]:
    """Where a frame's content begins and how long it is. Too far away while its head is not whole."""
    size = buffer[place + 1]
    if size < 126:
        return place + 2, size
    wide = 2 if size == 126 else 8
    if len(buffer) < place + 2 + wide:
        return len(buffer), 1
    return place + 2 + wide, int.from_bytes(buffer[place + 2 : place + 2 + wide])


def _head(kind: int, size: int) -> bytes:
    """A client's frame is masked; by zeros, so that the content stays what it is."""
    if size < 126:
        return bytes((kind, 0x80 | size, 0, 0, 0, 0))
    return bytes((kind, 0x80 | 126)) + size.to_bytes(2) + bytes(4)


def _handshake() -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /v1/socket HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
