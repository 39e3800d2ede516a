"""Who comes in."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.people import Chat, House
from tests.sockets.clients import Site, serving
from vestibule.models import Entrance
from vestibule.payloads import DeleteUser, EndSession, EnterService, StartSession
from vestibule.sockets.limits import Limits


async def test_a_token_in_the_first_frame_opens_the_socket(site: Site, chat: Chat) -> None:
    client = await site.connect(chat.customer.identity)
    entrance: Entrance = await chat.customer.invoke(EnterService())
    assert client.welcome["identity"] == chat.customer.identity
    assert client.welcome["user_sid"] == entrance.user.sid
    assert client.welcome["service_sid"] == site.house.service_sid
    assert client.welcome["seq"] == 1


async def test_somebody_new_becomes_a_user(site: Site) -> None:
    first, second = await site.connect("newcomer"), await site.connect("newcomer")
    assert first.welcome["user_sid"] == second.welcome["user_sid"]


async def test_nothing_goes_before_hello(site: Site, chat: Chat) -> None:
    client = await site.dial()
    answer = await client.ask("subscribe", stream=chat.channel_sid, seq=0)
    assert answer["error"]["code"] == 60002
    assert await client.closed() == 4401


async def test_a_token_in_the_address_is_not_looked_at(site: Site, chat: Chat) -> None:
    client = await site.dial()
    await client.ws.close()
    token = site.token(chat.customer.identity)
    client = await site.dial(additional_headers={"Authorization": f"Bearer {token}"})
    await client.ws.send(json.dumps({"type": "ping"}))
    assert await client.closed() == 4401


@pytest.mark.parametrize("identity", ["system", ""])
async def test_a_token_cannot_speak_for_the_system(site: Site, identity: str) -> None:
    client = await site.dial()
    answer = await client.ask("hello", token=site.token(identity))
    assert answer["error"]["code"] == 20003
    assert await client.closed() == 4401


async def test_a_token_of_another_service_is_refused(site: Site) -> None:
    client = await site.dial()
    answer = await client.ask("hello", token=site.token("ada", service_sid="IS" + "1" * 32))
    assert answer["error"]["status"] == 401
    assert await client.closed() == 4401


async def test_an_expired_token_is_refused(site: Site) -> None:
    client = await site.dial()
    await client.ask("hello", token=site.token("ada", lifetime=-60))
    assert await client.closed() == 4401


async def test_a_hello_with_a_typing_error_is_told_what_was_meant(site: Site) -> None:
    client = await site.dial()
    answer = await client.ask("helo", token="x")
    assert "Did you mean 'hello'?" in answer["error"]["message"]


async def test_whoever_says_nothing_is_closed(house: House) -> None:
    async with serving(house, Limits(hello_seconds=0.1)) as site:
        assert await (await site.dial()).closed() == 4401


async def test_the_socket_ends_with_its_token(site: Site) -> None:
    client = await site.dial()
    # One second at least: a token's times are whole seconds.
    await client.ask("hello", token=site.token("ada", lifetime=1.5))
    assert await client.closed() == 4401


async def test_a_fresh_token_keeps_it_open(site: Site) -> None:
    client = await site.dial()
    await client.ask("hello", token=site.token("ada", lifetime=1))
    assert (await client.ask("token", token=site.token("ada")))["type"] == "ok"
    await asyncio.sleep(1.2)
    assert (await client.ask("ping"))["type"] == "pong"


async def test_somebody_elses_token_changes_nothing(site: Site) -> None:
    client = await site.connect("ada")
    assert (await client.ask("token", token=site.token("bob")))["error"]["code"] == 20003
    assert (await client.ask("token", token="rubbish"))["error"]["code"] == 20003
    assert site.hub.online() == {"ada"}
    assert (await client.ask("ping"))["type"] == "pong"


# Pages


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_site_is_closed(site: Site, origin: str) -> None:
    client = await site.dial(origin=origin)
    assert await client.closed() == 4403


async def test_our_own_page_comes_in(site: Site) -> None:
    client = await site.connect("ada", origin=f"http://127.0.0.1:{site.port}")
    assert client.code is None


@pytest.mark.parametrize("origins", [("https://shop.example",), lambda origin: origin.endswith(".example")])
async def test_an_allowed_page_comes_in(house: House, origins: object) -> None:
    async with serving(house, origins=origins) as site:
        assert (await site.connect("ada", origin="https://shop.example")).code is None


async def test_who_is_online_is_known(site: Site) -> None:
    ada, bob, again = await site.connect("ada"), await site.connect("bob"), await site.connect("ada")
    assert site.hub.online() == {"ada", "bob"}
    await ada.close()
    await bob.close()
    assert (await again.ask("ping"))["type"] == "pong"
    await asyncio.sleep(0.05)
    assert site.hub.online() == {"ada"}


async def test_signing_out_closes_the_desks_sockets(site: Site, house: House) -> None:
    await house.agent("grace")
    await house.system.invoke(StartSession("grace", "a" * 64))
    grace = await site.dial()
    await grace.ask("hello", token=site.token("grace", session="a" * 64))
    other = await site.connect("grace")  # with a token of another kind
    await house.system.invoke(EndSession("a" * 64))
    assert await grace.closed() == 4401
    assert (await other.ask("ping"))["type"] == "pong"


async def test_a_deleted_users_sockets_end(site: Site, house: House) -> None:
    ada, bob = await site.connect("ada"), await site.connect("bob")
    await house.system.invoke(DeleteUser("ada"))
    assert await ada.closed() == 4401
    assert (await bob.ask("ping"))["type"] == "pong"
    again = await site.connect("ada")
    assert again.welcome["user_sid"] != ada.welcome["user_sid"]


async def test_a_token_of_a_session_that_is_over_opens_nothing(site: Site, house: House) -> None:
    await house.agent("grace")
    grace = await site.dial()
    await grace.begin("hello", token=site.token("grace", session="b" * 64))
    assert await grace.closed() == 4401
