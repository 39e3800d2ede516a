"""Members: users in a channel. Blocking somebody is giving the member another role."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import doors, invites, marks, origins, pages, roles, services, users
from vestibule.chat.attributes import valid_attributes
from vestibule.context import MEMBER, Context
from vestibule.errors import (
    ChannelFull,
    MemberExists,
    NotFound,
    PermissionDenied,
    TooManyChannels,
)
from vestibule.events import MemberAdded, MemberRemoved, MemberUpdated, Typing
from vestibule.models import Member
from vestibule.payloads import (
    AddMember,
    FetchMember,
    GrantedRole,
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
    """Make a user a member, and tell it. An invite of theirs is taken up by it.

    Raises `MemberExists`, `ChannelFull` and `TooManyChannels`.
    """
    member = _put(tx, service_sid, channel_sid, identity, role_sid, attributes)
    return _welcome(tx, member)


def _put(
    tx: Transaction, service_sid: str, channel_sid: str, identity: str, role_sid: str, attributes: str
) -> Member:
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
    _within_limits(tx, service_sid, channel_sid, identity)
    if invite := invites.find(tx, service_sid, channel_sid, identity):
        invites.remove(tx, invite)
    return found(tx, service_sid, channel_sid, identity)


def _welcome(tx: Transaction, member: Member) -> Member:
    tx.append(MemberAdded, member.channel_sid, member.sid, member=member)
    return member


class Taken(msgspec.Struct, frozen=True):
    """How much of their limits a channel and a user have taken."""

    members: int  # of the channel
    channels: int  # of the user


def _within_limits(tx: Transaction, service_sid: str, channel_sid: str, identity: str) -> None:
    """Raises where the one who was just added is one too many."""
    limits = services.found(tx, service_sid).settings.limits
    taken = tx.one(Taken, "taken", service_sid=service_sid, channel_sid=channel_sid, identity=identity)
    if taken and taken.members > limits.channel_members:
        raise ChannelFull(f"A channel has at most {limits.channel_members} members.")
    if taken and taken.channels > limits.user_channels:
        raise TooManyChannels(f"A user is in at most {limits.user_channels} channels.")


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
    """Make a user a member. With `joinChannel` only oneself, in a public channel or with an invite."""
    attributes = valid_attributes(payload.attributes)
    mark = (payload.last_consumed_message_index, payload.last_consumption_timestamp)
    origins.valid_values(ctx, *mark, payload.date_created, payload.date_updated)

    def change(tx: Transaction) -> Member:
        role_sid = _role_of_new(tx, ctx, payload)
        where = (ctx.service_sid, payload.channel_sid)
        member = _put(tx, *where, payload.identity, role_sid, attributes)
        if mark != (None, None):
            marks.change(tx, ctx, member, marks.index_of(mark[0]), mark[1] or UNSET)
        _import(tx, member, payload.date_created, payload.date_updated or payload.date_created)
        return _welcome(tx, found(tx, *where, member.sid))

    return await ctx.change(change)


def _role_of_new(tx: Transaction, ctx: Context, payload: AddMember) -> str:
    """The sid of the role that somebody joins with. Raises where they may not be made a member so."""
    door = doors.found(tx, ctx.service_sid, payload.channel_sid)
    invite = invites.find(tx, ctx.service_sid, payload.channel_sid, payload.identity)
    is_own = payload.identity == ctx.identity
    is_open = door.type == "public" or (is_own and invite is not None)
    is_wished = bool(payload.role) and not isinstance(payload.role, GrantedRole)
    if is_wished or not is_own or not is_open:
        if is_open and not ctx.may(tx, "addMember"):
            raise PermissionDenied  # there is nothing to hide from them
        ctx.ask(tx, "addMember")
    if payload.role:
        return roles.chosen(tx, ctx.service_sid, payload.role, "channel")
    if invite is not None:
        return invite.role_sid
    service = services.found(tx, ctx.service_sid)
    if payload.identity == door.created_by:
        return service.default_channel_creator_role_sid
    return service.default_channel_role_sid


def _import(tx: Transaction, member: Member, created: datetime | None, updated: datetime | None) -> None:
    if created or updated:
        dates = {"date_created": origins.seconds(created), "date_updated": origins.seconds(updated)}
        tx.run("import_member", sid=member.sid, **dates)


@actions.define(
    "UpdateMember",
    permission=(MEMBER, "editAnyMemberRole", "editAnyMemberAttributes"),
    asks_inside=True,
)
async def update_member(payload: UpdateMember, ctx: Context) -> Member:
    """Give a member another role, other attributes or a read mark. It holds at their very next action.

    A role needs `editAnyMemberRole`, attributes `editOwnMemberAttributes` or `editAnyMemberAttributes`.
    """
    origins.valid_values(ctx, payload.date_created, payload.date_updated)

    def change(tx: Transaction) -> Member:
        member = found(tx, ctx.service_sid, payload.channel_sid, payload.member)
        # One after the other: none of them may be left out because of another.
        changes = (_edit(tx, ctx, payload, member), _mark(tx, ctx, payload, member))
        _import(tx, member, payload.date_created, payload.date_updated)
        return _tell(tx, member) if any(changes) else member

    return await ctx.change(change)


def _edit(tx: Transaction, ctx: Context, payload: UpdateMember, member: Member) -> bool:
    """Whether the role, the attributes or a date was given."""
    role_sid, attributes = member.role_sid, member.attributes
    if payload.role is not None:
        ctx.ask(tx, "editAnyMemberRole")
        role_sid = roles.chosen(tx, ctx.service_sid, payload.role, "channel")
    if payload.attributes is not None:
        own = ("editOwnMemberAttributes",) if member.identity == ctx.identity else ()
        ctx.ask(tx, "editAnyMemberAttributes", *own)
        attributes = valid_attributes(payload.attributes)
    given = (payload.role, payload.attributes, payload.date_created, payload.date_updated)
    if given == (None, None, None, None):
        return False
    tx.run("set_member", sid=member.sid, role_sid=role_sid, attributes=attributes)
    return True


def _mark(tx: Transaction, ctx: Context, payload: UpdateMember, member: Member) -> bool:
    """Whether the read mark moved, or the system wrote it."""
    index = marks.index_of(payload.last_consumed_message_index)
    return marks.change(tx, ctx, member, index, payload.last_consumption_timestamp or UNSET)


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
        return _tell(tx, member) if marks.move_own(tx, member, payload.index) else member

    return await ctx.change(change)


@actions.define("SendTyping", permission="sendMessage", asks_inside=True)
async def send_typing(payload: SendTyping, ctx: Context) -> None:
    """Show the others that one is typing."""
    await ctx.look(lambda tx: doors.found(tx, ctx.service_sid, payload.channel_sid))
    ctx.bus.publish([Typing(stream=payload.channel_sid, identity=ctx.identity)])


@actions.define("ListMembers", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def list_members(payload: ListMembers, ctx: Context) -> list[Member]:
    """Who is in a channel."""
    scope = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}

    def query(tx: Transaction) -> list[Member]:
        doors.found(tx, ctx.service_sid, payload.channel_sid)
        if payload.identities:
            named = (find(tx, **scope, member=identity) for identity in dict.fromkeys(payload.identities))
            wanted = [member for member in named if member and member.identity in payload.identities]
            return pages.part(wanted, payload.after, payload.limit)
        ways = {"after": "members_after", "before": "members_before"}
        return pages.page(tx, Member, payload.after, payload.limit, **ways, **scope)

    return await ctx.look(query)


@actions.define("FetchMember", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def fetch_member(payload: FetchMember, ctx: Context) -> Member:
    """One member."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.channel_sid, payload.member))
