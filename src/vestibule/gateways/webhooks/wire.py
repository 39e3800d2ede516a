"""The wire: one connection, and one exchange after the other on it.

Built on h11, which reads and writes HTTP/1.1 and does nothing else.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import h11

KEPT_SECONDS = 30.0  # that a connection may wait for the next exchange
CHUNK = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and how much is read of what comes back."""

    method: str
    target: bytes  # path and query
    headers: tuple[tuple[str, str], ...]
    content: bytes
    longest: int  # bytes of the answer


class Response:
    """What came back. `body` is None where it was longer than wanted."""

    def __init__(self, head: h11.Response) -> None:
        self.status = head.status_code
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        self.body: bytes | None = b""


class Connection:
    """One connection to somebody's server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._talk = h11.Connection(h11.CLIENT)
        self._kept_since = time.monotonic()

    @property
    def is_usable(self) -> bool:
        """Whether the other side has not hung up, and would not by now."""
        return not self._reader.at_eof() and time.monotonic() - self._kept_since < KEPT_SECONDS

    def abort(self) -> None:
        """Hang up. May be called twice."""
        self._writer.transport.abort()

    async def exchange(self, request: Request) -> Response:
        """Send a request, and read the answer. Raises `OSError` and `h11.ProtocolError`."""
        await self._send(request)
        while not isinstance(head := await self._next(), h11.Response):
            pass  # informational: the answer is still to come
        response, body = Response(head), b""
        while isinstance(event := await self._next(), h11.Data):
            body += event.data
            if len(body) > request.longest:
                response.body = None
                return response
        response.body = body
        return response

    def renew(self) -> bool:
        """Be ready for the next exchange; False where this was the last."""
        if self._talk.our_state is not h11.DONE or self._talk.their_state is not h11.DONE:
            return False
        self._talk.start_next_cycle()
        self._kept_since = time.monotonic()
        return True

    async def _send(self, request: Request) -> None:
        head = h11.Request(method=request.method, target=request.target, headers=list(request.headers))
        parts = (head, h11.Data(request.content), h11.EndOfMessage())
        self._writer.write(b"".join(self._talk.send(part) or b"" for part in parts))
        await self._writer.drain()

    async def _next(self) -> h11.Event:
        while not isinstance(event := self._talk.next_event(), h11.Event):
            if event is h11.PAUSED:  # it has switched to what we do not speak
                raise h11.RemoteProtocolError("it goes on with something else than HTTP")
            self._talk.receive_data(await self._reader.read(CHUNK))
        if isinstance(event, h11.ConnectionClosed):
            raise ConnectionResetError("it hung up")
        return event
