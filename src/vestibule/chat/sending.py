"""Sending: a text, or a clean file of one's own, becomes the next message of a channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import messages, sent_keys
from vestibule.chat.attributes import valid_attributes
from vestibule.context import Context
from vestibule.errors import (
    ChatEnded,
    InvalidRequest,
    MediaAlreadySent,
    MediaSidInvalid,
    MediaUnknown,
    MessageEmpty,
    MessageGone,
    NotFound,
    VestibuleError,
)
from vestibule.events import MessageAdded
from vestibule.models import Media, Message
from vestibule.objections import objection
from vestibule.payloads import SendMediaMessage, SendMessage
from vestibule.ports import Transaction

actions = Actions()

KEY_LIMIT = 256  # characters


class Slot(msgspec.Struct, frozen=True):
    """The place that the next message takes."""

    last_index: int
    date_ended: float | None


@actions.define("SendMessage", permission="sendMessage", asks_inside=True)
async def send_message(payload: SendMessage, ctx: Context) -> Message:
    """Put a text into a channel."""
    messages.valid_body(payload.body)
    if messages.is_silent(payload.body, payload.attributes, ctx):
        raise MessageEmpty
    attributes = valid_attributes(payload.attributes)
    _valid_key(payload.key)
    messages.valid_origin(payload, ctx)

    def change(tx: Transaction) -> Message:
        return _sent_before(tx, ctx, payload) or _add(tx, ctx, payload, attributes, sids.make(sids.MESSAGE))

    return await ctx.change(change)


@actions.define("SendMediaMessage", permission="sendMediaMessage", asks_inside=True)
async def send_media_message(payload: SendMediaMessage, ctx: Context) -> Message:
    """Put a clean file of the sender's into the channel as a message."""
    if not sids.is_sid(payload.media_sid, sids.MEDIA):
        raise MediaSidInvalid
    messages.valid_body(payload.body)
    attributes = valid_attributes(payload.attributes)
    _valid_key(payload.key)
    messages.valid_origin(payload, ctx)

    def change(tx: Transaction) -> Message:
        if sent := _sent_before(tx, ctx, payload):
            return sent
        sid = sids.make(sids.MESSAGE)
        return _add(tx, ctx, payload, attributes, sid, _claim(tx, ctx, payload, sid))

    return await ctx.change(change)


def _sent_before(tx: Transaction, ctx: Context, payload: SendMessage | SendMediaMessage) -> Message | None:
    """The message that the sender added under the same key already. Raises `MessageGone`."""
    if payload.key is None:
        return None
    sid = sent_keys.find(tx, payload.channel_sid, _author(payload, ctx), payload.key)
    if sid is None:
        return None
    try:
        return messages.found(tx, ctx.service_sid, payload.channel_sid, sid)
    except NotFound as error:
        raise MessageGone from error


def _add(
    tx: Transaction,
    ctx: Context,
    payload: SendMessage | SendMediaMessage,
    attributes: str,
    sid: str,
    media: Media | None = None,
) -> Message:
    row: dict[str, Any] = {
        "sid": sid,
        "service_sid": ctx.service_sid,
        "channel_sid": payload.channel_sid,
        "index": _next_index(tx, ctx, payload.channel_sid),
        "author": _author(payload, ctx),
        "body": payload.body,
        "attributes": attributes,
    }
    tx.run("add_message", **row, has_media=media is not None, key=payload.key)
    updated = payload.date_updated or payload.date_created
    if messages.import_origin(tx, sid, payload.date_created, updated, payload.last_updated_by):
        message = messages.found(tx, ctx.service_sid, payload.channel_sid, sid)
    else:  # as the row is: it is not read for what is known
        now = datetime.fromtimestamp(tx.now, UTC)
        fresh: dict[str, Any] = {"was_edited": False, "last_updated_by": None}
        message = Message(**row, **fresh, media=media, date_created=now, date_updated=now)
    tx.append(MessageAdded, payload.channel_sid, sid, message=message)
    return message


def _next_index(tx: Transaction, ctx: Context, channel_sid: str) -> int:
    """The index that the next message takes. Raises where nothing may be said any more."""
    slot = tx.one(Slot, "next_index", sid=channel_sid, service_sid=ctx.service_sid)
    if slot is None:
        raise NotFound(f"There is no channel {channel_sid}.")
    if slot.date_ended is not None and not ctx.is_system:
        raise ChatEnded
    return slot.last_index


def _claim(tx: Transaction, ctx: Context, payload: SendMediaMessage, message_sid: str) -> Media:
    """Take a file for a message: one condition in the transaction that sends."""
    claimed = tx.run(
        "claim_media",
        sid=payload.media_sid,
        service_sid=ctx.service_sid,
        channel_sid=payload.channel_sid,
        identity=ctx.identity,
        author=_author(payload, ctx),
        message_sid=message_sid,
    )
    media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
    if media and claimed:
        return media
    raise _why_not(media, {ctx.identity, _author(payload, ctx)}, payload.channel_sid)


def _why_not(media: Media | None, senders: set[str], channel_sid: str) -> VestibuleError:
    """Why a file cannot be sent. A file that is not the sender's does not exist for them."""
    if media is None or media.author not in senders or media.channel_sid not in (None, channel_sid):
        return MediaUnknown()
    if media.message_sid is not None:
        return MediaAlreadySent()
    return objection(media) or MediaUnknown()


def _author(payload: SendMessage | SendMediaMessage, ctx: Context) -> str:
    return payload.author or ctx.identity


def _valid_key(key: str | None) -> None:
    if key is not None and len(key) > KEY_LIMIT:
        raise InvalidRequest(f"A message's key has at most {KEY_LIMIT} characters.")
