"""Members of Programmable Chat's channels. Blocking somebody is `RoleSid` of another role."""

from __future__ import annotations

from typing import Any

from vestibule.errors import ConsumptionDateInvalid
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, channel_sid, date, index, moment, place
from vestibule.http.routes import Routes
from vestibule.models import Member
from vestibule.payloads import AddMember, FetchMember, ListMembers, RemoveMember, UpdateMember

routes = Routes(CHAT_V2)

LIST = "/v2/Services/{service_sid}/Channels/{channel}/Members"
ONE = "/v2/Services/{service_sid}/Channels/{channel}/Members/{member}"


class NewMember(Form, frozen=True, kw_only=True, rename="pascal"):
    """A user who is to be a member."""

    identity: str
    role_sid: str | None = None
    attributes: str = "{}"
    last_consumed_message_index: str | None = None
    last_consumption_timestamp: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class MemberUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed."""

    role_sid: str | None = None
    attributes: str | None = None
    last_consumed_message_index: str | None = None
    last_consumption_timestamp: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class MembersQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, of whom."""

    identity: tuple[str, ...] = ()


@routes.get(LIST)
async def list_members(call: Call, query: MembersQuery, service_sid: str, channel: str) -> dict[str, Any]:
    """Who is in a channel, oldest first."""
    sid = await channel_sid(call, channel)
    rows = await call.ctx.invoke(ListMembers(sid, query.identity, query.size + 1, query.after()))
    shown = [_shape(call, row) for row in rows]
    return page_of(call, "members", query, rows, shown, Identity=list(query.identity))


@routes.post(LIST, status=201)
async def add_member(call: Call, body: NewMember, service_sid: str, channel: str) -> dict[str, Any]:
    """Make a user a member."""
    new = AddMember(
        await channel_sid(call, channel),
        body.identity,
        body.role_sid or None,
        body.attributes,
        _index(body.last_consumed_message_index),
        moment(body.last_consumption_timestamp, ConsumptionDateInvalid),
        moment(body.date_created),
        moment(body.date_updated),
    )
    return _shape(call, await call.ctx.invoke(new))


@routes.get(ONE)
async def fetch_member(call: Call, service_sid: str, channel: str, member: str) -> dict[str, Any]:
    """One member, by sid or identity."""
    return _shape(call, await call.ctx.invoke(FetchMember(await channel_sid(call, channel), member)))


@routes.post(ONE)
async def update_member(
    call: Call, body: MemberUpdate, service_sid: str, channel: str, member: str
) -> dict[str, Any]:
    """Give a member another role, other attributes or a read mark."""
    change = UpdateMember(
        await channel_sid(call, channel),
        member,
        body.role_sid or None,
        body.attributes,
        _index(body.last_consumed_message_index),
        moment(body.last_consumption_timestamp, ConsumptionDateInvalid),
        moment(body.date_created),
        moment(body.date_updated),
    )
    return _shape(call, await call.ctx.invoke(change))


@routes.delete(ONE)
async def remove_member(call: Call, service_sid: str, channel: str, member: str) -> None:
    """Take a member out of the channel."""
    await call.ctx.invoke(RemoveMember(await channel_sid(call, channel), member))


def _index(text: str | None) -> int | None:
    """How far somebody has read; given as empty, nothing (-1)."""
    if text is None:
        return None
    return -1 if (read := index(text)) is None else read


def _shape(call: Call, member: Member) -> dict[str, Any]:
    return {
        "sid": member.sid,
        "account_sid": call.front.account_sid,
        "service_sid": member.service_sid,
        "channel_sid": member.channel_sid,
        "identity": member.identity,
        "role_sid": member.role_sid,
        "attributes": member.attributes,
        "last_consumed_message_index": member.last_consumed_message_index,
        "last_consumption_timestamp": date(member.last_consumption_timestamp),
        "date_created": date(member.date_created),
        "date_updated": date(member.date_updated),
        "url": place(call, "Channels", member.channel_sid, "Members", member.sid),
    }
