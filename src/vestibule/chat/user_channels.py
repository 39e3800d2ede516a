"""User channels: a channel as one of its users has it, joined or only invited to."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import members, users
from vestibule.context import HOUSE, MEMBER, OWN, Context
from vestibule.errors import NotFound, NotificationLevelUnknown
from vestibule.events import MemberUpdated
from vestibule.models import Member, User, UserChannel
from vestibule.payloads import After, FetchUserChannel, ListUserChannels, UpdateUserChannel
from vestibule.ports import Transaction

actions = Actions()

LEVELS = ("default", "muted")


def page(
    tx: Transaction, user: User, limit: int = 1, after: After | None = None, channel_sid: str = ""
) -> list[UserChannel]:
    """What a user joined or is invited to, in that order of time; with a `channel_sid` only that one."""
    after = after or After()
    return tx.all(
        UserChannel,
        "user_channels",
        user_sid=user.sid,
        channel_sid=channel_sid,
        after_date=after.date,
        after_sid=after.sid,
        limit=limit,
    )


def found(tx: Transaction, user: User, channel: str) -> UserChannel:
    """The channel of this sid or unique name as the user has it. Raises `NotFound`."""
    sid = channel
    if not sids.is_sid(channel, sids.CHANNEL):
        sid = tx.value("channel_sid_by_name", service_sid=user.service_sid, unique_name=channel) or ""
    if not sid or not (rows := page(tx, user, channel_sid=sid)):
        raise NotFound(f"There is no channel {channel!r} that {user.identity!r} has.")
    return rows[0]


@actions.define("ListUserChannels", permission=OWN, asks_inside=True)
async def list_user_channels(payload: ListUserChannels, ctx: Context) -> list[UserChannel]:
    """One's own channels, or with `readAnyChannel` anybody's."""

    def query(tx: Transaction) -> list[UserChannel]:
        user = users.asked_for(tx, ctx, payload.user, "readAnyChannel")
        return page(tx, user, payload.limit, payload.after)

    return await ctx.look(query)


@actions.define("FetchUserChannel", permission=OWN, asks_inside=True)
async def fetch_user_channel(payload: FetchUserChannel, ctx: Context) -> UserChannel:
    """One of one's own channels, or with `readAnyChannel` of anybody's."""

    def query(tx: Transaction) -> UserChannel:
        return found(tx, users.asked_for(tx, ctx, payload.user, "readAnyChannel"), payload.channel)

    return await ctx.look(query)


@actions.define("UpdateUserChannel", permission=OWN, asks_inside=True)
async def update_user_channel(payload: UpdateUserChannel, ctx: Context) -> UserChannel:
    """Change how one has a channel; the system may for anybody. Raises `NotFound` while only invited."""
    if payload.notification_level not in (None, *LEVELS):
        raise NotificationLevelUnknown

    def change(tx: Transaction) -> UserChannel:
        user = users.asked_for(tx, ctx, payload.user, HOUSE)
        channel_sid = found(tx, user, payload.channel).channel_sid
        member = members.found(tx, ctx.service_sid, channel_sid, user.identity)
        wanted = MEMBER if payload.notification_level is None else "editNotificationLevel"
        ctx.within((wanted,), channel_sid).ask(tx)
        _write(tx, member, payload)
        return found(tx, user, channel_sid)

    return await ctx.change(change)


def _write(tx: Transaction, member: Member, payload: UpdateUserChannel) -> None:
    index, moment = payload.last_consumed_message_index, payload.last_consumption_timestamp
    timestamp = moment.timestamp() if isinstance(moment, datetime) else None
    if moment is UNSET:
        held = member.last_consumption_timestamp
        timestamp = held.timestamp() if held else None
        if index is not UNSET:
            timestamp = None if index is None else tx.now
    tx.run(
        "set_user_channel",
        sid=member.sid,
        notification_level=payload.notification_level or member.notification_level,
        index=member.last_consumed_message_index if index is UNSET else index,
        timestamp=timestamp,
    )
    updated = members.found(tx, member.service_sid, member.channel_sid, member.sid)
    tx.append(MemberUpdated, member.channel_sid, member.sid, member=updated)
