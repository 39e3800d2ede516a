"""API keys: they sign AccessTokens, and stand for the account over REST."""

from __future__ import annotations

import secrets

from vestibule import sids
from vestibule.actions import Actions
from vestibule.context import HOUSE, Context
from vestibule.errors import NotFound
from vestibule.models import Key
from vestibule.payloads import CreateKey, FetchKey, RevokeKey
from vestibule.ports import Transaction

actions = Actions()

SECRET = 32  # bytes of chance


def found(tx: Transaction, key_sid: str) -> Key:
    """A key that was not taken back. Raises `NotFound`."""
    if (key := tx.one(Key, "key_by_sid", sid=key_sid)) is None:
        raise NotFound(f"There is no key {key_sid}.")
    return key


@actions.define("CreateKey", permission=HOUSE, asks_inside=True)
async def create_key(payload: CreateKey, ctx: Context) -> Key:
    """Make an API key."""
    sid, secret = sids.make(sids.KEY), secrets.token_hex(SECRET)

    def change(tx: Transaction) -> Key:
        tx.run("add_key", sid=sid, secret=secret, friendly_name=payload.friendly_name)
        return found(tx, sid)

    return await ctx.change(change)


@actions.define("FetchKey", permission=HOUSE, asks_inside=True)
async def fetch_key(payload: FetchKey, ctx: Context) -> Key:
    """An API key that is still good."""
    return await ctx.look(lambda tx: found(tx, payload.key_sid))


@actions.define("RevokeKey", permission=HOUSE, asks_inside=True)
async def revoke_key(payload: RevokeKey, ctx: Context) -> None:
    """Take an API key back."""

    def change(tx: Transaction) -> None:
        key = found(tx, payload.key_sid)
        tx.run("revoke_key", sid=key.sid)

    await ctx.change(change)
