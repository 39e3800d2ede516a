"""Connections: they only go where they may, and are kept for a while.

A name is resolved by us, each of its addresses is looked at, and the connection is made to the very address
that was looked at: what the name leads to a moment later changes nothing. TLS speaks of the name. No proxy or
password is taken from the environment.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

import h11

from vestibule.gateways.webhooks.wire import Connection, Request, Response

Resolve = Callable[[str, int], Awaitable[list[str]]]  # a name's numeric addresses, the best first
MayReach = Callable[[str], bool]  # of a numeric address
Origin = tuple[str, str, int]  # scheme, host and port

AT_ONCE = 256
KEPT = 64  # that wait for the next event


class ForbiddenAddress(Exception):
    """A name leads to an address that webhooks may not lead to."""


async def resolve(host: str, port: int) -> list[str]:
    """What the system says. Raises `OSError` for a name that leads nowhere."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Connections:
    """One for a house."""

    def __init__(self, resolve: Resolve, may_reach: MayReach) -> None:
        self._resolve = resolve
        self._may_reach = may_reach
        self._kept: dict[Origin, list[Connection]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tls: ssl.SSLContext | None = None

    async def exchange(self, origin: Origin, request: Request) -> Response:
        """Send a request to an origin. Raises `OSError`, `h11.ProtocolError` and `ForbiddenAddress`."""
        async with self._places:
            if (kept := self._take(origin)) is not None:
                try:
                    return await self._exchanged(kept, origin, request)
                except (OSError, h11.RemoteProtocolError):
                    pass  # most likely the other side was just hanging up: once more, on a new one
            return await self._exchanged(await self._open(origin), origin, request)

    async def close(self) -> None:
        """Hang up everywhere. May be called twice."""
        for connections in self._kept.values():
            for connection in connections:
                connection.abort()
        self._kept.clear()
        await asyncio.sleep(0)  # the loop lets go of what was aborted

    async def _exchanged(self, connection: Connection, origin: Origin, request: Request) -> Response:
        is_kept = False
        try:
            response = await connection.exchange(request)
            is_kept = connection.renew() and self._keep(origin, connection)
        finally:
            if not is_kept:
                connection.abort()
        return response

    # Keeping

    def _take(self, origin: Origin) -> Connection | None:
        """The one that was used last: the others may go cold."""
        waiting = self._kept.get(origin, [])
        while waiting:
            if (connection := waiting.pop()).is_usable:
                return connection
            connection.abort()
        self._kept.pop(origin, None)
        return None

    def _keep(self, origin: Origin, connection: Connection) -> bool:
        """False where too many are kept already."""
        if self._count() >= KEPT:
            self._drop_cold()
        if self._count() >= KEPT:
            return False
        self._kept.setdefault(origin, []).append(connection)
        return True

    def _count(self) -> int:
        return sum(map(len, self._kept.values()))

    def _drop_cold(self) -> None:
        for origin, connections in tuple(self._kept.items()):
            warm = [connection for connection in connections if connection.is_usable]
            for connection in connections:
                if connection not in warm:
                    connection.abort()
            self._kept[origin] = warm
            if not warm:
                del self._kept[origin]

    # Making

    async def _open(self, origin: Origin) -> Connection:
        """To the first address that answers. TLS and its certificate are the name's."""
        scheme, host, port = origin
        tls, name = (self._context(), host) if scheme == "https" else (None, None)
        error = OSError(f"{host} has no address")
        for address in await self._checked(host, port):
            try:
                return Connection(
                    *await asyncio.open_connection(address, port, ssl=tls, server_hostname=name)
                )
            except OSError as failure:
                error = failure
        raise error

    async def _checked(self, host: str, port: int) -> list[str]:
        """Every address of a name. Where one is forbidden none is good: whoever named it meant that one."""
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._may_reach(address):
                raise ForbiddenAddress(f"{host} leads to {address}, which is no public address")
        return addresses

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:  # the system's authorities, the operator's own among them
            self._tls = ssl.create_default_context()
        return self._tls
