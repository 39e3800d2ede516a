"""A scanner that speaks clamd's protocol and then does the one wrong thing it was told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

Lie = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

VERSION = "ClamAV 1.4.6/27450/Tue Oct 28 09:49:00 2025"


@asynccontextmanager
async def lying(
    lie: Lie, version: bytes = VERSION.encode() + b"\0", *, over_tcp: bool = False
) -> AsyncIterator[str]:
    """Serve on a socket of its own; gives the address."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await (answer(version) if await reader.readuntil(b"\0") == b"zVERSION\0" else lie)(reader, writer)
        writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(converse(reader, writer))
        conversations.add(task)
        task.add_done_callback(lambda task: (writer.transport.abort(), conversations.discard(task)))

    with TemporaryDirectory(prefix="clamd") as folder:  # a socket's path is at most 107 bytes long
        path = Path(folder) / "socket"
        server = await (
            asyncio.start_server(begin, "127.0.0.1", 0)
            if over_tcp
            else asyncio.start_unix_server(begin, path)
        )
        host = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}" if over_tcp else ""
        try:
            yield host or f"unix:{path}"
        finally:
            server.close()
            for task in tuple(conversations):
                task.cancel()
            await asyncio.gather(*conversations, return_exceptions=True)


async def stream(reader: asyncio.StreamReader) -> bytes:
    """All that is sent, up to the chunk of length 0."""
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
    return content


def answer(reply: bytes) -> Lie:
    """Say this at once, whatever comes, and hang up."""

    async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        await writer.drain()

    return lie


def answer_to_the_whole(reply: bytes, after: float = 0.0) -> Lie:
    """Take all bytes, wait, say this, and hang up."""

    async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stream(reader)
        await asyncio.sleep(after)
        writer.write(reply)
        await writer.drain()

    return lie


def answer_after(count: int, reply: bytes) -> Lie:
    """Take `count` bytes, say this, and hang up while more is coming."""

    async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(count)
        writer.write(reply)
        await writer.drain()

    return lie


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take all bytes and say nothing."""
    await stream(reader)
    await asyncio.sleep(3600)


async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take nothing and say nothing."""
    await asyncio.sleep(3600)


def counted(lie: Lie, heard: list[bytes]) -> Lie:
    """The same lie, to whole streams, each of which is put into `heard` first."""

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await stream(reader))
        again = asyncio.StreamReader()
        again.feed_data(bytes(4))
        await lie(again, writer)

    return listening
