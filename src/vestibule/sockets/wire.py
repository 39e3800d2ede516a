"""The wire under uvicorn's sockets: frames of one turn of the loop go out together, and what does not
drain after the close is cut off.

A system call for each frame was the largest cost of a busy server (a quarter of all its time).
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

GATHERED = 64 * 1024  # bytes; above, they are written at once, so that the transport can say stop
LINGER = 10.0  # seconds that a closed connection has to take what was written


class GatheringTransport(asyncio.Transport):
    """Passes everything on to another transport, and gathers what is written in one turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._gathered: list[bytes] = []
        self._size = 0
        self._linger: asyncio.TimerHandle | None = None

    def write(self, data: Any) -> None:
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)
        self._size += len(data)
        if self._size > GATHERED:
            self._flush()

    def close(self) -> None:
        """Close once all is written, or after `LINGER`: a peer that reads nothing may not stay."""
        self._flush()
        self._transport.close()
        if self._linger is None:
            self._linger = self._loop.call_later(LINGER, self._transport.abort)

    def lost(self) -> None:
        """The connection is gone, so there is nothing to cut off."""
        if self._linger is not None:
            self._linger.cancel()

    def abort(self) -> None:
        self._gathered.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        return self._size + self._transport.get_write_buffer_size()

    def _flush(self) -> None:
        if self._gathered:
            data = b"".join(self._gathered)
            self._gathered.clear()
            self._size = 0
            self._transport.write(data)


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol over a transport that gathers."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(GatheringTransport(cast(asyncio.Transport, transport)))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        cast(GatheringTransport, self.transport).lost()
