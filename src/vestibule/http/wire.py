"""The wire under requests: uvicorn's, which waits for a request's headers no longer than a while.

Who sends half a request and then nothing would hold a connection for ever (slowloris), and who sends headers
without an end would fill the memory.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vestibule.errors import HeadTooLarge, InvalidRequest, VestibuleError
from vestibule.http.bodies import JSON
from vestibule.http.replies import error_reply

HEAD_BYTES = 128 * 1024  # of headers that have not ended; what has ended the application measures
PARSED = 0xFFFF  # bytes of an address, by llhttp
HEADERS = 20.0  # seconds from a request's first byte, or the connection's start, to the end of its headers


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a clock beside it."""

    seconds = HEADERS
    _clock: asyncio.TimerHandle | None = None
    _head = 0  # bytes
    url = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        if self._clock is None and (self.cycle is None or self.cycle.response_complete):
            self._wind()
        super().data_received(data)
        if self._clock is not None:
            self._measure(len(data))

    def on_headers_complete(self) -> None:
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What the parser does not take; a longer address its numbers cannot count."""
        self._refuse(HeadTooLarge() if len(self.url) > PARSED else InvalidRequest("This is no HTTP request."))

    def _refuse(self, error: VestibuleError) -> None:
        """An error in its one shape, from before there is a request."""
        body, phrase = error_reply(error).body, HTTPStatus(error.status).phrase
        head = f"HTTP/1.1 {error.status} {phrase}\r\ncontent-type: {JSON}\r\ncontent-length: {len(body)}"
        self.transport.write(f"{head}\r\nconnection: close\r\n\r\n".encode() + body)
        self.transport.close()

    def _measure(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_BYTES:
            self._stop()
            self._refuse(HeadTooLarge())

    def _wind(self) -> None:
        self._head = 0
        self._clock = self.loop.call_later(self.seconds, self.transport.abort)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
