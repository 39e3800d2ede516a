"""Somebody else's server that webhooks lead to: it keeps what it is told, and answers as it is asked to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.checks.conversing import conversing

AUTH_TOKEN = "0123456789abcdef0123456789abcdef"


@dataclass
class Told:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """What was told, in the query or in the body."""
        text = urlsplit(self.target).query if self.method == "GET" else self.body.decode()
        return dict(parse_qsl(text, keep_blank_values=True))

    @property
    def url(self) -> str:
        return f"http://{self.headers['host']}{self.target}"


Reaction = Callable[[Told], Awaitable[bytes] | bytes]


@dataclass
class Receiver:
    """Where it listens, what it was told so far, and how it answers from now on."""

    url: str = ""
    told: list[Told] = field(default_factory=list)
    react: Reaction = lambda told: answer()
    connections: int = 0

    async def until(self, count: int) -> list[Told]:
        """Wait until it was told so often."""
        async with asyncio.timeout(10):
            while len(self.told) < count:
                await asyncio.sleep(0.005)
        return self.told

    @property
    def events(self) -> list[str]:
        return [told.form["EventType"] for told in self.told]

    @property
    def bodies(self) -> list[str]:
        return [told.form.get("Body", "") for told in self.told]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Serve on a free port, with connections that are kept."""
    receiver = Receiver()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.connections += 1
        while True:
            told = await _request(reader)
            receiver.told.append(told)
            reply = receiver.react(told)
            writer.write(reply if isinstance(reply, bytes) else await reply)

    async with conversing(converse) as place:
        receiver.url = f"http://{place}/hook"
        yield receiver


async def _request(reader: asyncio.StreamReader) -> Told:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ")
    return Told(method, target, headers, body)


def answer(status: int = 200, content: bytes = b"", kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(content)}", f"content-type: {kind}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "", "")).encode() + content


def changing(**changes: Any) -> Reaction:
    """Answers that something is to be changed."""
    return lambda told: answer(200, json.dumps(changes).encode())


def saying(status: int, content: bytes = b"", **more: str) -> Reaction:
    return lambda told: answer(status, content, **more)


def waiting(gate: asyncio.Event) -> Reaction:
    """Answers once the gate is open."""

    async def wait(told: Told) -> bytes:
        await gate.wait()
        return answer()

    return wait


async def hang(told: Told) -> bytes:
    await asyncio.Event().wait()
    raise AssertionError
