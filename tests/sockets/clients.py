"""A server with nothing but the socket, and clients who speak to it."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.people import House
from vestibule.sockets.endpoint import Endpoint
from vestibule.sockets.hub import Hub
from vestibule.sockets.limits import SERVER, Limits
from vestibule.tokens import Tokens

PATIENCE = 10.0  # seconds


class Server(uvicorn.Server):
    """Leaves the tests' own signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Site:
    """A house that is served."""

    house: House
    hub: Hub
    tokens: Tokens
    server: Server
    port: int

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/socket"

    def token(self, identity: str, **changes: Any) -> str:
        service_sid = changes.pop("service_sid", self.house.service_sid)
        return self.tokens.mint(identity, service_sid, **changes)[0]

    async def dial(self, **options: Any) -> Client:
        """A socket that has not said hello."""
        return Client(await connect(self.url, compression=None, proxy=None, **options))

    async def connect(self, identity: str, *, since: int | None = None, **options: Any) -> Client:
        """Somebody's socket."""
        client = await self.dial(**options)
        client.welcome = await client.ask("hello", token=self.token(identity), since=since)
        assert client.welcome["type"] == "welcome"
        return client


@dataclass
class Client:
    """Sorts what the server says into answers, events and the rest."""

    ws: ClientConnection
    welcome: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    passing: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    code: int | None = None

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._heard = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        return await (await self.begin(kind, **fields))

    async def begin(self, kind: str, **fields: Any) -> asyncio.Future[dict[str, Any]]:
        """Send a frame; the future is its answer."""
        number = next(self._ids)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        given = {name: value for name, value in fields.items() if value is not None}
        await self.ws.send(json.dumps({"type": kind, "id": number, **given}))
        return future

    async def subscribe(self, stream: str, seq: int = 0) -> dict[str, Any]:
        return await self.ask("subscribe", stream=stream, seq=seq)

    async def say(self, channel_sid: str, body: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
        return await self.ask("send", channel_sid=channel_sid, body=body, key=key or body, **fields)

    def bodies(self) -> list[str]:
        added = [event for event in self.events if event["kind"] == "MessageAdded"]
        return [event["message"]["body"] for event in added]

    def seqs(self, stream: str) -> list[int]:
        return [event["seq"] for event in self.events if event["stream"] == stream]

    async def until(self, true: Callable[[], Any]) -> None:
        """Wait for something to be heard."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._heard.clear()
                await self._heard.wait()

    async def closed(self) -> int:
        """The code with which the server closed."""
        await self.until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    async def close(self) -> None:
        await self.ws.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for text in self.ws:
                self._sort(json.loads(text))
                self._heard.set()
        except ConnectionClosed:
            pass
        self.code = self.ws.close_code
        self._heard.set()
        for future in self._asked.values():
            future.cancel()

    def _sort(self, frame: dict[str, Any]) -> None:
        if (future := self._asked.pop(frame.get("id", 0), None)) is not None:
            if not future.done():
                future.set_result(frame)
        elif frame["type"] in ("event", "passing"):
            (self.events if frame["type"] == "event" else self.passing).append(frame["event"])
        else:
            (self.ended if frame["type"] == "ended" else self.errors).append(frame)


async def no_other_key(key_sid: str) -> None:
    return None


@asynccontextmanager
async def serving(house: House, limits: Limits | None = None, **options: Any) -> AsyncIterator[Site]:
    """Serve the house on a free port."""
    server_options = {**SERVER, **options.pop("server", {})}
    find_secret = options.pop("find_secret", no_other_key)
    tokens = Tokens("AC" + "0" * 32, "SK" + "0" * 32, "a secret for tests, of good length", find_secret)
    hub = Hub(house.parts.bus)
    endpoint = Endpoint(
        parts=house.parts,
        tokens=tokens,
        service_sid=house.service_sid,
        hub=hub,
        limits=limits or Limits.unhurried(),
        **options,
    )
    app = Starlette(routes=[WebSocketRoute("/v1/socket", endpoint)])
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, timeout_graceful_shutdown=5, **server_options
    )
    server = Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield Site(house, hub, tokens, server, listening.getsockname()[1])
        await hub.close()
        server.should_exit = True
        await running
