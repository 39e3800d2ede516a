"""API keys: they sign AccessTokens, and stand for the account over REST."""

from __future__ import annotations

import secrets

from vestibule import sids
from vestibule.actions import Actions
from vestibule.context import HOUSE, Context
from vestibule.errors import Conflict, InvalidRequest, NotFound
from vestibule.events import KeyRevoked
from vestibule.models import Key
from vestibule.payloads import CreateKey, FetchKey, ListKeys, RevokeKey
from vestibule.ports import Transaction

actions = Actions()

SECRET = 32  # bytes of chance
SHORTEST = 32  # bytes of a secret that was made elsewhere (RFC 7518, section 3.2)


def found(tx: Transaction, key_sid: str) -> Key:
    """A key that still counts. Raises `NotFound`."""
    if (key := tx.one(Key, "key_by_sid", sid=key_sid)) is None:
        raise NotFound(f"There is no key {key_sid}, or it was taken back.")
    return key


@actions.define("CreateKey", permission=HOUSE, asks_inside=True)
async def create_key(payload: CreateKey, ctx: Context) -> Key:
    """Make an API key, or take one in."""
    sid, secret = _pair(payload)
    lapses = payload.lapses.timestamp() if payload.lapses else None

    def change(tx: Transaction) -> Key:
        if lapses is not None and lapses <= tx.now:
            raise InvalidRequest("A key cannot have lapsed already.")
        if tx.value("is_key_known", sid=sid):
            raise Conflict(f"There is a key {sid} already.")
        tx.run("add_key", sid=sid, secret=secret, friendly_name=payload.friendly_name, date_lapses=lapses)
        return found(tx, sid)

    return await ctx.change(change)


@actions.define("FetchKey", permission=HOUSE, asks_inside=True)
async def fetch_key(payload: FetchKey, ctx: Context) -> Key:
    """An API key that is still good."""
    return await ctx.look(lambda tx: found(tx, payload.key_sid))


@actions.define("ListKeys", permission=HOUSE, asks_inside=True)
async def list_keys(payload: ListKeys, ctx: Context) -> list[Key]:
    """Every API key."""
    return await ctx.look(lambda tx: tx.all(Key, "keys"))


@actions.define("RevokeKey", permission=HOUSE, asks_inside=True)
async def revoke_key(payload: RevokeKey, ctx: Context) -> None:
    """Take an API key back, and have the sockets closed that its tokens opened."""

    def change(tx: Transaction) -> None:
        tx.run("revoke_key", sid=found(tx, payload.key_sid).sid)

    await ctx.change(change)
    ctx.bus.publish([KeyRevoked(stream=payload.key_sid, identity=ctx.identity)])


def _pair(payload: CreateKey) -> tuple[str, str]:
    """The sid and the secret: new ones, unless both are given."""
    if not payload.key_sid and not payload.secret:
        return sids.make(sids.KEY), secrets.token_hex(SECRET)
    if not sids.is_sid(payload.key_sid, sids.KEY):
        raise InvalidRequest("A key's sid is SK and 32 lower-case hex digits.")
    if len(payload.secret.encode()) < SHORTEST:
        raise InvalidRequest(f"A key's secret has at least {SHORTEST} bytes.")
    return payload.key_sid, payload.secret
