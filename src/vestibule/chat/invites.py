"""Invites: who may join a channel, and with which role. Joining takes the invite up (`AddMember`)."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import doors, pages, roles, services, users
from vestibule.context import ANYBODY, Context
from vestibule.errors import InviteExists, MemberExists, NotFound
from vestibule.events import InviteAdded, InviteRemoved
from vestibule.models import Invite, Member
from vestibule.payloads import CreateInvite, DeleteInvite, FetchInvite, ListInvites
from vestibule.ports import Transaction

actions = Actions()


def find(tx: Transaction, service_sid: str, channel_sid: str, identity: str) -> Invite | None:
    """The invite that somebody has to a channel."""
    return tx.one(Invite, "invite_of", service_sid=service_sid, channel_sid=channel_sid, identity=identity)


def found(tx: Transaction, ctx: Context, channel_sid: str, invite_sid: str) -> Invite:
    """An invite of this channel: one's own, or with `inviteMember` anybody's. Raises like `ask`."""
    invite = tx.one(
        Invite, "invite_by_sid", service_sid=ctx.service_sid, channel_sid=channel_sid, sid=invite_sid
    )
    if invite is None or invite.identity != ctx.identity:
        ctx.ask(tx, "inviteMember")
    if invite is None:
        raise NotFound(f"There is no invite {invite_sid} in this channel.")
    return invite


def remove(tx: Transaction, invite: Invite) -> None:
    """Take an invite away, and tell whoever had it."""
    tx.run("delete_invite", sid=invite.sid)
    user = users.find(tx, invite.service_sid, invite.identity)
    if user is not None:
        tx.append(InviteRemoved, user.sid, invite.sid, channel_sid=invite.channel_sid)


def remove_all(tx: Transaction, service_sid: str, channel_sid: str) -> None:
    """Take every invite to a channel away."""
    for invite in tx.all(Invite, "invites", service_sid=service_sid, channel_sid=channel_sid):
        remove(tx, invite)


@actions.define("CreateInvite", permission="inviteMember", asks_inside=True)
async def create_invite(payload: CreateInvite, ctx: Context) -> Invite:
    """Invite a user to a channel. Another role than the usual one gives who may add members."""

    def change(tx: Transaction) -> Invite:
        scope = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}
        doors.found(tx, ctx.service_sid, payload.channel_sid)
        role_sid = _role(tx, ctx, payload.role)
        user = users.ensure(tx, ctx.service_sid, payload.identity)
        if tx.one(Member, "member", **scope, member=payload.identity):
            raise MemberExists
        sid = sids.make(sids.INVITE)
        who = {"identity": payload.identity, "role_sid": role_sid, "created_by": ctx.identity}
        if not tx.run("add_invite", sid=sid, **scope, **who):
            raise InviteExists
        invite = found(tx, ctx, payload.channel_sid, sid)
        tx.append(InviteAdded, user.sid, sid, invite=invite)
        return invite

    return await ctx.change(change)


def _role(tx: Transaction, ctx: Context, role: str | None) -> str:
    if role is None:
        return services.found(tx, ctx.service_sid).default_channel_role_sid
    ctx.ask(tx, "addMember")
    return roles.chosen(tx, ctx.service_sid, role, "channel")


@actions.define("DeleteInvite", permission=ANYBODY, asks_inside=True)
async def delete_invite(payload: DeleteInvite, ctx: Context) -> None:
    """Take an invite back, which needs `inviteMember`, or decline one's own."""
    await ctx.change(lambda tx: remove(tx, found(tx, ctx, payload.channel_sid, payload.invite_sid)))


@actions.define("FetchInvite", permission=ANYBODY, asks_inside=True)
async def fetch_invite(payload: FetchInvite, ctx: Context) -> Invite:
    """One's own invite, or with `inviteMember` anybody's."""
    return await ctx.look(lambda tx: found(tx, ctx, payload.channel_sid, payload.invite_sid))


@actions.define("ListInvites", permission="inviteMember", asks_inside=True)
async def list_invites(payload: ListInvites, ctx: Context) -> list[Invite]:
    """Who is invited to a channel."""
    scope = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}

    def query(tx: Transaction) -> list[Invite]:
        doors.found(tx, ctx.service_sid, payload.channel_sid)
        if payload.identities:
            named = (find(tx, **scope, identity=identity) for identity in dict.fromkeys(payload.identities))
            return pages.part((invite for invite in named if invite), payload.after, payload.limit)
        ways = {"after": "invites_after", "before": "invites_before"}
        return pages.page(tx, Invite, payload.after, payload.limit, **ways, **scope)

    return await ctx.look(query)
