"""The bytes of one upload on their way: counted, hashed, sniffed and fed to the scanners, once each.

When the last byte has come nothing need be read again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import structlog

from vestibule.media.decisions import STATES
from vestibule.media.digest import Digest
from vestibule.media.gate import Gate
from vestibule.models import Verdict
from vestibule.ports import Feeding, Specimen, StreamCheck

log = structlog.get_logger(__name__)

HEAD = 4096  # bytes that are enough to tell the type


class Stopped(Exception):
    """The bytes so far are reason enough not to take the rest."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class Stream:
    """One upload. Pass `chunks` through it, then ask for `finish`, or `abort`."""

    def __init__(self, gate: Gate, specimen: Specimen, limit: int) -> None:
        self.specimen = specimen
        self._gate = gate
        self._limit = limit
        self._head = b""
        self._digest = Digest()
        self._size = 0
        self._is_judged = False
        self._feedings: list[tuple[StreamCheck, Feeding]] = []
        self.verdicts: list[Verdict] = []

    async def through(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks, looked at. Raises `Stopped` at the first byte that is one too many."""
        async for chunk in chunks:
            self._count(chunk)
            await self._digest.update(chunk)
            if self._is_judged:
                await self._feed(chunk)
            else:
                await self._gather(chunk)
            yield chunk
        if not self._is_judged:
            await self._judge_head()

    async def finish(self) -> None:
        """The last byte came: what was received, and the scanners' verdicts."""
        self.specimen = msgspec.structs.replace(
            self.specimen, size=self._size, sha256=await self._digest.hexdigest()
        )
        for check, feeding in self._feedings:
            self.verdicts.append(await _finish(check, feeding))

    async def abort(self) -> None:
        """Tell the scanners that no more comes."""
        for _, feeding in self._feedings:
            try:
                await feeding.abort()
            except Exception:
                log.exception("a scanner did not let go", media_sid=self.specimen.media_sid)

    def _count(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            detail = f"more than {self._limit} bytes"
            raise Stopped(Verdict(outcome="too_large", check="size", reason="too_large", detail=detail))

    async def _gather(self, chunk: bytes) -> None:
        """Keep the head until there is enough to tell the type; then feed all that came."""
        self._head += chunk
        if len(self._head) >= HEAD:
            await self._judge_head()

    async def _judge_head(self) -> None:
        self._is_judged = True
        came, head = self._head, self._head[:HEAD]
        content_type = self._gate.content_type_of(self.specimen.filename, head)
        seen = msgspec.structs.replace(self.specimen, head=head, content_type=content_type)
        self.specimen = seen
        verdict = self._gate.judge_head(seen.filename, seen.declared_type, head, seen.role)
        if not verdict.is_clean:
            raise Stopped(verdict)
        self.verdicts.append(verdict)
        for check in self._gate.streams:
            self._feedings.append((check, await check.open(seen)))
        await self._feed(came)

    async def _feed(self, chunk: bytes) -> None:
        for check, feeding in self._feedings:
            try:
                await feeding.feed(chunk)
            except Exception as error:
                raise Stopped(broken(check.name, error)) from error


async def scan(check: StreamCheck, specimen: Specimen, chunks: AsyncIterator[bytes]) -> Verdict:
    """Let a stream check look at a file that lies in storage already."""
    feeding = await check.open(specimen)
    try:
        async for chunk in chunks:
            await feeding.feed(chunk)
        return await _finish(check, feeding)
    finally:
        await feeding.abort()


def sound(verdict: object, check: str) -> Verdict:
    """The verdict itself, if it is one. Whatever else a check answers is no consent."""
    if isinstance(verdict, Verdict) and verdict.outcome in STATES:
        return verdict
    return Verdict(outcome="error", check=check, detail=f"answered {str(verdict)[:100]!r}")


def broken(check: str, error: Exception) -> Verdict:
    """What counts when a check raises: never a consent."""
    log.error("a check broke", check=check, exc_info=error)
    return Verdict(outcome="error", check=check, detail=type(error).__name__)


async def _finish(check: StreamCheck, feeding: Feeding) -> Verdict:
    try:
        async with asyncio.timeout(check.seconds):
            return sound(await feeding.finish(), check.name)
    except TimeoutError:
        return Verdict(outcome="timeout", check=check.name, detail=f"silent for {check.seconds} s")
    except Exception as error:
        return broken(check.name, error)
