"""Streams: what happened after a seq, with what the rows hold now. The right to read is asked on the
same snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from vestibule.actions import Actions
from vestibule.chat import channels, users
from vestibule.context import ANYBODY, MEMBER, Context
from vestibule.errors import Conflict
from vestibule.events import KINDS, Happening, StreamPage
from vestibule.models import Entrance, Event, Invite, Media, Member, Message, Task, User
from vestibule.payloads import EnterService, ReadChannelStream, ReadServiceStream, ReadUserStream
from vestibule.ports import Transaction
from vestibule.refusals import refusal

actions = Actions()

LIMIT = 1000  # events in a page

Rows = dict[str, Any]  # by sid


@actions.define("EnterService", permission=ANYBODY, asks_inside=True)
async def enter_service(payload: EnterService, ctx: Context) -> Entrance:
    """The user of whoever acts. Only the first time writes anything."""

    def look(tx: Transaction) -> Entrance | None:
        user = users.find(tx, ctx.service_sid, ctx.identity)
        return _entrance(tx, user) if user else None

    if (present := await ctx.look(look)) is not None:
        return present
    return await ctx.change(lambda tx: _entrance(tx, users.ensure(tx, ctx.service_sid, ctx.identity)))


def _entrance(tx: Transaction, user: User) -> Entrance:
    return Entrance(user=user, seq=tx.value("last_seq", stream=user.sid))


@actions.define("ReadChannelStream", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def read_channel_stream(payload: ReadChannelStream, ctx: Context) -> StreamPage:
    """What happened in a channel of this service."""

    def query(tx: Transaction) -> StreamPage:
        # `readAnyChannel` is held in the whole service: that the channel is of it, the row says.
        channels.found(tx, ctx.service_sid, payload.channel_sid)
        return page(tx, ctx.service_sid, payload.channel_sid, payload.seq, payload.limit)

    return await ctx.look(query)


@actions.define("ReadServiceStream", permission="acceptTask", asks_inside=True)
async def read_service_stream(payload: ReadServiceStream, ctx: Context) -> StreamPage:
    """What happened to the service's tasks."""
    return await ctx.look(lambda tx: page(tx, ctx.service_sid, ctx.service_sid, payload.seq, payload.limit))


@actions.define("ReadUserStream", permission=ANYBODY, asks_inside=True)
async def read_user_stream(payload: ReadUserStream, ctx: Context) -> StreamPage:
    """What was told to whoever acts, and to nobody else."""

    def query(tx: Transaction) -> StreamPage:
        user = users.found(tx, ctx.service_sid, ctx.identity)
        return page(tx, ctx.service_sid, user.sid, payload.seq, payload.limit)

    return await ctx.look(query)


def page(tx: Transaction, service_sid: str, stream: str, seq: int, limit: int) -> StreamPage:
    """The events after `seq`. Raises `Conflict` where the stream never came so far."""
    last = tx.value("last_seq", stream=stream)
    if seq > last:
        raise Conflict(
            f"{stream} is at {last}, not yet at {seq}.",
            advice="Please open it again and subscribe from there.",
        )
    limit = max(1, min(limit, LIMIT))
    events = tx.all(Event, "events_after", stream=stream, seq=max(0, seq), limit=limit)
    return StreamPage(events=_told(tx, service_sid, events), seq=last)


def _told(tx: Transaction, service_sid: str, events: Sequence[Event]) -> list[Happening]:
    if not events:
        return []
    span = {"stream": events[0].stream, "first": events[0].seq, "last": events[-1].seq}
    happened = {event.kind for event in events}
    contents: dict[str, Rows] = {}
    for kinds, read in _READERS:
        if happened.intersection(kinds):
            contents |= dict.fromkeys(kinds, read(tx, service_sid, span))
    return [
        KINDS[event.kind](
            stream=event.stream,
            seq=event.seq,
            sid=event.sid,
            **contents.get(event.kind, {}).get(event.sid, {}),
            **(msgspec.json.decode(event.about) if event.about else {}),
        )
        for event in events
    ]


# One query for each noun in a span, however many events there are.


def _messages(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    files = {media.message_sid: media for media in tx.all(Media, "files_of_events", **span)}
    rows = tx.all(Message, "messages_of_events", **span)
    return {
        row.sid: {
            "message": msgspec.structs.replace(row, media=files[row.sid]) if row.sid in files else row,
        }
        for row in rows
    }


def _members(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    return {row.sid: {"member": row} for row in tx.all(Member, "members_of_events", **span)}


def _channel(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    return {span["stream"]: {"channel": channels.found(tx, service_sid, span["stream"])}}


def _tasks(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    rows = tx.all(Task, "tasks_of_events", **span, service_sid=service_sid)
    return {row.sid: {"task": row} for row in rows}


def _user(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    return {span["stream"]: {"user": users.found(tx, service_sid, span["stream"])}}


def _invites(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    rows = tx.all(Invite, "invites_of_events", **span, service_sid=service_sid)
    return {row.sid: {"invite": row} for row in rows}


def _media(tx: Transaction, service_sid: str, span: Rows) -> list[Media]:
    return tx.all(Media, "media_of_events", **span, service_sid=service_sid)


def _cleared(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    return {media.sid: {"media": media} for media in _media(tx, service_sid, span)}


def _not_accepted(tx: Transaction, service_sid: str, span: Rows) -> Rows:
    return {
        media.sid: {"media": media, "refusal": refusal(media.reason) if media.reason else None}
        for media in _media(tx, service_sid, span)
    }


_READERS: tuple[tuple[tuple[str, ...], Callable[[Transaction, str, Rows], Rows]], ...] = (
    (("MessageAdded", "MessageUpdated"), _messages),
    (("MemberAdded", "MemberUpdated"), _members),
    (("ChannelAdded", "ChannelUpdated"), _channel),
    (("MediaCleared",), _cleared),
    (("MediaHeld", "MediaRefused", "MediaRecalled"), _not_accepted),
    (("TaskUpdated",), _tasks),
    (("UserAdded", "UserUpdated"), _user),
    (("InviteAdded",), _invites),
)
