"""A scanner that speaks HTTP and then does the one thing it was told to."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.checks.conversing import conversing


@dataclass
class Asked:
    """A request as it came."""

    line: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


@dataclass
class Scanner:
    """Where it listens, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)


Deed = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Asked], Awaitable[None]]


@asynccontextmanager
async def scanning(*deeds: Deed, tls: ssl.SSLContext | None = None) -> AsyncIterator[Scanner]:
    """Serve on a free port: the first deed answers the first request, the last one all that follow."""
    scanner = Scanner("")

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await _head(reader)
        scanner.asked.append(asked)
        await deeds[min(len(scanner.asked), len(deeds)) - 1](reader, writer, asked)

    async with conversing(converse, tls) as place:
        scanner.url = f"{'https' if tls else 'http'}://{place}/scan"
        yield scanner


async def _head(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return Asked(lines[0], {name.lower(): value.strip() for name, _, value in pairs})


def reply(content: bytes, status: str = "200 OK", *more: str, length: int | None = None) -> bytes:
    """A whole HTTP answer."""
    size = len(content) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"content-length: {size}", "content-type: application/json", *more)
    return "\r\n".join((*lines, "", "")).encode() + content


def say(data: bytes, *, after: float = 0.0) -> Deed:
    """Take the whole file, wait, send these bytes, and hang up."""

    async def deed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
        asked.body = await reader.readexactly(int(asked.headers["content-length"]))
        await asyncio.sleep(after)
        writer.write(data)

    return deed


def answer(outcome: str, **more: str) -> Deed:
    """Answer as a good scanner does."""
    return say(reply(json.dumps({"outcome": outcome, **more}).encode()))


def say_at_once(data: bytes) -> Deed:
    """Send these bytes before the file has come, and hang up."""

    async def deed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(data)

    return deed


async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Take all bytes and say nothing."""
    while await reader.read(65536):
        pass
    await asyncio.sleep(3600)


async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Take nothing and say nothing."""
    await asyncio.sleep(3600)


async def never_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Answer without an end."""
    await reader.readexactly(int(asked.headers["content-length"]))
    writer.write(b'HTTP/1.1 200 OK\r\n\r\n{"outcome": "clean", "detail": "')
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()
