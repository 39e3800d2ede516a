"""Departures: users and services that are deleted, and what goes with them."""

from __future__ import annotations

import structlog

from vestibule.actions import Actions
from vestibule.chat import members, services, tasks, users
from vestibule.context import HOUSE, Context
from vestibule.errors import HouseService
from vestibule.events import RightsChanged, WebhooksChanged
from vestibule.models import Media, Member, User
from vestibule.payloads import DeleteService, DeleteUser, EraseMedia
from vestibule.ports import Transaction

log = structlog.get_logger(__name__)

actions = Actions()


@actions.define("DeleteUser", permission="manageUsers", asks_inside=True)
async def delete_user(payload: DeleteUser, ctx: Context) -> None:
    """Take a user out of every channel, and delete them. Who waits for them waits for another agent."""

    def change(tx: Transaction) -> User:
        user = users.found(tx, ctx.service_sid, payload.user)
        who = {"service_sid": ctx.service_sid, "identity": user.identity}
        tasks.release(tx, ctx.service_sid, user.identity)
        for member in tx.all(Member, "members_of_user", **who):
            members.remove(tx, member)
        tx.run("delete_invites_of_user", **who)
        tx.run("delete_user", service_sid=ctx.service_sid, sid=user.sid)
        return user

    user = await ctx.change(change)
    log.info("a user was deleted", user_sid=user.sid, identity=ctx.identity)
    ctx.bus.publish([RightsChanged(stream=ctx.service_sid, identity=user.identity)])


@actions.define("DeleteService", permission=HOUSE, asks_inside=True)
async def delete_service(payload: DeleteService, ctx: Context) -> None:
    """Delete a service with everything in it; its files' bytes are erased before this returns."""
    service = {"service_sid": ctx.service_sid}

    def change(tx: Transaction) -> tuple[str, ...]:
        if services.found(tx, ctx.service_sid) == services.own(tx):
            raise HouseService
        lost = tuple(media.sid for media in tx.all(Media, "media_of_service", **service))
        for sid in lost:
            tx.run("media_gone", sid=sid)
        for noun in ("events", "webhook_target", "webhook_places", "webhook_failures", "bans"):
            tx.run(f"delete_{noun}_of_service", **service)
        tx.run("delete_service", **service)
        return lost

    lost = await ctx.change(change)
    log.info("a service was deleted", files=len(lost), **service)
    stream = ctx.service_sid
    ctx.bus.publish([RightsChanged(stream=stream, identity=""), WebhooksChanged(stream=stream, identity="")])
    if lost:
        await ctx.as_system().invoke(EraseMedia(lost))
