"""Members: blocking somebody, unblocking, removing."""

from __future__ import annotations

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Member
from vestibule.payloads import RemoveMember, UpdateMember

routes = Routes()


class MemberEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed. `role` is a sid or a friendly name such as `blockedUser`."""

    role: str | None = None
    attributes: str | None = None


@routes.post("/v1/channels/{channel_sid}/members/{member}")
async def update_member(call: Call, body: MemberEdit, channel_sid: str, member: str) -> Member:
    """Give a member another role or other attributes."""
    return await call.ctx.invoke(UpdateMember(channel_sid, member, body.role, body.attributes))


@routes.delete("/v1/channels/{channel_sid}/members/{member}")
async def remove_member(call: Call, channel_sid: str, member: str) -> None:
    """Take a member out of the channel."""
    await call.ctx.invoke(RemoveMember(channel_sid, member))
