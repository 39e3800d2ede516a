"""Members: users in a channel. Blocking somebody is giving the member another role."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import roles, services, users
from vestibule.chat.attributes import valid_attributes
from vestibule.context import MEMBER, Context
from vestibule.errors import MemberExists, NotFound
from vestibule.events import MemberAdded, MemberRemoved, MemberUpdated, Typing
from vestibule.models import Member
from vestibule.payloads import (
    AddMember,
    FetchMember,
    ListMembers,
    MarkRead,
    RemoveMember,
    SendTyping,
    UpdateMember,
)
from vestibule.ports import Transaction

actions = Actions()


def find(tx: Transaction, service_sid: str, channel_sid: str, member: str) -> Member | None:
    """A member of this channel, by sid or identity."""
    return tx.one(Member, "member", service_sid=service_sid, channel_sid=channel_sid, member=member)


def found(tx: Transaction, service_sid: str, channel_sid: str, member: str) -> Member:
    """A member of this channel, by sid or identity. Raises `NotFound`."""
    if (result := find(tx, service_sid, channel_sid, member)) is None:
        raise NotFound(f"There is no member {member!r} in this channel.")
    return result


def add(
    tx: Transaction, service_sid: str, channel_sid: str, identity: str, role_sid: str, attributes: str = "{}"
) -> Member:
    """Make a user a member, and tell it. Raises `MemberExists`."""
    users.ensure(tx, service_sid, identity)
    added = tx.run(
        "add_member",
        sid=sids.make(sids.MEMBER),
        service_sid=service_sid,
        channel_sid=channel_sid,
        identity=identity,
        role_sid=role_sid,
        attributes=attributes,
    )
    if not added:
        raise MemberExists
    tx.run("count_member", sid=channel_sid, step=1)
    member = found(tx, service_sid, channel_sid, identity)
    tx.append(MemberAdded, channel_sid, member.sid, member=member)
    return member


def remove(tx: Transaction, member: Member) -> None:
    """Take a member out, and tell it."""
    tx.run("delete_member", sid=member.sid)
    tx.run("count_member", sid=member.channel_sid, step=-1)
    tx.append(
        MemberRemoved, member.channel_sid, member.sid, identity=member.identity, role_sid=member.role_sid
    )


def _tell(tx: Transaction, member: Member) -> Member:
    """The member as it is now, and an event that says so."""
    updated = found(tx, member.service_sid, member.channel_sid, member.sid)
    tx.append(MemberUpdated, member.channel_sid, member.sid, member=updated)
    return updated


@actions.define("AddMember", permission=("addMember", "joinChannel"), asks_inside=True)
async def add_member(payload: AddMember, ctx: Context) -> Member:
    """Make a user a member. With `joinChannel` only oneself, in a public channel."""
    attributes = valid_attributes(payload.attributes)

    def change(tx: Transaction) -> Member:
        channel_type = tx.value("channel_type", service_sid=ctx.service_sid, sid=payload.channel_sid)
        if channel_type is None:
            raise NotFound(f"There is no channel {payload.channel_sid}.")
        if payload.identity != ctx.identity or channel_type == "private" or payload.role:
            ctx.ask(tx, "addMember")
        role_sid = (
            roles.chosen(tx, ctx.service_sid, payload.role, "channel")
            if payload.role
            else services.found(tx, ctx.service_sid).default_channel_role_sid
        )
        return add(tx, ctx.service_sid, payload.channel_sid, payload.identity, role_sid, attributes)

    return await ctx.change(change)


@actions.define(
    "UpdateMember",
    permission=("editAnyMemberRole", "editAnyMemberAttributes", "editOwnMemberAttributes"),
    asks_inside=True,
)
async def update_member(payload: UpdateMember, ctx: Context) -> Member:
    """Give a member another role or other attributes. It holds at their very next action."""

    def change(tx: Transaction) -> Member:
        member = found(tx, ctx.service_sid, payload.channel_sid, payload.member)
        if payload.role is None and payload.attributes is None:
            return member
        role_sid, attributes = member.role_sid, member.attributes
        if payload.role is not None:
            ctx.ask(tx, "editAnyMemberRole")
            role_sid = roles.chosen(tx, ctx.service_sid, payload.role, "channel")
        if payload.attributes is not None:
            if member.identity != ctx.identity:
                ctx.ask(tx, "editAnyMemberAttributes")
            attributes = valid_attributes(payload.attributes)
        tx.run("set_member", sid=member.sid, role_sid=role_sid, attributes=attributes)
        return _tell(tx, member)

    return await ctx.change(change)


@actions.define("RemoveMember", permission=("removeMember", "leaveChannel"), asks_inside=True)
async def remove_member(payload: RemoveMember, ctx: Context) -> None:
    """Take a member out; with `leaveChannel` only oneself."""

    def change(tx: Transaction) -> None:
        member = found(tx, ctx.service_sid, payload.channel_sid, payload.member)
        if member.identity != ctx.identity:
            ctx.ask(tx, "removeMember")
        remove(tx, member)

    await ctx.change(change)


@actions.define("MarkRead", permission=MEMBER, asks_inside=True)
async def mark_read(payload: MarkRead, ctx: Context) -> Member:
    """Move one's read mark on. It never goes back, and what did not move tells nothing."""

    def change(tx: Transaction) -> Member:
        member = found(tx, ctx.service_sid, payload.channel_sid, ctx.identity)
        scope = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}
        last_index = tx.value("last_index", sid=payload.channel_sid)
        index = max(-1, min(payload.index, last_index))
        moved = tx.run("set_read_mark", **scope, identity=ctx.identity, index=index)
        return _tell(tx, member) if moved else member

    return await ctx.change(change)


@actions.define("SendTyping", permission="sendMessage")
async def send_typing(payload: SendTyping, ctx: Context) -> None:
    """Show the others that one is typing."""
    ctx.bus.publish([Typing(stream=payload.channel_sid, identity=ctx.identity)])


@actions.define("ListMembers", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def list_members(payload: ListMembers, ctx: Context) -> list[Member]:
    """Who is in a channel."""
    scope = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}
    return await ctx.look(lambda tx: tx.all(Member, "members", **scope))


@actions.define("FetchMember", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def fetch_member(payload: FetchMember, ctx: Context) -> Member:
    """One member."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.channel_sid, payload.member))
