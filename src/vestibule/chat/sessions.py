"""Sessions: who is signed in at the desk. A session ends by signing out, by a new password, or by time."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from vestibule.actions import Actions
from vestibule.chat import users
from vestibule.context import HOUSE, Context
from vestibule.errors import NotAuthenticated
from vestibule.events import RightsChanged
from vestibule.models import SignedIn, User
from vestibule.payloads import EndSession, FetchSession, StartSession
from vestibule.ports import Transaction

actions = Actions()

LIFETIME = 12 * 3600  # seconds: a long working day


class Row(msgspec.Struct, frozen=True):
    """A session as its table has it, with what the service role gives now."""

    user_sid: str
    service_sid: str
    permissions: str  # joined by spaces
    date_expires: float


@actions.define("StartSession", permission=HOUSE, asks_inside=True)
async def start_session(payload: StartSession, ctx: Context) -> SignedIn:
    """Let a user in, and forget the sessions that are over."""

    def change(tx: Transaction) -> SignedIn:
        user = users.found(tx, ctx.service_sid, payload.identity)
        tx.run("sweep_sessions")
        tx.run("add_session", hash=payload.hash, user_sid=user.sid, date_expires=tx.now + LIFETIME)
        return found(tx, payload.hash)

    return await ctx.change(change)


@actions.define("FetchSession", permission=HOUSE, asks_inside=True)
async def fetch_session(payload: FetchSession, ctx: Context) -> SignedIn:
    """Who is signed in."""
    return await ctx.look(lambda tx: found(tx, payload.hash))


@actions.define("EndSession", permission=HOUSE, asks_inside=True)
async def end_session(payload: EndSession, ctx: Context) -> None:
    """Sign out."""

    def change(tx: Transaction) -> User | None:
        row = tx.one(Row, "session", hash=payload.hash)
        tx.run("end_session", hash=payload.hash)
        return users.find(tx, row.service_sid, row.user_sid) if row else None

    if user := await ctx.change(change):
        ctx.bus.publish([RightsChanged(stream=user.service_sid, identity=user.identity)])


def found(tx: Transaction, digest: str) -> SignedIn:
    """A session that is not over. Raises `NotAuthenticated`."""
    row = tx.one(Row, "session", hash=digest)
    if row is None:
        raise NotAuthenticated("You are not signed in, or no longer.")
    return SignedIn(
        user=users.found(tx, row.service_sid, row.user_sid),
        permissions=tuple(row.permissions.split()),
        date_expires=datetime.fromtimestamp(row.date_expires, UTC),
    )
