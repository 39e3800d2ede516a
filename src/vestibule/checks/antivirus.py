"""Antivirus: what a clamd says of a file, mostly asked while the file is still arriving.

Whatever is not a plain `OK` to the whole file is not clean: no socket, no answer, half an answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from vestibule.checks.scanners import Answer, Attempt, Daemon, Scanners, Source
from vestibule.models import Verdict
from vestibule.ports import Feeding, Finding, Specimen, Storage

BACKLOG = 1024 * 1024  # bytes that wait for the scanner before the upload has to


class AntivirusCheck:
    """See the ports `StreamCheck` and `Check`: for arriving files, and for those in storage."""

    name = "antivirus"

    def __init__(
        self, scanners: str | Sequence[str] | Scanners, seconds: float = 30.0, storage: Storage | None = None
    ) -> None:
        """`scanners` may be addresses. `seconds` is how long a file may wait in all.

        From `storage` a file that has arrived is given to another daemon where one was lost with it.
        """
        self.scanners = scanners if isinstance(scanners, Scanners) else Scanners(scanners, seconds)
        self.storage = storage

    @property
    def seconds(self) -> float:
        """The budget, which `contents` has for its pieces as well."""
        return self.scanners.seconds

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self.scanners.seconds = seconds

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def open(self, specimen: Specimen) -> Feeding:
        return Fed(self, _stored(specimen, self.storage) if self.storage else None)

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        began = time.monotonic()
        answer = await self.scanners.scan(_stored(specimen, storage))
        return Finding(verdict=verdict_of(answer, self.name, time.monotonic() - began))

    async def ping(self) -> str:
        """The version of the first scanner that answers now. Raises what the last raised if none does."""
        asked = (daemon.ping() for daemon in self.scanners.daemons)
        said = await asyncio.gather(*asked, return_exceptions=True)
        for version in said:
            if isinstance(version, str):
                return version
        assert isinstance(said[-1], BaseException)
        raise said[-1]


class Fed:
    """One file on its way to the scanners. See the port `Feeding`.

    A task of its own does the sending, so an upload waits only when `BACKLOG` bytes lie between them. All
    waiting, then and at the end, comes out of one budget; a scanner that used it up is not asked any more.
    """

    def __init__(self, check: AntivirusCheck, again: Source | None) -> None:
        """`again` gives the whole file once it has arrived."""
        self._check, self._again = check, again
        self._waited = 0.0  # seconds
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._queued = 0  # bytes
        self._room = asyncio.Event()
        self._asked: set[Daemon] = set()
        self._attempt = Attempt(check.scanners, self._asked, self._chunks())
        self._attempt.task.add_done_callback(lambda _: self._room.set())

    @property
    def is_over(self) -> bool:
        """Whether more bytes change nothing."""
        return self._attempt.task.done() or self._is_stuck

    @property
    def _is_stuck(self) -> bool:
        return self._waited >= self._patience

    @property
    def _patience(self) -> float:
        """Seconds that the upload waits for one daemon; half of them where another can be asked."""
        can_ask_another = self._again is not None and len(self._check.scanners.daemons) > 1
        return self._check.seconds / 2 if can_ask_another else self._check.seconds

    async def feed(self, chunk: bytes) -> None:
        if self.is_over or not chunk:
            return
        self._queue.put_nowait(chunk)
        self._queued += len(chunk)
        if self._queued > BACKLOG:
            self._room.clear()
            await self._wait_for(asyncio.ensure_future(self._room.wait()))

    async def finish(self) -> Verdict:
        began, waited = time.monotonic(), self._waited
        try:
            answer = await self._answer()
        finally:
            await self.abort()
        spent = waited + time.monotonic() - began
        return verdict_of(answer, self._check.name, spent)

    async def abort(self) -> None:
        await self._attempt.close()

    async def _answer(self) -> Answer:
        left = max(0.0, self._check.seconds - self._waited)
        scanners, first = self._check.scanners, self._attempt
        if first.task.done() or not self._is_stuck:
            self._queue.put_nowait(b"")
            return await scanners.settle(first, self._asked, self._again, left)
        first.give_up("took no bytes")
        if left:
            return await scanners.settle(None, self._asked, self._again, left)
        return Answer("timeout", "check_failed", f"no answer within {self._check.seconds:g} s")

    async def _wait_for(self, future: asyncio.Future[Any]) -> None:
        """Wait as long as there is patience."""
        began = time.monotonic()
        try:
            await asyncio.wait({future}, timeout=self._patience - self._waited)
        finally:
            self._waited += time.monotonic() - began
            future.cancel()

    async def _chunks(self) -> AsyncIterator[bytes]:
        """What was fed, up to the end."""
        while chunk := await self._queue.get():
            self._queued -= len(chunk)
            if self._queued <= BACKLOG:
                self._room.set()
            yield chunk


def verdict_of(answer: Answer, check: str, seconds: float) -> Verdict:
    """An answer as a check's verdict."""
    return Verdict(
        outcome=answer.outcome,
        check=check,
        reason=answer.reason,
        detail=answer.detail,
        version=answer.version,
        milliseconds=seconds * 1000,
    )


def _stored(specimen: Specimen, storage: Storage) -> Source:
    return lambda: storage.get(f"quarantine/{specimen.media_sid}/original")
