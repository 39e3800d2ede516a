"""Settlement: a file's checks are closed with what they found, in one transaction with its event.

Compare and set: of a deletion and a verdict at the same time, the deletion wins.
"""

from __future__ import annotations

import msgspec

from vestibule.context import Context
from vestibule.errors import NotFound
from vestibule.events import Happening, MediaCleared, MediaHeld, MediaRefused, MessageUpdated
from vestibule.media import originals
from vestibule.media.records import keep_verdict
from vestibule.models import Copy, Media, Message, User
from vestibule.payloads import EraseMedia, SettleMedia
from vestibule.ports import Transaction
from vestibule.refusals import refusal


async def settle_media(payload: SettleMedia, ctx: Context) -> Media:
    """Let a clean file out of quarantine, or close it for good or until somebody has looked."""
    if payload.state == "clean":
        media = await _opened(payload, ctx)
    else:
        copies = tuple(copy for copy, _ in payload.copies if payload.state == "held")
        media = await ctx.change(lambda tx: settled(tx, payload, ctx, copies))
    if media.state not in ("clean", "held"):
        await ctx.invoke(EraseMedia((media.sid,)))
    return media


async def _opened(payload: SettleMedia, ctx: Context) -> Media:
    copies = await _let_out(await ctx.media(payload.media_sid), payload, ctx)

    def change(tx: Transaction) -> tuple[Media, bool]:
        media = settled(tx, payload, ctx, copies)
        return media, originals.is_kept(tx, media.sid)

    media, is_kept = await ctx.change(change)
    if is_kept:
        await originals.clear_beside(media.sid, ctx.storage)
    elif media.state == "clean":
        await ctx.storage.delete(f"quarantine/{media.sid}/")
    return media


async def _let_out(media: Media, payload: SettleMedia, ctx: Context) -> tuple[Copy, ...]:
    """Move the copies out of quarantine. Until the record says `clean` nobody is given them."""
    made = payload.copies
    if not _was_rebuilt(payload):
        made += ((_untouched(media, payload), f"quarantine/{media.sid}/original"),)
    for copy, key in made:
        await ctx.storage.promote(key, f"{media.sid}/{copy.name}")
    return tuple(copy for copy, _ in made)


def _untouched(media: Media, payload: SettleMedia) -> Copy:
    """The bytes as they came, for types that no check rebuilds."""
    return Copy(
        name="safe",
        content_type=media.content_type,
        size=media.size,
        width=payload.width,
        height=payload.height,
    )


def settled(tx: Transaction, payload: SettleMedia, ctx: Context, copies: tuple[Copy, ...]) -> Media:
    """The file after its checks are closed, in the transaction that tells it."""
    media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
    if media is None:
        raise NotFound(f"There is no file {payload.media_sid}.")
    moved = tx.run(
        "media_judged",
        sid=media.sid,
        state=payload.state,
        reason=payload.reason,
        width=payload.width,
        height=payload.height,
        duration=payload.duration,
        pages=payload.pages,
        renditions=msgspec.json.encode(copies).decode(),
        content_type=media.content_type,
        flags=msgspec.json.encode(payload.flags).decode(),
    )
    for verdict in payload.verdicts:
        keep_verdict(tx, media.sid, verdict)
    if payload.keeps_original and _was_rebuilt(payload):
        tx.run("keep_original", sid=media.sid)
    now = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=media.sid) or media
    if moved and (now.state, now.reason) != ("held", media.reason):  # no news: it waits on
        announce(tx, now)
    return now


def _was_rebuilt(payload: SettleMedia) -> bool:
    return any(copy.name == "safe" for copy, _ in payload.copies)


def announce(tx: Transaction, media: Media) -> None:
    """A refusal is told to both sides, what is clean to its uploader: they send it."""
    kind: type[Happening] = MediaCleared
    content: dict[str, object] = {"media": media}
    if media.state != "clean":
        kind = MediaHeld if media.state == "held" else MediaRefused
        content["refusal"] = refusal(media.reason)
    elif media.message_sid:
        _show_again(tx, media)
    if stream := _stream(tx, media, is_clean=media.state == "clean"):
        tx.append(kind, stream, media.sid, **content)


def _show_again(tx: Transaction, media: Media) -> None:
    """A file that was held after it was sent: whoever has its message open is told that it is back."""
    where = {"service_sid": media.service_sid, "channel_sid": media.channel_sid}
    message = tx.one(Message, "message_by_sid", **where, sid=media.message_sid)
    if message and media.channel_sid:
        shown = msgspec.structs.replace(message, media=media)
        tx.append(MessageUpdated, media.channel_sid, message.sid, message=shown)


def _stream(tx: Transaction, media: Media, *, is_clean: bool) -> str | None:
    """The channel's stream, or the uploader's own; None for a loose file of the house's."""
    if media.channel_sid and not is_clean:
        return media.channel_sid
    who = {"service_sid": media.service_sid, "identity": media.author}
    user = tx.one(User, "user_by_identity", **who)
    return user.sid if user else None
