"""Sockets that a token of an integrator's key opened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.people import House
from tests.sockets.clients import Site, serving
from vestibule.context import SYSTEM, Context
from vestibule.errors import NotFound
from vestibule.models import Key
from vestibule.payloads import CreateKey, FetchKey, RevokeKey
from vestibule.sockets.limits import Limits


@pytest.fixture
async def key(house: House) -> Key:
    return await house.system.invoke(CreateKey("our shop"))


def finding(house: House) -> dict[str, object]:
    async def find_secret(key_sid: str) -> str | None:
        try:
            return (await house.system.invoke(FetchKey(key_sid))).secret
        except NotFound:
            return None

    return {"find_secret": find_secret}


def token_of(site: Site, key: Key) -> str:
    signing = replace(site.tokens, key_sid=key.sid, secret=key.secret)
    return signing.mint("ada", site.house.service_sid)[0]


async def test_a_revoked_key_closes_the_sockets_of_its_tokens_alone(house: House, key: Key) -> None:
    async with serving(house, **finding(house)) as site:
        theirs, other = await site.dial(), await site.connect("ada")
        assert (await theirs.ask("hello", token=token_of(site, key)))["type"] == "welcome"
        await Context(house.parts, "", SYSTEM).invoke(RevokeKey(key.sid))  # whatever the service
        assert await theirs.closed() == 4401
        assert (await other.ask("ping"))["type"] == "pong"
        again = await site.dial()
        assert (await again.ask("hello", token=token_of(site, key)))["error"]["code"] == 20003


async def test_a_key_that_another_program_revoked_is_noticed_without_being_told(
    house: House, key: Key
) -> None:
    async with serving(house, Limits(round_seconds=0.05), **finding(house)) as site:
        theirs, other = await site.dial(), await site.connect("ada")
        await theirs.ask("hello", token=token_of(site, key))
        await house.parts.database.write(lambda tx: tx.run("revoke_key", sid=key.sid))
        assert await theirs.closed() == 4401
        assert (await other.ask("ping"))["type"] == "pong"


async def test_a_better_token_keeps_a_socket_whose_key_goes(house: House, key: Key) -> None:
    async with serving(house, **finding(house)) as site:
        theirs = await site.dial()
        await theirs.ask("hello", token=token_of(site, key))
        assert (await theirs.ask("token", token=site.token("ada")))["type"] == "ok"
        await house.system.invoke(RevokeKey(key.sid))
        assert (await theirs.ask("ping"))["type"] == "pong"
