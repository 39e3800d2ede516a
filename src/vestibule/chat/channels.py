"""Channels: where messages are sent. Members write in them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import invites, members, origins, pages, services, users
from vestibule.chat.attributes import merged, valid_attributes
from vestibule.context import ANYBODY, HOUSE, MEMBER, OWN, Context
from vestibule.errors import (
    ChannelExists,
    CreatorTooLong,
    FriendlyNameTooLong,
    InvalidRequest,
    NotFound,
    UniqueNameIsSid,
    UniqueNameTooLong,
)
from vestibule.events import ChannelAdded, ChannelRemoved, ChannelUpdated, TaskUpdated
from vestibule.models import Channel, Media, Task
from vestibule.payloads import (
    CreateChannel,
    DeleteChannel,
    EraseMedia,
    FetchChannel,
    FindChannel,
    ListChannels,
    UpdateChannel,
)
from vestibule.ports import Transaction

actions = Actions()

NAME_LIMIT = 256  # characters


def found(tx: Transaction, service_sid: str, channel_sid: str) -> Channel:
    """A channel of this service. Raises `NotFound`."""
    channel = tx.one(Channel, "channel_by_sid", service_sid=service_sid, sid=channel_sid)
    if channel is None:
        raise NotFound(f"There is no channel {channel_sid}.")
    return channel


def add(
    tx: Transaction,
    ctx: Context,
    *,
    friendly_name: str,
    unique_name: str | None,
    attributes: str,
    channel_type: str,
    origin: Origin | None = None,
) -> str:
    """Put a channel into the table; returns its sid. Raises `ChannelExists`."""
    _valid_names(tx, ctx.service_sid, friendly_name, unique_name)
    sid = sids.make(sids.CHANNEL)
    tx.run(
        "add_channel",
        sid=sid,
        service_sid=ctx.service_sid,
        friendly_name=friendly_name,
        unique_name=unique_name,
        attributes=valid_attributes(attributes),
        type=channel_type,
        created_by=ctx.identity,
    )
    if origin is not None:
        _import(tx, sid, origin)
    tx.append(ChannelAdded, sid, sid, channel=found(tx, ctx.service_sid, sid))
    return sid


class Origin(msgspec.Struct, frozen=True):
    """Whose a channel was and when, where it comes from elsewhere. What is None stays."""

    created_by: str | None
    date_created: datetime | None
    date_updated: datetime | None

    def valid(self, ctx: Context) -> Origin | None:
        """Itself; None for nothing said. Raises for what whoever acts may not say."""
        if (self.created_by, self.date_created, self.date_updated) == (None, None, None):
            return None
        origins.valid_names(ctx, self.created_by)
        origins.valid_values(ctx, self.date_created, self.date_updated)
        origins.valid_length(self.created_by, CreatorTooLong)
        return self


def _import(tx: Transaction, sid: str, origin: Origin) -> None:
    tx.run(
        "import_channel",
        sid=sid,
        created_by=origin.created_by,
        date_created=origins.seconds(origin.date_created),
        date_updated=origins.seconds(origin.date_updated),
    )


def end(tx: Transaction, service_sid: str, channel_sid: str) -> None:
    """Nobody but the system writes here any more; the attribute is what Flex code looks at."""
    channel = found(tx, service_sid, channel_sid)
    tx.run("end_channel", service_sid=service_sid, sid=channel_sid)
    _write(tx, channel, attributes=merged(channel.attributes, status="INACTIVE"))


@actions.define("CreateChannel", permission="createChannel", asks_inside=True)
async def create_channel(payload: CreateChannel, ctx: Context) -> Channel:
    """Open a channel."""
    if payload.type not in ("public", "private"):
        raise InvalidRequest("A channel's Type is `public` or `private`.")
    updated = payload.date_updated or payload.date_created
    origin = Origin(payload.created_by, payload.date_created, updated).valid(ctx)

    def change(tx: Transaction) -> Channel:
        sid = add(
            tx,
            ctx,
            friendly_name=payload.friendly_name,
            unique_name=payload.unique_name or None,
            attributes=payload.attributes,
            channel_type=payload.type,
            origin=origin,
        )
        if not ctx.is_system:
            role_sid = services.found(tx, ctx.service_sid).default_channel_creator_role_sid
            members.add(tx, ctx.service_sid, sid, ctx.identity, role_sid)
        return found(tx, ctx.service_sid, sid)

    return await ctx.change(change)


@actions.define("UpdateChannel", permission=("editChannelName", "editChannelAttributes"), asks_inside=True)
async def update_channel(payload: UpdateChannel, ctx: Context) -> Channel:
    """Change a channel's names or attributes."""
    origin = Origin(payload.created_by, payload.date_created, payload.date_updated).valid(ctx)
    attributes = None if payload.attributes is None else valid_attributes(payload.attributes)

    def change(tx: Transaction) -> Channel:
        channel = found(tx, ctx.service_sid, payload.channel_sid)
        if payload.created_by != channel.created_by:  # who made it, joins it as its admin
            origins.valid_values(ctx, payload.created_by)
        if payload.friendly_name is not None or payload.unique_name is not None:
            ctx.ask(tx, "editChannelName")
            name = None if payload.unique_name == channel.unique_name else payload.unique_name
            _valid_names(tx, ctx.service_sid, payload.friendly_name or "", name)
        if attributes is not None:
            ctx.ask(tx, "editChannelAttributes")
        return _write(
            tx,
            channel,
            origin,
            friendly_name=payload.friendly_name,
            unique_name=payload.unique_name,
            attributes=attributes,
        )

    return await ctx.change(change)


@actions.define("DeleteChannel", permission="destroyChannel", asks_inside=True)
async def delete_channel(payload: DeleteChannel, ctx: Context) -> None:
    """Delete a channel with everything in it; its files' bytes are erased before this returns."""

    def change(tx: Transaction) -> tuple[str, ...]:
        channel = found(tx, ctx.service_sid, payload.channel_sid)
        scope = {"service_sid": ctx.service_sid, "channel_sid": channel.sid}
        lost = tuple(media.sid for media in tx.all(Media, "media_of_channel", **scope))
        task = tx.one(Task, "task_of_channel", **scope)
        invites.remove_all(tx, **scope)
        for sid in lost:
            tx.run("media_gone", sid=sid)
        tx.run("delete_channel", service_sid=ctx.service_sid, sid=channel.sid)
        tx.append(ChannelRemoved, channel.sid, channel.sid, unique_name=channel.unique_name)
        if task is not None:
            tx.append(TaskUpdated, ctx.service_sid, task.sid)  # it went with its channel
        return lost

    if lost := await ctx.change(change):
        await ctx.as_system().invoke(EraseMedia(lost))


@actions.define("FetchChannel", permission=ANYBODY, asks_inside=True)
async def fetch_channel(payload: FetchChannel, ctx: Context) -> Channel:
    """One channel. A private one its members see, who is invited, and who has `readAnyChannel`."""

    def query(tx: Transaction) -> Channel:
        channel = tx.one(Channel, "channel_by_sid", service_sid=ctx.service_sid, sid=payload.channel_sid)
        if channel is None or not _is_open(tx, ctx, channel):
            ctx.ask(tx, MEMBER, "readAnyChannel")
        return channel or found(tx, ctx.service_sid, payload.channel_sid)

    return await ctx.look(query)


def _is_open(tx: Transaction, ctx: Context, channel: Channel) -> bool:
    """Whether who is no member may know of the channel."""
    if not ctx.identity:
        return False
    if channel.type == "public":
        return True
    return invites.find(tx, channel.service_sid, channel.sid, ctx.identity) is not None


@actions.define("ListChannels", permission=OWN, asks_inside=True)
async def list_channels(payload: ListChannels, ctx: Context) -> list[Channel]:
    """The channels of the service that one may see; with `readAnyChannel` all."""
    scope = {"service_sid": ctx.service_sid, "type": payload.type}
    ways = {"after": "channels_after", "before": "channels_before"}

    def query(tx: Transaction) -> list[Channel]:
        by = _who_looks(tx, ctx)
        return pages.page(tx, Channel, payload.after, payload.limit, **ways, **scope, identity=by)

    return await ctx.look(query)


def _who_looks(tx: Transaction, ctx: Context) -> str:
    """The identity whose channels these are, beside the public ones; empty for whoever sees all."""
    if ctx.may(tx, "readAnyChannel"):
        return ""
    if not ctx.identity or users.find(tx, ctx.service_sid, ctx.identity) is None:
        ctx.ask(tx, "readAnyChannel")
    return ctx.identity


@actions.define("FindChannel", permission=HOUSE, asks_inside=True)
async def find_channel(payload: FindChannel, ctx: Context) -> str:
    """The sid of the channel with a unique name."""
    name = {"service_sid": ctx.service_sid, "unique_name": payload.unique_name}
    sid: str | None = await ctx.look(lambda tx: tx.value("channel_sid_by_name", **name))
    if sid is None:
        raise NotFound(f"There is no channel {payload.unique_name!r}.")
    return sid


def _valid_names(tx: Transaction, service_sid: str, friendly_name: str, unique_name: str | None) -> None:
    if len(friendly_name) > NAME_LIMIT:
        raise FriendlyNameTooLong(f"A channel's FriendlyName has at most {NAME_LIMIT} characters.")
    if not unique_name:
        return
    if len(unique_name) > NAME_LIMIT:
        raise UniqueNameTooLong
    if sids.is_sid(unique_name, sids.CHANNEL):
        raise UniqueNameIsSid
    if tx.value("channel_sid_by_name", service_sid=service_sid, unique_name=unique_name):
        raise ChannelExists


def _write(tx: Transaction, channel: Channel, origin: Origin | None = None, **changes: str | None) -> Channel:
    """Change what is not None, and tell it."""
    given = {name: value for name, value in changes.items() if value is not None}
    held = {
        "friendly_name": channel.friendly_name,
        "unique_name": channel.unique_name,
        "attributes": channel.attributes,
    }
    row = {**held, **given}
    row["unique_name"] = row["unique_name"] or None  # given as empty: taken away
    tx.run("set_channel", service_sid=channel.service_sid, sid=channel.sid, **row)
    if origin is not None:
        _import(tx, channel.sid, origin)
    updated = found(tx, channel.service_sid, channel.sid)
    tx.append(ChannelUpdated, channel.sid, channel.sid, channel=updated)
    return updated
