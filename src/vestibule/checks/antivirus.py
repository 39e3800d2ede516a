"""Antivirus: what a clamd says of a file, mostly asked while the file is still arriving.

Whatever is not a plain `OK` to the whole file is not clean: no socket, no answer, half an answer.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec

from vestibule.checks import clamd
from vestibule.models import Outcome, Verdict
from vestibule.ports import Feeding, Finding, Specimen, Storage

BACKLOG = 1024 * 1024  # bytes that wait for the scanner before the upload has to
VERSION_SECONDS = 60.0  # how old the version may be: an old one only means that a verdict counts for less


class AntivirusCheck:
    """See the ports `StreamCheck` and `Check`: for arriving files, and for those in storage."""

    name = "antivirus"

    def __init__(self, address: str, seconds: float = 30.0) -> None:
        """`address` is `unix:/path` or `tcp://host:port`. `seconds` is how long a file may wait in all."""
        self.seconds = seconds
        self.address = clamd.Address.parse(address)
        self._version = ""
        self._version_until = 0.0

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def open(self, specimen: Specimen) -> Feeding:
        return Fed(self)

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        feeding = Fed(self)
        try:
            async for chunk in storage.get(f"quarantine/{specimen.media_sid}/original"):
                await feeding.feed(chunk)
                if feeding.is_over:
                    break
            return Finding(verdict=await feeding.finish())
        finally:
            await feeding.abort()

    async def ping(self) -> str:
        """The scanner's version, asked now. Raises `OSError`, `TimeoutError` or `CheckUnavailable`."""
        async with asyncio.timeout(self.seconds):
            self._version = await clamd.version(self.address)
        self._version_until = time.monotonic() + VERSION_SECONDS
        return self._version

    async def version(self) -> str:
        """The scanner's version, at most a minute old."""
        return self._version if time.monotonic() < self._version_until else await self.ping()


class Fed:
    """One file on its way to the scanner. See the port `Feeding`.

    A task of its own does the sending, so an upload waits only when `BACKLOG` bytes lie between them. All
    waiting, then and at the end, comes out of one budget; a scanner that used it up is not asked any more.
    """

    def __init__(self, check: AntivirusCheck) -> None:
        self._check = check
        self._patience = check.seconds
        self._waited = 0.0  # seconds
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._queued = 0  # bytes
        self._room = asyncio.Event()
        self._task = asyncio.create_task(self._scan())
        self._task.add_done_callback(lambda _: self._room.set())

    @property
    def is_over(self) -> bool:
        """Whether more bytes change nothing."""
        return self._task.done() or self._is_late

    @property
    def _is_late(self) -> bool:
        return self._waited >= self._patience

    async def feed(self, chunk: bytes) -> None:
        if self.is_over or not chunk:
            return
        self._queue.put_nowait(chunk)
        self._queued += len(chunk)
        if self._queued > BACKLOG:
            self._room.clear()
            await self._wait_for(asyncio.ensure_future(self._room.wait()))

    async def finish(self) -> Verdict:
        try:
            if not self.is_over:
                self._queue.put_nowait(b"")
                await self._wait_for(self._task)
            return msgspec.structs.replace(self._verdict(), milliseconds=self._waited * 1000)
        finally:
            await self.abort()

    async def abort(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _wait_for(self, future: asyncio.Future[Any]) -> None:
        """Wait as long as there is patience."""
        began = time.monotonic()
        try:
            await asyncio.wait({future}, timeout=self._patience - self._waited)
        finally:
            self._waited += time.monotonic() - began
            if future is not self._task:
                future.cancel()

    def _verdict(self) -> Verdict:
        """What came of it, also when nothing did."""
        if not self._task.done():
            return self._fault("timeout", f"no answer within {self._check.seconds:g} s")
        if self._task.cancelled():
            return self._fault("error", "given up")
        if (error := self._task.exception()) is None:
            return self._task.result()
        is_silence = isinstance(error, TimeoutError)
        return self._fault("timeout" if is_silence else "error", f"{type(error).__name__}: {error}")

    def _fault(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome=outcome, check=self._check.name, reason="check_failed", detail=detail)

    async def _scan(self) -> Verdict:
        """Send what comes, and read the answer. The version is asked first, so it is never too new."""
        version = await self._check.version()
        scan = await clamd.Scan.open(self._check.address)
        try:
            while (chunk := await self._next()) and not scan.has_answered:
                await scan.send(chunk)
            whole = not chunk and not scan.has_answered
            reply = await (scan.end() if whole else scan.answer())
        finally:
            await scan.close()
        outcome, reason, detail = clamd.judge(reply, whole=whole)
        return Verdict(outcome=outcome, check=self._check.name, reason=reason, detail=detail, version=version)

    async def _next(self) -> bytes:
        chunk = await self._queue.get()
        self._queued -= len(chunk)
        if self._queued <= BACKLOG:
            self._room.set()
        return chunk
