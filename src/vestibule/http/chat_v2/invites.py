"""Invites of Programmable Chat. Accepting one is joining: a member is made of it."""

from __future__ import annotations

from typing import Any

from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, channel_sid, date, place
from vestibule.http.routes import Routes
from vestibule.models import Invite
from vestibule.payloads import CreateInvite, DeleteInvite, FetchInvite, ListInvites

routes = Routes(CHAT_V2)

LIST = "/v2/Services/{service_sid}/Channels/{channel}/Invites"
ONE = "/v2/Services/{service_sid}/Channels/{channel}/Invites/{invite_sid}"


class NewInvite(Form, frozen=True, kw_only=True, rename="pascal"):
    """A user who is to be invited."""

    identity: str
    role_sid: str | None = None


class InvitesQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, of whom."""

    identity: tuple[str, ...] = ()


@routes.get(LIST)
async def list_invites(call: Call, query: InvitesQuery, service_sid: str, channel: str) -> dict[str, Any]:
    """Who is invited to a channel, oldest first."""
    sid = await channel_sid(call, channel)
    rows = await call.ctx.invoke(ListInvites(sid, query.identity, query.size + 1, query.after()))
    shown = [_shape(call, row) for row in rows]
    return page_of(call, "invites", query, rows, shown, Identity=list(query.identity))


@routes.post(LIST, status=201)
async def create_invite(call: Call, body: NewInvite, service_sid: str, channel: str) -> dict[str, Any]:
    """Invite a user to a channel."""
    new = CreateInvite(await channel_sid(call, channel), body.identity, body.role_sid or None)
    return _shape(call, await call.ctx.invoke(new))


@routes.get(ONE)
async def fetch_invite(call: Call, service_sid: str, channel: str, invite_sid: str) -> dict[str, Any]:
    """One invite."""
    return _shape(call, await call.ctx.invoke(FetchInvite(await channel_sid(call, channel), invite_sid)))


@routes.delete(ONE)
async def delete_invite(call: Call, service_sid: str, channel: str, invite_sid: str) -> None:
    """Take an invite back; one's own, to decline it."""
    await call.ctx.invoke(DeleteInvite(await channel_sid(call, channel), invite_sid))


def _shape(call: Call, invite: Invite) -> dict[str, Any]:
    return {
        "sid": invite.sid,
        "account_sid": call.front.account_sid,
        "service_sid": invite.service_sid,
        "channel_sid": invite.channel_sid,
        "identity": invite.identity,
        "role_sid": invite.role_sid,
        "created_by": invite.created_by,
        "date_created": date(invite.date_created),
        "date_updated": date(invite.date_updated),
        "url": place(call, "Channels", invite.channel_sid, "Invites", invite.sid),
    }
