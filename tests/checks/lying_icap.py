"""A scanner that speaks ICAP and then does the one thing it was told to."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.checks.conversing import conversing

OPTIONS = (
    b"ICAP/1.0 200 OK\r\nMethods: RESPMOD, REQMOD\r\nService: Lying Scanner 1\r\n"
    b'ISTag: "signatures-7"\r\nAllow: 204\r\nPreview: 1024\r\nEncapsulated: null-body=0\r\n\r\n'
)
NO_CONTENT = b"ICAP/1.0 204 No Content\r\n\r\n"


@dataclass
class Asked:
    """A RESPMOD as it came."""

    head: str = ""
    http: str = ""  # the heads of the encapsulated request and response
    body: bytes = b""


@dataclass
class Scanner:
    """Where it listens, and which files it was shown."""

    url: str
    asked: list[Asked] = field(default_factory=list)


Deed = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Asked], Awaitable[None]]


@asynccontextmanager
async def scanning(
    deed: Deed, options: bytes = OPTIONS, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Scanner]:
    """Serve on a free port."""
    scanner = Scanner("")

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = Asked((await reader.readuntil(b"\r\n\r\n")).decode("ascii"))
        if asked.head.startswith("OPTIONS "):
            writer.write(options)
        else:
            scanner.asked.append(asked)
            await deed(reader, writer, asked)

    async with conversing(converse, tls) as place:
        scanner.url = f"{'icaps' if tls else 'icap'}://{place}/scan"
        yield scanner


async def take(reader: asyncio.StreamReader, asked: Asked) -> None:
    """Read the whole file, as the head says it comes."""
    at = re.search(r"Encapsulated: req-hdr=0, res-hdr=\d+, res-body=(\d+)\r\n", asked.head)
    assert at, asked.head
    asked.http = (await reader.readexactly(int(at[1]))).decode("ascii")
    while size := int(await reader.readuntil(b"\r\n"), 16):
        asked.body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)


def say(data: bytes, *, after: float = 0.0) -> Deed:
    """Take the whole file, wait, send these bytes, and hang up."""

    async def deed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
        await take(reader, asked)
        await asyncio.sleep(after)
        writer.write(data)

    return deed


def say_at_once(data: bytes) -> Deed:
    """Send these bytes before the file has come, and hang up."""

    async def deed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(data)

    return deed


async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Take all bytes and say nothing."""
    await take(reader, asked)
    await asyncio.sleep(3600)


async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Take nothing and say nothing."""
    await asyncio.sleep(3600)


def sent_back(content: bytes, *more: str, status: str = "200 OK", cut: int | None = None) -> bytes:
    """An answer that brings a file, in chunks; `cut` off after so many bytes of it."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\r\n".encode()
    lines = ("ICAP/1.0 200 OK", *more, f"Encapsulated: res-hdr=0, res-body={len(http)}", "", "")
    pieces = [content[at : at + 1000] for at in range(0, len(content), 1000)]
    body = b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return "\r\n".join(lines).encode() + http + body[:cut]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Send the file back as it came."""
    await take(reader, asked)
    writer.write(sent_back(asked.body))
