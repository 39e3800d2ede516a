"""Reviews: a person decides about a held file.

A release is no key to the file: all checks are asked again, and only what held it is overruled.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from vestibule.context import Context
from vestibule.errors import Conflict, InvalidRequest, PermissionDenied
from vestibule.media import records
from vestibule.media.recalls import was_out
from vestibule.media.releases import REVIEW, release
from vestibule.media.settlement import settled
from vestibule.media.verdicts import Judge
from vestibule.models import Media, Verdict
from vestibule.objections import objection
from vestibule.payloads import EraseMedia, RestoreMedia, ReviewMedia, SettleMedia
from vestibule.ports import Transaction

log = structlog.get_logger(__name__)

REASON_LIMIT = 500  # characters


class Reviews:
    """Takes decisions, for the action `ReviewMedia`."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def review(self, payload: ReviewMedia, ctx: Context) -> Media:
        """Release or refuse a held file."""
        _valid(payload)
        decide = self._release if payload.decision == "release" else self._refuse
        media = await decide(payload, ctx)
        log.info("a file was reviewed", media_sid=media.sid, decision=payload.decision, identity=ctx.identity)
        return media

    async def _release(self, payload: ReviewMedia, ctx: Context) -> Media:
        """The file as its checks leave it, or after a while as it is: still `checking`."""
        if await ctx.look(lambda tx: was_out(tx, _held(tx, ctx, payload).sid)):
            return await ctx.invoke(RestoreMedia(payload.media_sid, payload.reason.strip()))

        def change(tx: Transaction) -> Media:
            media = _held(tx, ctx, payload)
            release(tx, self._judge.gate, media.sid)
            (verdict,) = self._judge.gate.stamped([_verdict(payload, ctx)])
            records.keep_verdict(tx, media.sid, verdict)
            tx.run("reopen_media", sid=media.sid)
            return media

        media, house = await ctx.change(change), ctx.as_system()
        task = self._judge.again(media, house)
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(task), self._judge.gate.patience)
        return await house.media(media.sid)

    async def _refuse(self, payload: ReviewMedia, ctx: Context) -> Media:
        verdicts = self._judge.gate.stamped([_verdict(payload, ctx)])
        settlement = SettleMedia(payload.media_sid, "refused", "not_released", verdicts)

        def change(tx: Transaction) -> Media:
            _held(tx, ctx, payload)
            return settled(tx, settlement, ctx, ())

        media = await ctx.change(change)
        await ctx.as_system().invoke(EraseMedia((media.sid,)))
        return media


def _valid(payload: ReviewMedia) -> None:
    if payload.decision not in ("release", "refuse"):
        raise InvalidRequest("A decision is `release` or `refuse`.")
    if not payload.reason.strip() or len(payload.reason) > REASON_LIMIT:
        raise InvalidRequest(f"A review needs a reason, of at most {REASON_LIMIT} characters.")


def _held(tx: Transaction, ctx: Context, payload: ReviewMedia) -> Media:
    """The file, in the transaction that decides. Raises what is the case if it is not to be decided on."""
    media = records.found(tx, ctx, payload.channel_sid, payload.media_sid)
    if media.author == ctx.identity:
        raise PermissionDenied("Nobody reviews a file of their own. Please ask a colleague.")
    if media.state == "gone":
        raise objection(media) or Conflict()
    if media.state != "held":
        raise Conflict("This file waits for nobody's decision any more.")
    return media


def _verdict(payload: ReviewMedia, ctx: Context) -> Verdict:
    """A reviewer is named where a check names its version."""
    is_release = payload.decision == "release"
    return Verdict(
        outcome="clean" if is_release else "refused",
        check=REVIEW,
        reason="" if is_release else "not_released",
        detail=payload.reason.strip(),
        version=ctx.identity,
    )
