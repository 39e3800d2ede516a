"""User channels: a channel as one of its users has it, joined or only invited to."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import marks, members, pages, users
from vestibule.context import HOUSE, MEMBER, OWN, Context
from vestibule.errors import NotFound, NotificationLevelUnknown
from vestibule.events import MemberUpdated
from vestibule.models import Member, User, UserChannel
from vestibule.payloads import FetchUserChannel, ListUserChannels, UpdateUserChannel
from vestibule.ports import Transaction

actions = Actions()

LEVELS = ("default", "muted")


def found(tx: Transaction, user: User, channel: str) -> UserChannel:
    """The channel of this sid or unique name as the user has it. Raises `NotFound`."""
    sid = channel
    if not sids.is_sid(channel, sids.CHANNEL):
        sid = tx.value("channel_sid_by_name", service_sid=user.service_sid, unique_name=channel) or ""
    if (row := tx.one(UserChannel, "user_channel", user_sid=user.sid, channel_sid=sid)) is None:
        raise NotFound(f"There is no channel {channel!r} that {user.identity!r} has.")
    return row


@actions.define("ListUserChannels", permission=OWN, asks_inside=True)
async def list_user_channels(payload: ListUserChannels, ctx: Context) -> list[UserChannel]:
    """One's own channels, or with `readAnyChannel` anybody's."""
    ways = {"after": "user_channels_after", "before": "user_channels_before"}

    def query(tx: Transaction) -> list[UserChannel]:
        user = users.asked_for(tx, ctx, payload.user, "readAnyChannel")
        return pages.page(tx, UserChannel, payload.after, payload.limit, **ways, user_sid=user.sid)

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
        inside = ctx.within((MEMBER,), channel_sid)
        inside.ask(tx)
        mark = (payload.last_consumed_message_index, payload.last_consumption_timestamp)
        # One after the other: none of them may be left out because of another.
        changes = (_set_level(tx, inside, member, payload), marks.change(tx, ctx, member, *mark))
        if any(changes):
            updated = members.found(tx, ctx.service_sid, channel_sid, member.sid)
            tx.append(MemberUpdated, channel_sid, member.sid, member=updated)
        return found(tx, user, channel_sid)

    return await ctx.change(change)


def _set_level(tx: Transaction, ctx: Context, member: Member, payload: UpdateUserChannel) -> bool:
    if payload.notification_level is None:
        return False
    ctx.ask(tx, "editNotificationLevel")
    return bool(tx.run("set_notification_level", sid=member.sid, level=payload.notification_level))
