"""Messages: entries of a channel, numbered from 0. Deleting one deletes its file for good."""

from __future__ import annotations

from datetime import datetime

import msgspec
import structlog

from vestibule.actions import Actions
from vestibule.chat import channels, doors, origins, sent_keys
from vestibule.chat.attributes import valid_attributes
from vestibule.context import MEMBER, Context
from vestibule.errors import (
    AuthorTooLong,
    ChatEnded,
    InvalidRequest,
    MediaBodyFixed,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    UpdaterTooLong,
)
from vestibule.events import MessageRemoved, MessageUpdated
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

actions = Actions()

log = structlog.get_logger(__name__)

BODY_LIMIT = 32768  # bytes of UTF-8
PAGE_LIMIT = 1000  # messages
LAST = 2**62  # beyond every index


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
    end = LAST if index is None else _bounded(index, 0, LAST)
    limit = _bounded(limit, 1, PAGE_LIMIT)
    rows = tx.all(Message, "messages_before", **scope, before=end, limit=limit)
    return _with_media(tx, channel_sid, rows[::-1])


def after(tx: Transaction, service_sid: str, channel_sid: str, index: int, limit: int) -> list[Message]:
    """The first messages after an index, ascending."""
    scope = {"service_sid": service_sid, "channel_sid": channel_sid}
    start, limit = _bounded(index, -1, LAST), _bounded(limit, 1, PAGE_LIMIT)
    rows = tx.all(Message, "messages_after", **scope, after=start, limit=limit)
    return _with_media(tx, channel_sid, rows)


def _bounded(number: int, least: int, most: int) -> int:
    return max(least, min(number, most))


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
        doors.found(tx, ctx.service_sid, payload.channel_sid)
        if payload.after is not None:
            return after(tx, ctx.service_sid, payload.channel_sid, payload.after, payload.limit)
        return before(tx, ctx.service_sid, payload.channel_sid, payload.before, payload.limit)

    return await ctx.look(query)


@actions.define("FetchMessage", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def fetch_message(payload: FetchMessage, ctx: Context) -> Message:
    """One message."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid))


# Changing


@actions.define(
    "UpdateMessage",
    permission=("editOwnMessage", "editAnyMessage", "editOwnMessageAttributes", "editAnyMessageAttributes"),
    asks_inside=True,
)
async def update_message(payload: UpdateMessage, ctx: Context) -> Message:
    """Change a message's text or attributes."""
    if payload.body is not None:
        valid_body(payload.body)
    attributes = None if payload.attributes is None else valid_attributes(payload.attributes)
    valid_origin(payload, ctx)

    def change(tx: Transaction) -> Message:
        message = found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid)
        if payload == UpdateMessage(payload.channel_sid, payload.message_sid):
            return message
        _valid_change(tx, ctx, payload, message)
        _write(tx, ctx, payload, message, attributes)
        updated = found(tx, ctx.service_sid, payload.channel_sid, message.sid)
        tx.append(MessageUpdated, payload.channel_sid, message.sid, message=updated)
        return updated

    return await ctx.change(change)


def _write(
    tx: Transaction, ctx: Context, payload: UpdateMessage, message: Message, attributes: str | None
) -> None:
    """The message's row; what is None stays."""
    author = payload.author or message.author
    if author != message.author:
        sent_keys.spend(tx, message)
    tx.run(
        "set_message",
        sid=message.sid,
        author=author,
        body=message.body if payload.body is None else payload.body,
        attributes=message.attributes if attributes is None else attributes,
        last_updated_by=payload.last_updated_by or ctx.identity,
    )
    import_origin(tx, message.sid, payload.date_created, payload.date_updated)


def _valid_change(tx: Transaction, ctx: Context, payload: UpdateMessage, message: Message) -> None:
    """Whether whoever acts may change this of that message. Raises what is the case."""
    whose = "Own" if message.author == ctx.identity else "Any"
    if payload.author not in (None, message.author):
        origins.valid_values(ctx, payload.author)
    if payload.body is not None or payload.attributes is None:
        ctx.ask(tx, f"edit{whose}Message", "editAnyMessage")
    if payload.body is not None:
        if message.media:
            raise MediaBodyFixed
        if is_silent(payload.body, payload.attributes or message.attributes, ctx):
            raise MessageEmpty
    if payload.attributes is not None:
        ctx.ask(tx, f"edit{whose}MessageAttributes", "editAnyMessageAttributes")
    has_ended = channels.found(tx, ctx.service_sid, payload.channel_sid).date_ended is not None
    if has_ended and not ctx.may(tx, "editAnyMessage"):
        raise ChatEnded


@actions.define("DeleteMessage", permission=("deleteOwnMessage", "deleteAnyMessage"), asks_inside=True)
async def delete_message(payload: DeleteMessage, ctx: Context) -> None:
    """Delete a message. Links to its file die with the transaction, its bytes before this returns."""

    def change(tx: Transaction) -> tuple[str, ...]:
        message = found(tx, ctx.service_sid, payload.channel_sid, payload.message_sid)
        if message.author != ctx.identity:
            ctx.ask(tx, "deleteAnyMessage")
        if message.media:
            tx.run("media_gone", sid=message.media.sid)
        sent_keys.spend(tx, message)
        tx.run("delete_message", sid=message.sid)
        tx.run("count_message", sid=payload.channel_sid, step=-1)
        tx.append(
            MessageRemoved, payload.channel_sid, message.sid, index=message.index, author=message.author
        )
        return (message.media.sid,) if message.media else ()

    lost = await ctx.change(change)
    log.info(
        "a message was deleted",
        message_sid=payload.message_sid,
        media_sid="".join(lost),
        identity=ctx.identity,
    )
    if lost:
        await ctx.as_system().invoke(EraseMedia(lost))


# What may be said


def is_silent(body: str, attributes: str, ctx: Context) -> bool:
    """Whether a person says nothing at all. The system may: Programmable Chat's REST API took empty texts."""
    return not ctx.is_system and not body.strip() and attributes in ("", "{}")


def valid_origin(payload: SendMessage | SendMediaMessage | UpdateMessage, ctx: Context) -> None:
    """Nobody but the system writes in another's name, or with dates. Raises `PermissionDenied`."""
    origins.valid_names(ctx, payload.author, payload.last_updated_by)
    origins.valid_values(ctx, payload.date_created, payload.date_updated)
    origins.valid_length(payload.author, AuthorTooLong)
    origins.valid_length(payload.last_updated_by, UpdaterTooLong)


def import_origin(
    tx: Transaction,
    message_sid: str,
    date_created: datetime | None,
    date_updated: datetime | None,
    last_updated_by: str | None = None,
) -> bool:
    """Give a message what it had elsewhere; False for nothing. What is None stays."""
    if (date_created, date_updated, last_updated_by) == (None, None, None):
        return False
    dates = {"date_created": origins.seconds(date_created), "date_updated": origins.seconds(date_updated)}
    tx.run("import_message", sid=message_sid, **dates, last_updated_by=last_updated_by)
    return True


def valid_body(body: str) -> None:
    """Raises for a text that is too long, or no text."""
    try:
        size = len(body.encode())
    except UnicodeEncodeError as error:
        raise InvalidRequest("The text holds half a character.") from error
    if size > BODY_LIMIT:
        raise MessageTooLong(f"A message has at most {BODY_LIMIT} bytes.")
