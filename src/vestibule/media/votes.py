"""Votes: what a check found that had answered `later`, and what becomes of a vote that never comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import structlog

from vestibule.context import Context
from vestibule.errors import Conflict, InvalidRequest, NotFound
from vestibule.media import ballots
from vestibule.media.ballots import Ballot
from vestibule.media.decisions import REASONS, STATES
from vestibule.media.gate import Gate
from vestibule.media.verdicts import Judge
from vestibule.models import Media, Verdict
from vestibule.payloads import CastVote
from vestibule.ports import Transaction
from vestibule.refusals import REFUSALS

log = structlog.get_logger(__name__)

WAITING = ("checking", "held")  # states in which a vote still matters


class Votes:
    """Takes votes, for the action `CastVote`, and closes those that are overdue."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def cast(self, payload: CastVote, ctx: Context) -> None:
        """Take a vote. Once no other is awaited, or this one is bad, the file is judged to its end."""
        if payload.outcome == "later" or payload.outcome not in STATES:
            raise InvalidRequest("A vote is one of `clean`, `infected`, `suspicious`, `refused`.")
        ballot, is_due = await ctx.database.write(lambda tx: _cast(tx, payload, self._judge.gate))
        self._judge.gate.on_verdict(ballot.check, payload.outcome, 0.0)
        log.info("a check voted", media_sid=ballot.media_sid, check=ballot.check, outcome=payload.outcome)
        if is_due:
            await self._go_on(ballot.media_sid, replace(ctx.as_system(), service_sid=ballot.service_sid))

    async def close_overdue(self, house: Callable[[str], Context]) -> None:
        """Count silence past its time as `timeout`, and go on with files whose votes nobody counted."""
        database = house("").database
        for ballot in await database.read(lambda tx: tx.all(Ballot, "ballots_overdue")):
            await database.write(partial(_expire, ballot=ballot, gate=self._judge.gate))
        for media in await database.read(lambda tx: tx.all(Media, "media_voted")):
            if await database.write(partial(ballots.resume, media_sid=media.sid)):
                await self._go_on(media.sid, house(media.service_sid))
        await database.write(lambda tx: tx.run("sweep_votes"))

    async def _go_on(self, media_sid: str, house: Context) -> None:
        self._judge.again(await house.media(media_sid), house)


def _cast(tx: Transaction, payload: CastVote, gate: Gate) -> tuple[Ballot, bool]:
    ballot = tx.one(Ballot, "ballot", hash=ballots.hash_of(payload.ballot))
    if ballot is None or ballot.date_expires.timestamp() <= tx.now:
        raise NotFound("There is no such vote to be cast, or its time is over.")
    (verdict,) = gate.stamped([_verdict(payload, ballot.check)])
    if ballot.media_state not in WAITING or not ballots.cast(tx, ballot, verdict):
        raise Conflict("This vote was cast already, or the file waits for none any more.")
    return ballot, ballots.resume(tx, ballot.media_sid)


def _verdict(payload: CastVote, check: str) -> Verdict:
    """A reason that is not in the catalogue is read as that of the outcome."""
    if payload.outcome == "clean":
        return Verdict(outcome="clean", check=check, detail=payload.detail, version=payload.version)
    return Verdict(
        outcome=payload.outcome,
        check=check,
        reason=payload.reason if payload.reason in REFUSALS else REASONS[payload.outcome],
        detail=payload.detail,
        version=payload.version,
    )


def _expire(tx: Transaction, ballot: Ballot, gate: Gate) -> None:
    detail = "said `later`, and did not vote in time"
    silence = Verdict(outcome="timeout", check=ballot.check, reason="check_failed", detail=detail)
    ballots.cast(tx, ballot, *gate.stamped([silence]))
