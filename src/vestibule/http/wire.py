"""The wire under requests: uvicorn's, which waits for a request's headers no longer than a while.

Who sends half a request and then nothing would hold a connection for ever (slowloris).
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS = 20.0  # seconds from a request's first byte, or the connection's start, to the end of its headers


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a clock beside it."""

    seconds = HEADERS
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        if self._clock is None and (self.cycle is None or self.cycle.response_complete):
            self._wind()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wind(self) -> None:
        self._clock = self.loop.call_later(self.seconds, self.transport.abort)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
