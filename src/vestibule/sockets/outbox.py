"""What waits to be sent to one socket: bounded, never waited for by whoever fills it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from vestibule.sockets.limits import Limits

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# The share of the queue below which a replay goes on: it leaves room for what happens meanwhile.
ROOM = 0.25


class Outbox:
    """A queue of text frames and what writes them.

    `overflow` is called once when the reader is too slow: the socket is to be dropped.
    """

    def __init__(self, send: Send, limits: Limits, overflow: Callable[[], None]) -> None:
        self._send = send
        self._limits = limits
        self._overflow = overflow
        self._frames: deque[str] = deque()
        self._size = 0  # characters: bytes, but for the few that take more
        self._filled: asyncio.Future[None] | None = None
        self._drained: list[asyncio.Future[None]] = []
        self._is_idle = True
        self.is_closed = False

    def put(self, frame: str) -> None:
        """Queue a frame. Does nothing once closed."""
        if self.is_closed:
            return
        self._frames.append(frame)
        self._size += len(frame)
        self._is_idle = False
        if len(self._frames) > self._limits.queue_frames or self._size > self._limits.queue_bytes:
            self.close()
            self._overflow()
        elif self._filled is not None:
            _wake(self._filled)

    async def room(self) -> None:
        """Wait until most of the queue is sent. For replays, which the reader paces."""
        while not self.is_closed and not self._has_room():
            await self._drain()

    async def write(self) -> None:
        """Send what is queued, all of it at each wake-up: one task switch for many frames."""
        try:
            while True:
                await self._send_all()
                self._is_idle = True
                self._tell_drained()
                self._filled = asyncio.get_running_loop().create_future()
                await self._filled
        finally:
            self.close()

    async def flush(self) -> None:
        """Wait until all is sent."""
        while not self.is_closed and not self._is_idle:
            await self._drain()

    def close(self) -> None:
        """Let go of what was not sent."""
        self.is_closed = True
        self._frames.clear()
        self._size = 0
        self._tell_drained()

    async def _send_all(self) -> None:
        while self._frames:
            frame = self._frames.popleft()
            self._size -= len(frame)
            await self._send({"type": "websocket.send", "text": frame})

    async def _drain(self) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._drained.append(waiting)
        await waiting

    def _has_room(self) -> bool:
        limits = self._limits
        return len(self._frames) <= limits.queue_frames * ROOM and self._size <= limits.queue_bytes * ROOM

    def _tell_drained(self) -> None:
        for waiting in self._drained:
            _wake(waiting)
        self._drained.clear()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
