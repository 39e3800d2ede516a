"""Ballots: with one a check that answers later votes on one file, once. The house keeps only its hash.

A vote is open, then cast, then counted: the file is judged again with it, by whoever changed the row.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import msgspec

from vestibule.context import Context
from vestibule.media.records import keep_verdict
from vestibule.models import MediaState, Verdict
from vestibule.ports import Finding, LateCheck, Specimen, Transaction


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """A vote that was promised, and how its file stands."""

    hash: str
    media_sid: str
    service_sid: str
    check: str
    state: Literal["open", "cast", "counted"]
    media_state: MediaState
    date_created: datetime
    date_expires: datetime


def hash_of(word: str) -> str:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()


async def asked(
    check: LateCheck, specimen: Specimen, ctx: Context, ask: Callable[[Specimen], Awaitable[Finding]]
) -> Finding:
    """What a check answers that was given a ballot. The ballot is void unless it answers `later`."""
    word = secrets.token_urlsafe(32)  # 256 bits: nobody guesses it
    await ctx.database.write(lambda tx: _open(tx, check, specimen.media_sid, word))
    finding = await ask(msgspec.structs.replace(specimen, ballot=word))
    if finding.verdict.outcome == "later":
        return finding
    if await ctx.database.write(lambda tx: tx.run("withdraw_vote", hash=hash_of(word))):
        return finding
    return Finding(verdict=Verdict(outcome="error", check=check.name, detail="answered, and voted as well"))


def _open(tx: Transaction, check: LateCheck, media_sid: str, word: str) -> None:
    tx.run("forget_votes", media_sid=media_sid, check=check.name)
    tx.run(
        "add_vote",
        hash=hash_of(word),
        media_sid=media_sid,
        check=check.name,
        seconds=check.later_seconds,
    )


def cast(tx: Transaction, ballot: Ballot, verdict: Verdict) -> bool:
    """Put a vote into the box and into the file's timeline. False if there was one already."""
    fields = msgspec.structs.asdict(verdict)
    said = {name: fields[name] for name in ("outcome", "reason", "detail", "version")}
    if not tx.run("cast_vote", hash=ballot.hash, **said):
        return False
    waited = (tx.now - ballot.date_created.timestamp()) * 1000
    keep_verdict(tx, ballot.media_sid, msgspec.structs.replace(verdict, milliseconds=waited))
    return True


def resume(tx: Transaction, media_sid: str) -> bool:
    """Whether a held file is to be judged again, by whoever is told so here."""
    if not tx.run("resume_media", sid=media_sid):
        return False
    tx.run("count_votes", sid=media_sid)
    return True


def votes(tx: Transaction, media_sid: str) -> list[Verdict]:
    """What was voted on a file, one verdict a check."""
    return tx.all(Verdict, "votes_cast", media_sid=media_sid)
