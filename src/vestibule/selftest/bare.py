"""Bare HTTP: an upload written by hand, to see when the answer comes rather than only which."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from vestibule.selftest.cases import NotTested
from vestibule.selftest.door import AGENT
from vestibule.selftest.samples import FILLER, Sample
from vestibule.selftest.visitor import Visitor

PIECE = 64 * 1024  # bytes
PAUSE = 5.0  # seconds in which an answer that could be given must come
LAST = 240.0  # seconds for an answer to everything
TRIES = 40  # while a rate limit says to wait


@dataclass(frozen=True, slots=True)
class Poured:
    """What an upload was answered, and after how many bytes."""

    status: int
    sent: int  # bytes of the body


async def poured(visitor: Visitor, sample: Sample, size: int, *, is_declared: bool, enough: int) -> Poured:
    """Send `size` bytes that begin like the sample. After `enough` of them the answer is waited for."""
    for _ in range(TRIES):
        answer = await _once(
            visitor, _head(visitor, sample, size if is_declared else None), sample, size, enough
        )
        if answer.status != 429:
            return answer
        await asyncio.sleep(2)
    raise NotTested("the rate limit does not let go")


async def _once(visitor: Visitor, head: bytes, sample: Sample, size: int, enough: int) -> Poured:
    reader, writer = await visitor.door.connect()
    answer = asyncio.create_task(_status(reader))
    try:
        writer.write(head)
        is_chunked = b"chunked" in head
        sent = await _pour(writer, answer, sample, size, enough, is_chunked=is_chunked)
        return Poured(await asyncio.wait_for(answer, LAST), sent)
    finally:
        answer.cancel()
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), 5)


async def _pour(
    writer: asyncio.StreamWriter,
    answer: asyncio.Task[int],
    sample: Sample,
    size: int,
    enough: int,
    *,
    is_chunked: bool,
) -> int:
    """Write until the answer comes, or all is written; gives how much was."""
    sent = 0
    with contextlib.suppress(ConnectionError):  # who has said no need not listen to the rest
        for piece in (b"", *_pieces(sample, size)):
            if piece:
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
                await writer.drain()
            is_due = sent < enough <= sent + len(piece) or (enough == 0 and not piece)
            sent += len(piece)
            await asyncio.wait([answer], timeout=PAUSE if is_due else 0)
            if answer.done():
                return sent
        if is_chunked:
            writer.write(b"0\r\n\r\n")
            await writer.drain()
    return sent


def _pieces(sample: Sample, size: int) -> Iterator[bytes]:
    filler = FILLER * (PIECE // len(FILLER))
    yield sample.content
    left = size - len(sample.content)
    while left > 0:
        yield filler[:left]
        left -= PIECE


def _head(visitor: Visitor, sample: Sample, size: int | None) -> bytes:
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    lines = (
        f"POST {visitor.channel}/media?Filename={sample.filename} HTTP/1.1",
        f"Host: {visitor.door.name}",
        f"User-Agent: {AGENT}",
        f"Authorization: Bearer {visitor.token}",
        f"Content-Type: {sample.declared_type}",
        length,
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode()


async def _status(reader: asyncio.StreamReader) -> int:
    """The final answer's status; 0 where the connection ended without one."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            status = head.split(None, 2)[1]
            if not status.startswith(b"1"):
                return int(status)
    return 0
