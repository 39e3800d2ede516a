"""The server: uvicorn around a house's web application."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn

from vestibule.app import House
from vestibule.sockets.limits import SERVER
from vestibule.web import web

# mallopt(3): from how many bytes on memory is given back, and a piece of it mapped by itself.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = (-1, 16 << 20), (-3, 8 << 20)
GRACE = 5  # seconds that requests have to end when the server stops


def bind(host: str, port: int) -> socket.socket:
    """Take the address at once, so that a taken one is told before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def build(house: House) -> uvicorn.Server:
    """A uvicorn server for this house, which ends with the program around it (Ctrl-C)."""
    return Server(house)


def settle() -> None:
    """What is there now stays: let the collector look at it no more, and come by less often.

    Measured with 32 pairs of writers: 8 to 16 % less processor time for each message.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    _keep_memory()


def _keep_memory() -> None:
    """Have glibc keep a little of what an upload's chunks leave free.

    Given back at once and asked for again, it cost a seventh of the processor time of an upload.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        for parameter, size in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
            mallopt(parameter, size)


@asynccontextmanager
async def serving(house: House, listening: socket.socket) -> AsyncIterator[str]:
    """Serve in the background; gives the address. For tests, and programs with a house in them."""
    server = Guest(house)
    with listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        await server.is_up.wait()
        host, port = listening.getsockname()[:2]
        try:
            yield f"http://{host}:{port}"
        finally:
            server.should_exit = True
            await task


class Server(uvicorn.Server):
    """Sends the sockets what is queued, and says that it restarts, before it closes them."""

    def __init__(self, house: House) -> None:
        super().__init__(_config(house))
        self._hub = house.hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._hub.dismiss()
        await super().shutdown(sockets)


class Guest(Server):
    """A server in somebody else's program: signals belong to that, and it tells when it is up."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(house: House) -> uvicorn.Config:
    return uvicorn.Config(
        web(house),
        http="vestibule.http.wire:HttpProtocol",
        **SERVER,
        lifespan="off",  # the house is open already
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the routes know which proxies to believe
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
