"""The door: a house's address, and the ways in that a stranger has: HTTP, a socket, bare bytes."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from vestibule import __version__
from vestibule.errors import ConfigurationError

WAIT = 90.0  # seconds in all that one request waits because of rate limits
AGENT = f"vestibule-selftest/{__version__}"
# A file of 25 MiB over a slow line, and a verdict that takes its time.
TIMEOUT = httpx.Timeout(30.0, read=240.0, write=240.0)


class Door:
    """Where a house is reached. Certificates are proven; `SSL_CERT_FILE` names authorities of one's own."""

    def __init__(self, url: str) -> None:
        """Raises `ConfigurationError` for an address that is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ConfigurationError(
                f"{url!r} is not an address of a house.",
                advice="Give scheme and host, such as https://chat.example.com, without a path.",
            )
        self.origin = f"{parts.scheme}://{parts.netloc}".lower()
        self.host, self.is_secure = parts.hostname, parts.scheme == "https"
        self.port = parts.port or (443 if self.is_secure else 80)
        self.name = parts.netloc  # for the Host header
        self.tls = ssl.create_default_context() if self.is_secure else None
        self._http = httpx.AsyncClient(
            base_url=self.origin,
            verify=self.tls or True,
            trust_env=False,  # what is tested is the way that visitors come
            timeout=TIMEOUT,
            headers={"user-agent": AGENT},
            limits=httpx.Limits(max_connections=40),
        )

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, *, token: str = "", **given: Any) -> httpx.Response:
        """One request, as whoever holds the token. Waits where a rate limit says so."""
        headers = dict(given.pop("headers", {}))
        if token:
            headers["authorization"] = f"Bearer {token}"
        until = time.monotonic() + WAIT
        while True:
            answer = await self.try_(method, path, headers=headers, **given)
            pause = _pause(answer)
            if pause is None or time.monotonic() + pause > until:
                return answer
            await asyncio.sleep(pause)

    async def try_(self, method: str, path: str, **given: Any) -> httpx.Response:
        """One request, whatever the answer. Raises `ConfigurationError` where nobody is there."""
        try:
            return await self._http.request(method, path, **given)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _unreachable(self.origin, error) from error

    @asynccontextmanager
    async def socket(self, origin: str | None = None) -> AsyncIterator[ClientConnection]:
        """A WebSocket, as a page of `origin` opens it."""
        address = f"ws{self.origin.removeprefix('http')}/v1/socket"
        page = Origin(origin) if origin else None
        async with connect(
            address, origin=page, ssl=self.tls, proxy=None, compression=None, user_agent_header=AGENT
        ) as socket:
            yield socket

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection, for what no well-behaved client sends."""
        name = self.host if self.tls else None
        try:
            return await asyncio.open_connection(self.host, self.port, ssl=self.tls, server_hostname=name)
        except OSError as error:
            raise _unreachable(self.origin, error) from error


def _pause(answer: httpx.Response) -> float | None:
    """Seconds that a rate limit asks to wait. A date in the header is a proxy's: a moment will do."""
    if answer.status_code != 429:
        return None
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else 2.0


def _unreachable(origin: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"Nobody answers at {origin}: {error or type(error).__name__}.",
        advice="Is the house running, and is this the address that visitors use? "
        "For a certificate of your own authority set SSL_CERT_FILE.",
    )
