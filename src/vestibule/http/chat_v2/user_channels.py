"""User channels of Programmable Chat: a channel as one of its users has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from msgspec import UNSET, UnsetType

from vestibule.errors import ConsumptionDateInvalid
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import TOKEN, PageQuery, page_of, token_of
from vestibule.http.chat_v2.shape import CHAT_V2, Update, index, moment, place
from vestibule.http.routes import Routes
from vestibule.models import UserChannel
from vestibule.payloads import (
    DeleteInvite,
    FetchUserChannel,
    ListUserChannels,
    RemoveMember,
    UpdateUserChannel,
)

routes = Routes(CHAT_V2)

LIST = "/v2/Services/{service_sid}/Users/{user}/Channels"
ONE = "/v2/Services/{service_sid}/Users/{user}/Channels/{channel}"


class UserChannelUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed. An empty index or timestamp takes the read mark away."""

    notification_level: str | None = None
    last_consumed_message_index: str | None = None
    last_consumption_timestamp: str | None = None


class UserChannelsQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page."""

    MOST: ClassVar[int] = 50

    def token(self, row: Any, start: str = TOKEN) -> str:
        return token_of(Row(row.channel_sid, row.date_created), start)


class Row(NamedTuple):
    """What makes a page's token: a user channel has no sid of its own."""

    sid: str
    date_created: datetime


@routes.get(LIST)
async def list_user_channels(
    call: Call, query: UserChannelsQuery, service_sid: str, user: str
) -> dict[str, Any]:
    """The channels that a user joined or is invited to, in that order of time."""
    rows = await call.ctx.invoke(ListUserChannels(user, query.size + 1, query.after()))
    return page_of(call, "channels", query, rows, [_shape(call, row) for row in rows])


@routes.get(ONE)
async def fetch_user_channel(call: Call, service_sid: str, user: str, channel: str) -> dict[str, Any]:
    """One channel, by sid or unique name, as a user has it."""
    return _shape(call, await call.ctx.invoke(FetchUserChannel(user, channel)))


@routes.post(ONE)
async def update_user_channel(
    call: Call, body: UserChannelUpdate, service_sid: str, user: str, channel: str
) -> dict[str, Any]:
    """Change what a user is told of a channel, and how far they have read."""
    change = UpdateUserChannel(
        user,
        channel,
        body.notification_level,
        _index(body.last_consumed_message_index),
        _moment(body.last_consumption_timestamp),
    )
    return _shape(call, await call.ctx.invoke(change))


@routes.delete(ONE)
async def delete_user_channel(call: Call, service_sid: str, user: str, channel: str) -> None:
    """Take a user out of a channel, or their invite back; for oneself, leave it, or decline."""
    known = await call.ctx.invoke(FetchUserChannel(user, channel))
    if known.invite_sid is not None:
        await call.ctx.invoke(DeleteInvite(known.channel_sid, known.invite_sid))
    else:
        await call.ctx.invoke(RemoveMember(known.channel_sid, known.member_sid or ""))


def _index(text: str | None) -> int | UnsetType | None:
    return UNSET if text is None else index(text)


def _moment(text: str | None) -> datetime | UnsetType | None:
    return UNSET if text is None else moment(text, ConsumptionDateInvalid)


def _shape(call: Call, row: UserChannel) -> dict[str, Any]:
    channel = place(call, "Channels", row.channel_sid)
    return {
        "account_sid": call.front.account_sid,
        "service_sid": row.service_sid,
        "channel_sid": row.channel_sid,
        "user_sid": row.user_sid,
        "member_sid": row.member_sid,
        "status": row.status,
        "last_consumed_message_index": row.last_consumed_message_index,
        "unread_messages_count": row.unread_messages_count,
        "notification_level": row.notification_level,
        "url": place(call, "Users", row.user_sid, "Channels", row.channel_sid),
        "links": {
            "channel": channel,
            "member": f"{channel}/Members/{row.member_sid}" if row.member_sid else None,
        },
    }
