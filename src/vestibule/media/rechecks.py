"""Rechecks: stored files are put to today's checks, signatures, rules and bans.

What tells of harm takes a file back; that a check cannot tell takes nothing back. Files are looked at one by
one; which ones a run has looked at is in their rows, so a run that was cut off goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import structlog
from msgspec import structs

from vestibule import sids
from vestibule.context import Context
from vestibule.errors import Conflict, NotFound, StorageMissing
from vestibule.media.apart import Apart
from vestibule.media.gate import Gate
from vestibule.media.openings import openings
from vestibule.media.recalls import found
from vestibule.media.records import keep_verdict
from vestibule.media.stream import HEAD, broken, scan
from vestibule.media.verdicts import Raw, once
from vestibule.models import Media, Recheck, Rechecked, RecheckOutcome, RecheckReport, Verdict
from vestibule.payloads import After, BeginRecheck, EndRecheck, ListRecheck, RecallMedia, RecheckMedia
from vestibule.ports import Check, Specimen, Transaction

log = structlog.get_logger(__name__)

TELLING = frozenset({"infected", "refused", "suspicious"})  # outcomes that say something of the file
# Reasons of refusals that say only that we cannot read it, or take it, any more.
UNTELLING = frozenset(
    """damaged too_complex too_large check_failed check_waiting empty type_unknown
    type_not_accepted name_not_accepted declaration_malformed archive_unreadable""".split()
)
MISSING = Verdict(outcome="error", check="recheck", detail="its bytes are not there")
LIMIT = 1000  # files in a page
BEGINNING = datetime.fromtimestamp(0, UTC)

Look = tuple[Specimen, Context, Apart]


class Mark(msgspec.Struct, frozen=True):
    """What a run said of a file."""

    sid: str
    outcome: RecheckOutcome


class Rechecks:
    """Runs over stored files, for the actions."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def begin(self, payload: BeginRecheck, ctx: Context) -> Recheck:
        """A new run, or the one of the same kind that was cut off."""
        since = payload.since or BEGINNING
        wanted = {
            "since": (since if since.tzinfo else since.replace(tzinfo=UTC)).timestamp(),
            "content_type": payload.content_type,
            "sha256": payload.sha256.lower(),
        }

        def change(tx: Transaction) -> Recheck:
            if payload.dry_run:
                run = msgspec.convert({**wanted, "sid": "", "date_created": tx.now}, Recheck, strict=False)
            elif (unfinished := tx.one(Recheck, "recheck_unfinished", **wanted)) is not None:
                run = unfinished
            else:
                tx.run("begin_recheck", sid=sids.make(sids.RECHECK), **wanted)
                run = tx.all(Recheck, "recheck_unfinished", **wanted)[0]
            return structs.replace(run, files=tx.value("count_to_recheck", **_scope(run)))

        return await ctx.change(change)

    async def page(self, payload: ListRecheck, ctx: Context) -> list[After]:
        """A page of what is still to be looked at."""
        place = {"after_date": payload.after.date, "after_sid": payload.after.sid}
        limit = max(1, min(payload.limit, LIMIT))
        scope = _scope(payload.recheck)
        return await ctx.look(lambda tx: tx.all(After, "media_to_recheck", **scope, **place, limit=limit))

    async def recheck(self, payload: RecheckMedia, ctx: Context) -> Rechecked:
        """Look at one file anew, and do what follows."""
        media = await ctx.look(lambda tx: found(tx, ctx, payload.media_sid))
        if media.state != "clean":
            return Rechecked(media=media, outcome="skipped")
        house = replace(ctx, service_sid=media.service_sid)
        verdicts = list(self._gate.stamped(await self._looked(media, house)))
        outcome, last = await self._outcome(media, verdicts, house)
        if not payload.dry_run:
            media, outcome = await self._followed(media, outcome, last, verdicts, house)
        told = [verdict for verdict in verdicts if not verdict.is_clean]
        opened = await house.look(lambda tx: openings(tx, media.sid))
        return Rechecked(media=media, outcome=outcome, verdicts=told, openings=opened)

    async def end(self, payload: EndRecheck, ctx: Context) -> RecheckReport:
        """Close a run, and tell what it came to. May be called again."""

        def change(tx: Transaction) -> RecheckReport:
            run = tx.one(Recheck, "recheck", sid=payload.recheck_sid)
            if run is None:
                raise NotFound(f"There is no recheck {payload.recheck_sid}.")
            tx.run("end_recheck", sid=run.sid)
            marks = tx.all(Mark, "found_by_recheck", **_scope(run))
            found = [_report(tx, mark, run.date_created.timestamp()) for mark in marks]
            return RecheckReport(files=tx.value("count_rechecked", **_scope(run)), found=found)

        return await ctx.change(change)

    # One file

    async def _looked(self, media: Media, house: Context) -> list[Verdict]:
        """What each check says, up to the first that tells of harm."""
        try:
            specimen, ctx, apart = await self._shown(media, house)
        except StorageMissing:
            return [MISSING]
        verdicts: list[Verdict] = []
        try:
            async for verdict in self._asked(specimen, ctx):
                self._gate.on_verdict(verdict.check, verdict.outcome, verdict.milliseconds)
                verdicts.append(verdict)
                if _tells(verdict):
                    break
        except StorageMissing:  # it was taken back meanwhile
            return [MISSING]
        finally:
            await apart.clear()
        return verdicts

    async def _asked(self, specimen: Specimen, ctx: Context) -> AsyncIterator[Verdict]:
        for stream in self._gate.streams:
            try:
                chunks = ctx.storage.get(f"quarantine/{specimen.media_sid}/original")
                yield await scan(stream, specimen, chunks)
            except Exception as error:
                yield broken(stream.name, error)
        for check in self._gate.checks:
            if check.applies(specimen):
                yield await self._answer(check, specimen, ctx)

    async def _answer(self, check: Check, specimen: Specimen, ctx: Context) -> Verdict:
        """One check's verdict; one that answers `error` is asked again. None may vote later."""
        for turn in range(self._gate.tries):
            await asyncio.sleep(self._gate.pause * turn)
            verdict = (await once(check, specimen, ctx.storage)).verdict
            if verdict.outcome != "error":
                break
        return verdict

    async def _shown(self, media: Media, house: Context) -> Look:
        """The file as checks are shown it: as it was received, or else the safe copy that we made."""
        apart = await Apart.open(house.storage, media.sid)
        digest = await apart.digest()

        def query(tx: Transaction) -> tuple[Raw, str]:
            who = {"service_sid": media.service_sid, "identity": media.author}
            role = tx.value("role_of", **who, channel_sid=media.channel_sid or "")
            return tx.all(Raw, "media_raw", sid=media.sid)[0], role or ""

        raw, role = await house.look(query)
        is_original = digest == raw.sha256
        key = f"quarantine/{media.sid}/original"
        specimen = Specimen(
            media_sid=media.sid,
            filename=raw.raw_filename,
            declared_type=media.declared_type if is_original else "",
            content_type=media.content_type if is_original else _safe_type(media),
            size=await apart.size(key),
            sha256=digest,
            head=b"".join([chunk async for chunk in apart.get(key, 0, HEAD)]),
            role=role,
        )
        return specimen, replace(house, parts=replace(house.parts, storage=apart)), apart

    # What follows

    async def _outcome(
        self, media: Media, verdicts: list[Verdict], house: Context
    ) -> tuple[RecheckOutcome, Verdict | None]:
        last = next((verdict for verdict in verdicts if _tells(verdict)), None)
        if last is None:
            is_sure = bool(verdicts) and all(verdict.is_clean for verdict in verdicts)
            return ("clean" if is_sure else "unsure"), None
        if self._gate.state_of(last) == "refused":
            return "recalled", last
        if await house.look(lambda tx: _was_let_pass(tx, media.sid, last)):
            return "clean", None
        return "held", last

    async def _followed(
        self,
        media: Media,
        outcome: RecheckOutcome,
        last: Verdict | None,
        verdicts: list[Verdict],
        house: Context,
    ) -> tuple[Media, RecheckOutcome]:
        if last is None:
            await house.change(lambda tx: _keep(tx, media.sid, verdicts, outcome))
            return media, outcome
        reason, is_held = self._gate.reason_of(last), outcome == "held"
        wanted = RecallMedia(media.sid, reason, verdicts=tuple(verdicts), until_reviewed=is_held)
        try:
            return await house.invoke(wanted), outcome
        except Conflict:  # somebody deleted it, or took it back, meanwhile
            return await house.look(lambda tx: found(tx, house, media.sid)), "skipped"


def _tells(verdict: Verdict) -> bool:
    return verdict.outcome in TELLING and verdict.reason not in UNTELLING


def _was_let_pass(tx: Transaction, media_sid: str, last: Verdict) -> bool:
    """The same check held it before, and somebody let it pass: they need not be asked again."""
    before = tx.all(Verdict, "verdicts", media_sid=media_sid)
    return any(verdict.check == last.check and verdict.outcome == last.outcome for verdict in before)


def _keep(tx: Transaction, media_sid: str, verdicts: list[Verdict], outcome: RecheckOutcome) -> None:
    for verdict in verdicts:
        keep_verdict(tx, media_sid, verdict)
    tx.run("mark_rechecked", sid=media_sid, outcome=outcome)


def _report(tx: Transaction, mark: Mark, started: float) -> Rechecked:
    given = tx.all(Verdict, "verdicts_since", media_sid=mark.sid, since=started)
    return Rechecked(
        media=tx.all(Media, "media_anywhere", sid=mark.sid)[0],
        outcome=mark.outcome,
        verdicts=[verdict for verdict in given if not verdict.is_clean],
        openings=openings(tx, mark.sid),
    )


def _safe_type(media: Media) -> str:
    return next((copy.content_type for copy in media.renditions if copy.name == "safe"), media.content_type)


def _scope(run: Recheck) -> dict[str, str | float]:
    """Which files a run is about, as the queries take it."""
    return {
        "since": run.since.timestamp(),
        "content_type": run.content_type,
        "sha256": run.sha256,
        "started": run.date_created.timestamp(),
    }
