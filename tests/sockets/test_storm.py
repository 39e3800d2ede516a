"""Connections break while everybody talks: nothing is missing and nothing is told twice."""

from __future__ import annotations

import asyncio
import contextlib
import random

from websockets.exceptions import ConnectionClosed

from tests.people import Chat
from tests.sockets.clients import Client, Site
from vestibule.payloads import AddMember, RemoveMember, SendMessage

MESSAGES = 400


async def test_nobody_misses_anything_in_a_storm(site: Site, chat: Chat) -> None:
    chance = random.Random(7)
    storm = asyncio.gather(_write(site, chat, "a"), _write(site, chat, "b"), _come_and_go(site, chat))
    readers = [_read_on(site, chat, identity, chance) for identity in ("grace", chat.customer.identity)]
    _, *heard = await asyncio.gather(storm, *readers)
    for events in heard:
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        bodies = [event["message"]["body"] for event in events if event["kind"] == "MessageAdded"]
        assert [body for body in bodies if body[0] == "a"] == [f"a{number}" for number in range(MESSAGES)]
        assert [body for body in bodies if body[0] == "b"] == [f"b{number}" for number in range(MESSAGES)]


async def test_what_was_not_acknowledged_is_sent_again_and_added_once(site: Site, chat: Chat) -> None:
    chance = random.Random(3)
    waiting = {f"m{number}" for number in range(200)}
    while waiting:
        ada = await site.connect(chat.customer.identity)
        with contextlib.suppress(ConnectionClosed):
            asked = {
                body: await ada.begin("send", channel_sid=chat.channel_sid, body=body, key=body)
                for body in sorted(waiting)
            }
            await asyncio.wait(asked.values(), timeout=chance.random() / 50)
            ada.ws.transport.abort()
            waiting -= {body for body, answer in asked.items() if answer.done() and not answer.cancelled()}
            await ada.until(lambda ada=ada: ada.code is not None)
    grace = await site.connect("grace")
    last = (await grace.subscribe(chat.channel_sid))["seq"]
    await grace.until(lambda: len(grace.events) == last)
    assert sorted(grace.bodies()) == sorted(f"m{number}" for number in range(200))


async def _write(site: Site, chat: Chat, name: str) -> None:
    for number in range(MESSAGES):
        await site.house.system.invoke(SendMessage(chat.channel_sid, f"{name}{number}"))


async def _come_and_go(site: Site, chat: Chat) -> None:
    """Members who leave make the hub ask everybody's right again, in the middle of it all."""
    for number in range(30):
        await site.house.system.invoke(AddMember(chat.channel_sid, f"guest{number}"))
        await site.house.system.invoke(RemoveMember(chat.channel_sid, f"guest{number}"))


async def _read_on(site: Site, chat: Chat, identity: str, chance: random.Random) -> list[dict]:
    """Read until all was said, losing the connection again and again."""
    events: list[dict] = []
    while sum(event["kind"] == "MessageAdded" for event in events) < 2 * MESSAGES:
        client = await site.connect(identity)
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await client.subscribe(chat.channel_sid, events[-1]["seq"] if events else 0)
            await _break_off(client, chance)
        events += [event for event in client.events if event["stream"] == chat.channel_sid]
    return events


async def _break_off(client: Client, chance: random.Random) -> None:
    await asyncio.sleep(chance.random() / 20)
    client.ws.transport.abort()
    await client.until(lambda: client.code is not None)
