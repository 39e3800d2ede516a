"""What is sent over a socket."""

from __future__ import annotations

import asyncio
import random

from tests.people import Chat, House, erasing, open_house
from tests.sockets.clients import Site, serving
from tests.sockets.files import clean_file
from vestibule.actions import Actions
from vestibule.context import Context
from vestibule.payloads import FetchMember, SendMessage, UpdateMember, WrapupTask


async def test_sent_says_that_it_is_durable(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    sent = await ada.say(chat.channel_sid, "Hello", attributes='{"a":1}')
    assert sent["message"]["author"] == chat.customer.identity
    assert (sent["message"]["index"], sent["message"]["attributes"]) == (0, '{"a":1}')


async def test_a_thousand_messages_keep_their_order(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    await grace.subscribe(chat.channel_sid)
    bodies = [str(number) for number in range(1000)]
    asked = [await ada.begin("send", channel_sid=chat.channel_sid, body=body, key=body) for body in bodies]
    answers = await asyncio.gather(*asked)
    await grace.until(lambda: len(grace.bodies()) == 1000)
    assert grace.bodies() == bodies
    assert [answer["message"]["index"] for answer in answers] == list(range(1000))


async def test_they_keep_it_where_no_listener_stands(house: House) -> None:
    chat = await house.chat()
    async with serving(house, in_turn=lambda: False) as site:
        await test_a_thousand_messages_keep_their_order(site, chat)


async def test_a_slow_rule_changes_no_order(tmp_path) -> None:
    rules = Actions()

    async def dawdle(payload: SendMessage, ctx: Context) -> None:
        await asyncio.sleep(random.random() / 100)

    rules.before("SendMessage")(dawdle)
    table = erasing()
    house = await open_house(tmp_path, table, rules)
    async with serving(house) as site:
        chat = await house.chat()
        ada = await site.connect(chat.customer.identity)
        bodies = [str(number) for number in range(50)]
        asked = [
            await ada.begin("send", channel_sid=chat.channel_sid, body=body, key=body) for body in bodies
        ]
        answers = await asyncio.gather(*asked)
    await house.close()
    assert [answer["message"]["index"] for answer in answers] == list(range(50))


async def test_the_same_key_is_added_once(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    first = await ada.say(chat.channel_sid, "Hello", key="k1")
    again = await (await site.connect(chat.customer.identity)).say(chat.channel_sid, "Hello", key="k1")
    assert first["message"] == again["message"]
    assert (await ada.say(chat.channel_sid, "Next"))["message"]["index"] == 1


async def test_a_file_is_sent(site: Site, chat: Chat) -> None:
    media = await clean_file(chat.customer, chat.channel_sid)
    ada = await site.connect(chat.customer.identity)
    sent = await ada.say(chat.channel_sid, "", key="k", media_sid=media.sid)
    assert sent["message"]["media"]["sid"] == media.sid


async def test_somebody_elses_file_is_not_sent(site: Site, chat: Chat) -> None:
    media = await clean_file(chat.agent, chat.channel_sid)
    ada = await site.connect(chat.customer.identity)
    assert (await ada.say(chat.channel_sid, "", key="k", media_sid=media.sid))["error"]["code"] == 50507


async def test_a_member_blocked_meanwhile_is_refused_at_once(site: Site, chat: Chat) -> None:
    media = await clean_file(chat.customer, chat.channel_sid)
    ada = await site.connect(chat.customer.identity)
    assert (await ada.say(chat.channel_sid, "before"))["type"] == "sent"
    await chat.block()
    assert (await ada.say(chat.channel_sid, "after"))["error"]["code"] == 50107
    refused = await ada.say(chat.channel_sid, "", key="k", media_sid=media.sid)
    assert (refused["error"]["status"], refused["error"]["code"]) == (403, 50107)
    assert (await ada.ask("typing", channel_sid=chat.channel_sid))["error"]["code"] == 50107
    await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role="channel user"))
    assert (await ada.say(chat.channel_sid, "again"))["type"] == "sent"


async def test_an_ended_chat_takes_nothing(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    assert (await ada.say(chat.channel_sid, "Hello?"))["error"]["reason"] == "chat_ended"


async def test_a_stranger_cannot_write(site: Site, chat: Chat) -> None:
    eve = await site.connect("eve")
    assert (await eve.say(chat.channel_sid, "Hello"))["error"]["status"] == 404
    assert (await eve.ask("read", channel_sid=chat.channel_sid, index=0))["error"]["status"] == 404


async def test_how_far_one_has_read_is_kept(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    await grace.subscribe(chat.channel_sid)
    await ada.say(chat.channel_sid, "one")
    assert (await ada.ask("read", channel_sid=chat.channel_sid, index=0))["type"] == "ok"
    await grace.until(lambda: grace.events[-1:] and grace.events[-1]["kind"] == "MemberUpdated")
    member = await chat.agent.invoke(FetchMember(chat.channel_sid, chat.customer.identity))
    assert member.last_consumed_message_index == 0


# Mistakes


async def test_mistakes_are_answered_with_what_was_meant(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    for kind, fields, words in (
        ("sned", {}, "Did you mean 'send'?"),
        ("send", {"chanel_sid": "x"}, "Did you mean 'channel_sid'?"),
        ("subscribe", {"stream": chat.channel_sid, "seq": -1}, ">= 0"),
        ("subscribe", {"stream": chat.channel_sid}, "missing required field `seq`"),
        ("send", {"channel_sid": chat.channel_sid, "body": "x"}, "missing required field `key`"),
        ("hello", {"token": "x"}, "hello already"),
    ):
        answer = await ada.ask(kind, **fields)
        assert answer["type"] == "error"
        assert words in answer["error"]["message"]
    assert (await ada.ask("ping"))["type"] == "pong"


async def test_rubbish_is_answered_and_closes_nothing(site: Site) -> None:
    ada = await site.connect("ada")
    for rubbish in ("", "{", "[]", "null", "[" * 60_000, b"\x00\x01", '{"type":"ping","id":1e400}'):
        await ada.ws.send(rubbish)
    await ada.until(lambda: len(ada.errors) == 7)
    assert {frame["error"]["code"] for frame in ada.errors} == {60002}
    assert (await ada.ask("ping"))["type"] == "pong"


async def test_a_rule_that_stops_a_message_says_why(tmp_path) -> None:
    rules = Actions()

    async def refuse(payload: SendMessage, ctx: Context) -> None:
        ctx.cancel("Not on Sundays.")

    rules.before("SendMessage")(refuse)
    house = await open_house(tmp_path, erasing(), rules)
    async with serving(house) as site:
        chat = await house.chat()
        ada = await site.connect(chat.customer.identity)
        answer = await ada.say(chat.channel_sid, "Hello")
    await house.close()
    assert answer["error"]["message"] == "Not on Sundays."
