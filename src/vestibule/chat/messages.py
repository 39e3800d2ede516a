"""Messages: entries of a channel, numbered from 0. Deleting one deletes its file for good."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat.attributes import valid_attributes
from vestibule.context import MEMBER, Context
from vestibule.errors import (
    ChatEnded,
    MediaAlreadySent,
    MediaBodyFixed,
    MediaChecking,
    MediaGone,
    MediaHeld,
    MediaRefused,
    MediaUnknown,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    VestibuleError,
)
from vestibule.events import MessageAdded, MessageRemoved, MessageUpdated
from vestibule.models import Media, Message
from vestibule.payloads import (
    DeleteMessage,
    EraseMedia,
    FetchMessage,
    ListMessages,
    SendMediaMessage,
    SendMessage,
    UpdateMessage,
)
from vestibule.ports import Transaction
from vestibule.refusals import refusal

actions = Actions()

BODY_LIMIT = 32768  # bytes of UTF-8
LAST = 2**62  # beyond every index


class Slot(msgspec.Struct, frozen=True):
    """The place that the next message takes."""

    last_index: int
    date_ended: float | None


# Reading


def found(tx: Transaction, service_sid: str, channel_sid: str, message_sid: str) -> Message:
    """A message of this channel, with its file. Raises `NotFound`."""
    message = tx.one(
        Message, "message_by_sid", service_sid=service_sid, channel_sid=channel_sid, sid=message_sid
    )
    if message is None:
        raise NotFound(f"There is no message {message_sid} in this channel.")
    media = tx.one(Media, "media_of_message", message_sid=message_sid)
    return msgspec.structs.replace(message, media=media) if media else message


def before(
    tx: Transaction, service_sid: str, channel_sid: str, index: int | None, limit: int
) -> list[Message]:
    """The last messages before an index (None: of all), ascending."""
    scope = {"service_sid": service_sid, "channel_sid": channel_sid}
    rows = tx.all(Message, "messages_before", **scope, before=LAST if index is None else index, limit=limit)
    return _with_media(tx, channel_sid, rows[::-1])


def after(tx: Transaction, service_sid: str, channel_sid: str, index: int, limit: int) -> list[Message]:
    """The first messages after an index, ascending."""
    scope = {"service_sid": service_sid, "channel_sid": channel_sid}
    rows = tx.all(Message, "messages_after", **scope, after=index, limit=limit)
    return _with_media(tx, channel_sid, rows)


def _with_media(tx: Transaction, channel_sid: str, rows: list[Message]) -> list[Message]:
    if not rows:
        return rows
    span = {"first": rows[0].index, "last": rows[-1].index}
    files = {
        media.message_sid: media
        for media in tx.all(Media, "media_of_messages", channel_sid=channel_sid, **span)
    }
    return [msgspec.structs.replace(row, media=files.get(row.sid)) for row in rows]


@actions.define("ListMessages", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def list_messages(payload: ListMessages, ctx: Context) -> list[Message]:
    """A page of a channel's messages."""

    def query(tx: Transaction) -> list[Message]:
        if payload.after is not None:
            return after(tx, ctx.service_sid, payload.channel_sid, payload.after, payload.limit)
        return before(tx, ctx.service_sid, payload.channel_sid, payload.before, payload.limit)

    return await ctx.look(query)


@actions.define("FetchMessage", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def fetch_message(payload: FetchMessage, ctx: Context) -> Message:
    """One message."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid))


# Sending


@actions.define("SendMessage", permission="sendMessage", asks_inside=True)
async def send_message(payload: SendMessage, ctx: Context) -> Message:
    """Put a text into a channel."""
    _valid_body(payload.body)
    if not payload.body.strip() and payload.attributes in ("", "{}"):
        raise MessageEmpty
    attributes = valid_attributes(payload.attributes)

    def change(tx: Transaction) -> Message:
        return _sent_before(tx, ctx, payload) or _add(tx, ctx, payload, attributes, sids.make(sids.MESSAGE))

    return await ctx.change(change)


@actions.define("SendMediaMessage", permission="sendMediaMessage", asks_inside=True)
async def send_media_message(payload: SendMediaMessage, ctx: Context) -> Message:
    """Put a clean file of the sender's into the channel as a message."""
    _valid_body(payload.body)
    attributes = valid_attributes(payload.attributes)

    def change(tx: Transaction) -> Message:
        if sent := _sent_before(tx, ctx, payload):
            return sent
        sid = sids.make(sids.MESSAGE)
        return _add(tx, ctx, payload, attributes, sid, _claim(tx, ctx, payload, sid))

    return await ctx.change(change)


def _sent_before(tx: Transaction, ctx: Context, payload: SendMessage | SendMediaMessage) -> Message | None:
    """The message that the sender added under the same key already."""
    if payload.key is None:
        return None
    key = {"author": ctx.identity, "key": payload.key}
    sid = tx.value("message_sid_by_key", channel_sid=payload.channel_sid, **key)
    return found(tx, ctx.service_sid, payload.channel_sid, sid) if sid else None


def _add(
    tx: Transaction,
    ctx: Context,
    payload: SendMessage | SendMediaMessage,
    attributes: str,
    sid: str,
    media: Media | None = None,
) -> Message:
    slot = tx.one(Slot, "next_index", sid=payload.channel_sid, service_sid=ctx.service_sid)
    if slot is None:
        raise NotFound(f"There is no channel {payload.channel_sid}.")
    if slot.date_ended is not None and not ctx.is_system:
        raise ChatEnded
    tx.run(
        "add_message",
        sid=sid,
        service_sid=ctx.service_sid,
        channel_sid=payload.channel_sid,
        index=slot.last_index,
        author=ctx.identity,
        body=payload.body,
        attributes=attributes,
        has_media=media is not None,
        key=payload.key,
    )
    now = datetime.fromtimestamp(tx.now, UTC)
    message = Message(
        sid=sid,
        service_sid=ctx.service_sid,
        channel_sid=payload.channel_sid,
        index=slot.last_index,
        author=ctx.identity,
        body=payload.body,
        attributes=attributes,
        media=media,
        was_edited=False,
        last_updated_by=None,
        date_created=now,
        date_updated=now,
    )
    tx.append(MessageAdded, payload.channel_sid, sid, message=message)
    return message


def _claim(tx: Transaction, ctx: Context, payload: SendMediaMessage, message_sid: str) -> Media:
    """Take a file for a message: one condition in the transaction that sends."""
    claimed = tx.run(
        "claim_media",
        sid=payload.media_sid,
        service_sid=ctx.service_sid,
        channel_sid=payload.channel_sid,
        author=ctx.identity,
        message_sid=message_sid,
    )
    media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
    if media and claimed:
        return media
    raise _why_not(media, ctx, payload.channel_sid)


def _why_not(media: Media | None, ctx: Context, channel_sid: str) -> VestibuleError:
    """Why a file cannot be sent. A file that is not the sender's does not exist for them."""
    if media is None or media.author != ctx.identity or media.channel_sid not in (None, channel_sid):
        return MediaUnknown()
    if media.message_sid is not None:
        return MediaAlreadySent()
    text = refusal(media.reason)
    match media.state:
        case "refused" | "recalled":
            return MediaRefused(text.to_sender, advice=text.advice, reason=media.reason)
        case "held":
            return MediaHeld(text.to_sender, advice=text.advice)
        case "gone":
            return MediaGone()
        case _:
            return MediaChecking()


def _valid_body(body: str) -> None:
    if len(body) > BODY_LIMIT or len(body.encode("utf-8", "replace")) > BODY_LIMIT:
        raise MessageTooLong(f"A message has at most {BODY_LIMIT} bytes.")


# Changing


@actions.define(
    "UpdateMessage",
    permission=("editOwnMessage", "editAnyMessage", "editOwnMessageAttributes", "editAnyMessageAttributes"),
    asks_inside=True,
)
async def update_message(payload: UpdateMessage, ctx: Context) -> Message:
    """Change a message's text or attributes."""
    _valid_body(payload.body or "")
    if payload.attributes is not None:
        valid_attributes(payload.attributes)

    def change(tx: Transaction) -> Message:
        message = found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid)
        whose = "Own" if message.author == ctx.identity else "Any"
        if payload.body is not None:
            ctx.ask(tx, f"edit{whose}Message", "editAnyMessage")
        if payload.attributes is not None:
            ctx.ask(tx, f"edit{whose}MessageAttributes", "editAnyMessageAttributes")
        if message.media and payload.body is not None:
            raise MediaBodyFixed
        tx.run(
            "set_message",
            sid=message.sid,
            body=message.body if payload.body is None else payload.body,
            attributes=message.attributes if payload.attributes is None else payload.attributes,
            last_updated_by=ctx.identity,
        )
        updated = found(tx, ctx.service_sid, payload.channel_sid, message.sid)
        tx.append(MessageUpdated, payload.channel_sid, message.sid, message=updated)
        return updated

    return await ctx.change(change)


@actions.define("DeleteMessage", permission=("deleteOwnMessage", "deleteAnyMessage"), asks_inside=True)
async def delete_message(payload: DeleteMessage, ctx: Context) -> None:
    """Delete a message. Links to its file die with the transaction, its bytes before this returns."""

    def change(tx: Transaction) -> tuple[str, ...]:
        message = found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid)
        if message.author != ctx.identity:
            ctx.ask(tx, "deleteAnyMessage")
        if message.media:
            tx.run("media_gone", sid=message.media.sid)
        tx.run("delete_message", sid=message.sid)
        tx.run("count_message", sid=payload.channel_sid, step=-1)
        tx.append(MessageRemoved, payload.channel_sid, message.sid)
        return (message.media.sid,) if message.media else ()

    lost = await ctx.change(change)
    await ctx.as_system().invoke(EraseMedia(lost))
