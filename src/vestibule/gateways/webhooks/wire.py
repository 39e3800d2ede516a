"""The wire: an HTTP client that only goes where it may, and reads a short answer.

A name is resolved by us, each of its addresses is looked at, and the connection is made to the very address
that was looked at: what the name leads to a moment later changes nothing. TLS and the Host header speak of
the name. No redirect is followed, and no proxy or password is taken from the environment.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]  # a name's numeric addresses, the best first
MayReach = Callable[[str], bool]  # of a numeric address

CONNECTIONS = 256  # at once
KEPT = 64  # connections that wait for the next event
KEPT_SECONDS = 30.0


class ForbiddenAddress(Exception):
    """A name leads to an address that webhooks may not lead to."""


async def resolve(host: str, port: int) -> list[str]:
    """What the system says. Raises `OSError` for a name that leads nowhere."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Guarded(httpcore.AsyncNetworkBackend):
    """Makes connections to addresses that were looked at."""

    def __init__(self, resolve: Resolve, may_reach: MayReach) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._resolve = resolve
        self._may_reach = may_reach

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the base class's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        error: Exception = OSError(f"{host} has no address")
        for address in await self._checked(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error

    async def connect_unix_socket(self, *args: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        raise ForbiddenAddress("a webhook does not lead to a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[str]:
        """Every address of a name. Where one is forbidden none is good: whoever named it meant that one."""
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._may_reach(address):
                raise ForbiddenAddress(f"{host} leads to {address}, which is no public address")
        return addresses


def connections(resolve: Resolve, may_reach: MayReach) -> httpcore.AsyncConnectionPool:
    """A pool of connections that are kept for a while. Nothing is opened before it is asked."""
    return httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(),  # the system's authorities, the operator's own among them
        max_connections=CONNECTIONS,
        max_keepalive_connections=KEPT,
        keepalive_expiry=KEPT_SECONDS,
        network_backend=Guarded(resolve, may_reach),
    )
