"""Verdicts: the state machine of a file, from its last byte to `clean`, `held` or `refused`.

received -> checking -> clean | held | refused, and from `held` back to `checking` once the votes are in. A
file in `checking` when the process died is judged again at the next start; whatever a check finds, a file
that is gone stays gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import structlog
from msgspec import structs

from vestibule.context import Context
from vestibule.errors import ConfigurationError, StorageMissing
from vestibule.media.ballots import asked, resume, votes
from vestibule.media.gate import Gate
from vestibule.media.releases import Released, released
from vestibule.media.renditions import PEEKS
from vestibule.media.stream import HEAD, broken, scan, sound
from vestibule.models import Copy, Media, MediaState, Verdict
from vestibule.payloads import EraseMedia, SettleMedia
from vestibule.ports import Check, Finding, LateCheck, Specimen, Storage, StreamCheck, Transaction

T = TypeVar("T")

log = structlog.get_logger(__name__)

OPEN = ("clean", "later")  # outcomes after which the other checks still look


class Raw(msgspec.Struct, frozen=True):
    """What a record keeps for checks only."""

    raw_filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the records say of a file that is judged again."""

    raw: Raw
    role: str  # of its author there, as it is now
    votes: list[Verdict]
    released: Released


def original(media_sid: str) -> str:
    """Where the bytes of an upload lie while nobody may read them."""
    return f"quarantine/{media_sid}/original"


class Judge:
    """Puts files to the checks, each in a task of its own."""

    def __init__(self, gate: Gate) -> None:
        """Raises `ConfigurationError` where a vote could be taken for that of another check."""
        names = [check.name for check in gate.checks]
        for check in gate.checks:
            if isinstance(check, LateCheck) and names.count(check.name) > 1:
                raise ConfigurationError(f"Two checks have the name {check.name!r}, and one may vote later.")
        self.gate = gate
        self._tasks: set[asyncio.Task[Media]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def begin(self, specimen: Specimen, ctx: Context, early: Iterable[Verdict]) -> asyncio.Task[Media]:
        """Judge a received file, whose `early` verdicts came while it arrived. `ctx` is the house's."""
        return self._keep(self._judge(specimen, ctx, list(early)))

    def again(self, media: Media, ctx: Context) -> asyncio.Task[Media]:
        """Judge a file whose checks were cut off, from the start."""
        return self._keep(self._judge_again(media, ctx))

    async def close(self) -> None:
        """Stop. Files that were being judged are judged again at the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, judging: Coroutine[None, None, Media]) -> asyncio.Task[Media]:
        task = asyncio.create_task(judging)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Media]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a file could not be settled, and stays closed", exc_info=error)

    async def _judge(
        self,
        specimen: Specimen,
        ctx: Context,
        early: list[Verdict],
        votes: Sequence[Verdict] = (),
        released: Released | None = None,
    ) -> Media:
        """`votes` are of checks that had answered `later`: they are not asked again."""
        try:
            settlement = await self._looked(specimen, ctx, early, votes, released or Released(self.gate))
            media = await ctx.invoke(settlement)
            is_due = media.state == "held" and await ctx.database.write(lambda tx: resume(tx, media.sid))
        except Exception as error:
            return await self._failed(specimen.media_sid, ctx, error)
        return await self._judge_again(media, ctx) if is_due else media

    async def _looked(
        self,
        specimen: Specimen,
        ctx: Context,
        early: list[Verdict],
        votes: Sequence[Verdict],
        released: Released,
    ) -> SettleMedia:
        verdicts, findings = list(early), list[Finding]()
        voters = {vote.check for vote in votes}
        for check in self.gate.checks:
            if any(verdict.outcome not in OPEN for verdict in released.without((*votes, *verdicts))):
                break
            if check.name in voters or released.skips(check):
                continue
            if check.applies(specimen):
                findings.append(await self._ask(check, specimen, ctx))
                verdicts.append(findings[-1].verdict)
        for verdict in verdicts:
            self.gate.on_verdict(verdict.check, verdict.outcome, verdict.milliseconds)
        settlement = self._settlement(specimen, verdicts, findings, votes, released)
        counted = released.without((*votes, *settlement.verdicts))
        self.gate.on_decision(specimen, counted, settlement.state)
        return settlement

    async def _judge_again(self, media: Media, ctx: Context) -> Media:
        """From the start, with the votes that were cast. After a bad one nobody else is asked."""
        try:
            await _bring_back(media.sid, ctx.storage)
            kept = await ctx.database.read(lambda tx: self._kept(tx, media))
            cast, pardon = kept.votes, kept.released
            specimen = await self._specimen(media, kept, ctx.storage)
            streams = self.gate.streams if all(vote.is_clean for vote in pardon.without(cast)) else ()
            early = [await self._scan(check, specimen, ctx.storage) for check in streams]
        except Exception as error:
            return await self._failed(media.sid, ctx, error)
        return await self._judge(specimen, ctx, early, cast, pardon)

    async def _ask(self, check: Check, specimen: Specimen, ctx: Context) -> Finding:
        """One check's finding; one that answers `error` is asked again."""
        for turn in range(self.gate.tries):
            if turn:
                await asyncio.sleep(self.gate.pause * turn)
            started = time.perf_counter()
            finding = await _answer(check, specimen, ctx)
            if finding.verdict.outcome != "error":
                break
        spent = (time.perf_counter() - started) * 1000
        return structs.replace(finding, verdict=structs.replace(finding.verdict, milliseconds=spent))

    async def _scan(self, check: StreamCheck, specimen: Specimen, storage: Storage) -> Verdict:
        try:
            return await scan(check, specimen, storage.get(original(specimen.media_sid)))
        except StorageMissing:
            raise  # it is the file that is not there any more
        except Exception as error:
            return broken(check.name, error)

    def _settlement(
        self,
        specimen: Specimen,
        verdicts: list[Verdict],
        findings: list[Finding],
        votes: Sequence[Verdict],
        released: Released,
    ) -> SettleMedia:
        """What the findings come to. No verdict at all, or no safe copy, is not `clean`."""
        # A later check's copy takes the place of an earlier one's of that name.
        made = {copy.name: (copy, key) for finding in findings for copy, key in finding.copies}
        copies = tuple(made.values())
        last = self.gate.decisive([*released.verdicts, *released.without([*votes, *verdicts])])
        if last.is_clean and self._lacks_a_copy(specimen, set(made)):
            last = Verdict(outcome="error", check="gate", detail="no safe copy was made")
            verdicts = [*verdicts, last]
        state = self.gate.state_of(last)
        return SettleMedia(
            media_sid=specimen.media_sid,
            state=state,
            reason=self.gate.reason_of(last),
            verdicts=self.gate.stamped(verdicts),
            copies=_shown_in(state, copies),
            keeps_original=self.gate.keep_originals > 0,
            width=_first(finding.width for finding in findings),
            height=_first(finding.height for finding in findings),
            duration=_first(finding.duration for finding in findings),
            pages=_first(finding.pages for finding in findings),
            flags=tuple(dict.fromkeys(flag for finding in findings for flag in finding.flags)),
        )

    async def _failed(self, media_sid: str, ctx: Context, error: Exception) -> Media:
        """Close a file whose checks were not carried through. One that was taken back is closed already."""
        media = await ctx.media(media_sid)
        if media.state == "gone":
            log.info("a file was taken back while it was checked", media_sid=media_sid)
            await ctx.invoke(EraseMedia((media_sid,)))  # what checks made of it since
            return media
        return await ctx.invoke(self.gate.closing(media_sid, broken("gate", error)))

    def _lacks_a_copy(self, specimen: Specimen, made: set[str]) -> bool:
        return "safe" not in made and specimen.content_type.startswith(self.gate.rebuilt)

    def _kept(self, tx: Transaction, media: Media) -> Kept:
        """On one snapshot: no vote may come between."""
        who = {"service_sid": media.service_sid, "identity": media.author}
        role = tx.value("role_of", **who, channel_sid=media.channel_sid or "")
        raw = tx.one(Raw, "media_raw", sid=media.sid) or Raw(media.filename, "")
        return Kept(raw, role or "", votes(tx, media.sid), released(tx, self.gate, media.sid))

    async def _specimen(self, media: Media, kept: Kept, storage: Storage) -> Specimen:
        filename = kept.raw.raw_filename
        head = b"".join([chunk async for chunk in storage.get(original(media.sid), 0, HEAD)])
        return Specimen(
            media_sid=media.sid,
            filename=filename,
            declared_type=media.declared_type,
            content_type=self.gate.content_type_of(filename, head),
            size=media.size,
            sha256=kept.raw.sha256,
            head=head,
            role=kept.role,
        )


async def _bring_back(media_sid: str, storage: Storage) -> None:
    """Put an original back into quarantine that had just left it when the process died.

    Nothing says yet that it is clean, so it is judged again. Raises `StorageMissing` if it is nowhere.
    """
    try:
        await storage.size(original(media_sid))
    except StorageMissing:
        await storage.put(original(media_sid), storage.get(f"available/{media_sid}/safe"))


async def _answer(check: Check, specimen: Specimen, ctx: Context) -> Finding:
    if isinstance(check, LateCheck):
        return await asked(check, specimen, ctx, lambda given: once(check, given, ctx.storage))
    return await once(check, specimen, ctx.storage)


async def once(check: Check, specimen: Specimen, storage: Storage) -> Finding:
    """What a check finds, within its budget; a check that breaks is no consent.

    Raises `StorageMissing` where it broke since the file is not there any more.
    """
    try:
        async with asyncio.timeout(check.seconds):
            finding: object = await check(specimen, storage)
    except TimeoutError:
        detail = f"silent for {check.seconds} s"
        return Finding(verdict=Verdict(outcome="timeout", check=check.name, detail=detail))
    except Exception as error:
        await storage.size(original(specimen.media_sid))
        return Finding(verdict=broken(check.name, error))
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is None or task.cancelling():
            raise  # the house ends it
        return Finding(verdict=broken(check.name, RuntimeError("it cancelled itself")))
    if not isinstance(finding, Finding):
        return Finding(verdict=sound(finding, check.name))
    return structs.replace(finding, verdict=sound(finding.verdict, check.name))


def _shown_in(state: MediaState, copies: tuple[tuple[Copy, str], ...]) -> tuple[tuple[Copy, str], ...]:
    """The copies that count: all of a clean file, of a held one the small picture for its reviewer."""
    if state == "clean":
        return copies
    return tuple((copy, key) for copy, key in copies if state == "held" and copy.name in PEEKS)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
