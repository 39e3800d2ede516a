"""Recalls: a file that is out is taken back, in one transaction with its event.

Compare and set: of a deletion and a recall at the same time each does what the other left to do.
"""

from __future__ import annotations

import structlog

from vestibule.context import Context
from vestibule.errors import Conflict, InvalidRequest, NotFound, PermissionDenied
from vestibule.events import Happening, MediaHeld, MediaRecalled
from vestibule.media.records import keep_verdict
from vestibule.media.settlement import announce
from vestibule.models import Media, User, Verdict
from vestibule.payloads import EraseMedia, RecallMedia, RestoreMedia
from vestibule.ports import Transaction
from vestibule.refusals import REFUSALS, refusal

log = structlog.get_logger(__name__)

NOTE_LIMIT = 500  # characters


async def recall_media(payload: RecallMedia, ctx: Context) -> Media:
    """Take a file back, and erase it."""
    if payload.reason not in REFUSALS or len(payload.note) > NOTE_LIMIT:
        raise InvalidRequest(
            f"A recall needs a reason of the catalogue, and a note of at most {NOTE_LIMIT} characters."
        )
    media = await ctx.change(lambda tx: _recalled(tx, payload, ctx))
    log.info("a file was recalled", media_sid=media.sid, state=media.state, reason=media.reason)
    if media.state == "recalled":
        await ctx.as_system().invoke(EraseMedia((media.sid,)))
    return media


async def restore_media(payload: RestoreMedia, ctx: Context) -> Media:
    """Open a file again that was held after it was out."""
    if len(payload.note) > NOTE_LIMIT:
        raise InvalidRequest(f"A note has at most {NOTE_LIMIT} characters.")

    def change(tx: Transaction) -> Media:
        media = found(tx, ctx, payload.media_sid)
        if media.author == ctx.identity:
            raise PermissionDenied("Somebody else has to look at a file of yours.")
        if not tx.run("restore_media", sid=media.sid):
            raise Conflict(f"This file is {media.state}. Only one that was out, and then held, is restored.")
        said = Verdict(outcome="clean", check="recall", detail=payload.note, version=ctx.identity)
        keep_verdict(tx, media.sid, said)
        restored = found(tx, ctx, media.sid)
        announce(tx, restored)
        return restored

    return await ctx.change(change)


def was_out(tx: Transaction, media_sid: str) -> bool:
    """Whether a file is held that people could open before: its copies are there, as they were."""
    return bool(tx.value("was_out", sid=media_sid))


def found(tx: Transaction, ctx: Context, media_sid: str) -> Media:
    """A file of the service; for the house, of any. Raises `NotFound`."""
    if ctx.is_system:
        media = tx.one(Media, "media_anywhere", sid=media_sid)
    else:
        media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=media_sid)
    if media is None:
        raise NotFound(f"There is no file {media_sid}.")
    return media


def _recalled(tx: Transaction, payload: RecallMedia, ctx: Context) -> Media:
    media = found(tx, ctx, payload.media_sid)
    state = "held" if payload.until_reviewed else "recalled"
    if not tx.run("recall_media", sid=media.sid, state=state, reason=payload.reason):
        if media.state == state:  # it was taken back already; erasing may be left to do
            return media
        raise Conflict(f"This file is {media.state}. Only one that people can open is recalled.")
    for verdict in payload.verdicts or (_by_hand(payload, ctx),):
        keep_verdict(tx, media.sid, verdict)
    if payload.verdicts or payload.until_reviewed:
        tx.run("mark_rechecked", sid=media.sid, outcome=state)
    recalled = found(tx, ctx, media.sid)
    _announce(tx, recalled)
    return recalled


def _by_hand(payload: RecallMedia, ctx: Context) -> Verdict:
    """Who wanted it back, in the same timeline as what checks said."""
    return Verdict(
        outcome="suspicious" if payload.until_reviewed else "refused",
        check="recall",
        reason=payload.reason,
        detail=payload.note,
        version=ctx.identity,
    )


def _announce(tx: Transaction, media: Media) -> None:
    kind: type[Happening] = MediaRecalled if media.state == "recalled" else MediaHeld
    if stream := _stream(tx, media):
        tx.append(kind, stream, media.sid, media=media, refusal=refusal(media.reason))


def _stream(tx: Transaction, media: Media) -> str | None:
    """The channel's stream; of a loose file, its uploader's."""
    if media.channel_sid:
        return media.channel_sid
    who = {"service_sid": media.service_sid, "identity": media.author}
    user = tx.one(User, "user_by_identity", **who)
    return user.sid if user else None
