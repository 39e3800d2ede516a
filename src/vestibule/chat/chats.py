"""Chats: how a customer is received, and how a channel looks to whoever opens it."""

from __future__ import annotations

import secrets

from vestibule.actions import Actions
from vestibule.chat import channels, members, messages, services, tasks, users
from vestibule.chat.attributes import merged, valid_attributes
from vestibule.context import HOUSE, MEMBER, Context
from vestibule.models import ChannelView, Media, Member, NotAccepted, Role, Session
from vestibule.payloads import OpenChannel, StartChat
from vestibule.ports import Transaction
from vestibule.refusals import refusal

actions = Actions()

NAME_LIMIT = 256  # characters


@actions.define("StartChat", permission=HOUSE, asks_inside=True)
async def start_chat(payload: StartChat, ctx: Context) -> Session:
    """Receive a customer: a user of an identity nobody can guess, a private channel, a pending task."""
    identity = f"visitor-{secrets.token_hex(12)}"
    name = payload.friendly_name.strip()[:NAME_LIMIT] or "Visitor"
    details = {"customer_name": name, "email": payload.email.strip()[:NAME_LIMIT]}
    attributes = merged(
        valid_attributes(payload.attributes),
        channel_type="web",
        status="ACTIVE",
        identity=identity,
        **details,
    )

    def change(tx: Transaction) -> Session:
        service = services.found(tx, ctx.service_sid)
        users.ensure(tx, service.sid, identity, name)
        channel_sid = channels.add(
            tx, ctx, friendly_name=name, unique_name=None, attributes=attributes, channel_type="private"
        )
        members.add(tx, service.sid, channel_sid, identity, service.default_channel_role_sid)
        task = tasks.add(tx, service.sid, channel_sid, identity, name, attributes)
        channel = channels.found(tx, service.sid, channel_sid)
        return Session(identity=identity, service_sid=service.sid, channel=channel, task=task)

    return await ctx.change(change)


@actions.define("OpenChannel", permission=(MEMBER, "readAnyChannel"), asks_inside=True)
async def open_channel(payload: OpenChannel, ctx: Context) -> ChannelView:
    """A channel as one opens it, on one snapshot."""

    def query(tx: Transaction) -> ChannelView:
        channel = channels.found(tx, ctx.service_sid, payload.channel_sid)
        scope = {"service_sid": ctx.service_sid, "channel_sid": channel.sid}
        refused = tx.all(Media, "media_not_accepted", **scope, limit=payload.limit)
        return ChannelView(
            channel=channel,
            members=tx.all(Member, "members", **scope),
            messages=messages.before(tx, ctx.service_sid, channel.sid, None, payload.limit),
            refusals=[
                NotAccepted(media=media, refusal=refusal(media.reason), date=media.date_updated)
                for media in reversed(refused)
            ],
            roles={
                role.sid: role.friendly_name for role in tx.all(Role, "roles", service_sid=ctx.service_sid)
            },
            task=tasks.of_channel(tx, ctx.service_sid, channel.sid),
            seq=channel.seq,
        )

    return await ctx.look(query)
