"""Post-event webhooks: told of what was done, at least once and in order, whatever comes between."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from tests.gateways.hooked import FILE, Hooked, account, hooked, write_settings
from tests.gateways.receiving import AUTH_TOKEN, Receiver, Told, answer, saying, waiting
from tests.people import Chat
from vestibule.gateways.webhooks.follower import AT_ONE_ORIGIN
from vestibule.gateways.webhooks.tidying import MOST
from vestibule.models import FailedDelivery
from vestibule.payloads import (
    CreateChannel,
    DeleteChannel,
    DeleteMessage,
    DeleteWebhook,
    FetchChannel,
    ListFailedDeliveries,
    ListWebhooks,
    RetryDeliveries,
    SendMessage,
    UpdateMessage,
    UpdateUser,
)
from vestibule.ports import Transaction


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked(tmp_path) as site:
        yield site


@pytest.fixture
async def chat(site: Hooked) -> Chat:
    return await site.house.chat()


async def say(chat: Chat, *bodies: str) -> list[str]:
    """What the customer says; the sids."""
    sent = [await chat.customer.invoke(SendMessage(chat.channel_sid, body)) for body in bodies]
    return [message.sid for message in sent]


async def another_chat(site: Hooked) -> Chat:
    customer, session = await site.house.visitor("Bob")
    return Chat(customer, customer, session.channel.sid, session.task)


async def failures(site: Hooked) -> list[FailedDelivery]:
    return await site.house.system.invoke(ListFailedDeliveries())


# What is told


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_official_validator_knows_us(
    site: Hooked, chat: Chat, receiver: Receiver, method: str
) -> None:
    site.tell(f"{receiver.url}?key=a%20b&key=c", "onMessageSent", webhook_method=method)
    await say(chat, "Grüße & mehr = 100 %")
    (told,) = await receiver.until(1)
    posted = told.form if method == "POST" else {}
    signature = told.headers["x-twilio-signature"]
    assert (told.method, told.form["Body"]) == (method, "Grüße & mehr = 100 %")
    assert RequestValidator(AUTH_TOKEN).validate(told.url, posted, signature)
    assert not RequestValidator("another").validate(told.url, posted, signature)


async def test_a_message_is_told_with_all_that_is_known_of_it(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url, "onMessageSent")
    (sid,) = await say(chat, "Hello")
    (told,) = await receiver.until(1)
    form = told.form
    assert form.pop("DateCreated").endswith("Z")
    assert form == {
        "AccountSid": "AC" + "0" * 32,
        "InstanceSid": site.house.service_sid,
        "EventType": "onMessageSent",
        "ClientIdentity": chat.customer.identity,
        "Source": "SDK",
        "RetryCount": "0",
        "ChannelSid": chat.channel_sid,
        "To": chat.channel_sid,
        "MessageSid": sid,
        "Index": "0",
        "From": chat.customer.identity,
        "Body": "Hello",
        "Attributes": "{}",
    }


async def test_everything_that_happens_has_its_event(site: Hooked, receiver: Receiver) -> None:
    site.tell(receiver.url)
    chat = await site.house.chat()
    (sid,) = await say(chat, "Hello")
    await chat.customer.invoke(UpdateMessage(chat.channel_sid, sid, "Hello!"))
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, sid))
    await chat.agent.invoke(UpdateUser("grace", "Grace"))
    await site.house.system.invoke(DeleteChannel(chat.channel_sid))
    await site.settled()
    in_channel = [told.form["EventType"] for told in receiver.told if "ChannelSid" in told.form]
    assert in_channel == [
        *("onChannelAdded", "onMemberAdded", "onMemberAdded"),
        *("onMessageSent", "onMessageUpdated", "onMessageRemoved", "onChannelDestroyed"),
    ]
    assert sorted(set(receiver.events) - set(in_channel)) == ["onUserAdded", "onUserUpdated"]
    removed = next(told.form for told in receiver.told if told.form["EventType"] == "onMessageRemoved")
    assert (removed["MessageSid"], removed["Index"], removed["From"]) == (sid, "0", chat.customer.identity)
    assert "Body" not in removed


async def test_what_account_credentials_do_is_told_where_they_ask_for_it(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    await account(chat, tells=False).invoke(SendMessage(chat.channel_sid, "In silence"))
    await account(chat, tells=True).invoke(SendMessage(chat.channel_sid, "Aloud"))
    (told,) = await receiver.until(1)
    assert (told.form["Body"], told.form["Source"], told.form["ClientIdentity"]) == ("Aloud", "API", "system")


async def test_a_webhook_that_is_set_later_is_not_told_the_past(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    await say(chat, "Before")
    site.tell(receiver.url)
    await say(chat, "After")
    await receiver.until(1)
    await site.follower.look()
    await site.settled()
    assert receiver.bodies == ["After"]


async def test_what_was_said_while_it_was_taken_away_is_never_told(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    await say(chat, "First")
    await receiver.until(1)
    site.configure()
    await say(chat, "Between")
    site.tell(receiver.url)
    await say(chat, "Last")
    await receiver.until(2)
    assert receiver.bodies == ["First", "Last"]


async def test_another_service_on_the_machine_is_not_told(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    stranger = await site.house.neighbour("eve")
    await stranger.invoke(CreateChannel("Elsewhere"))
    await say(chat, "Here")
    await receiver.until(1)
    await site.follower.look()
    await site.settled()
    assert receiver.bodies == ["Here"]


async def test_connections_are_kept(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.tell(receiver.url)
    await say(chat, *"abcdef")
    await receiver.until(6)
    assert receiver.connections == 1


# A channel's own


async def test_a_channels_webhook_is_told_of_its_channel_alone(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    await say(chat, "Before")
    await site.webhook(chat.channel_sid, receiver.url, "onMessageSent")
    await say(await another_chat(site), "Elsewhere")
    await say(chat, "Here")
    await receiver.until(1)
    assert receiver.bodies == ["Here"]


async def test_a_trigger_waits_for_its_words(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    await site.webhook(chat.channel_sid, receiver.url, type="trigger", triggers=("refund", "Straße"))
    await say(chat, "Hello", "I want a REFUND", "in der straße", "Bye")
    await receiver.until(2)
    await site.settled()
    assert receiver.bodies == ["I want a REFUND", "in der straße"]


async def test_a_flow_of_studios_is_kept_and_called_by_nobody(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    webhook = await site.webhook(chat.channel_sid, receiver.url, type="studio", flow_sid="FW" + "0" * 32)
    await say(chat, "Hello")
    await site.settled()
    assert (webhook.url, receiver.told) == ("", [])
    assert await site.house.system.invoke(ListWebhooks(chat.channel_sid)) == [webhook]


async def test_a_webhook_that_was_deleted_is_told_no_more(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    webhook = await site.webhook(chat.channel_sid, receiver.url)
    await say(chat, "First")
    await receiver.until(1)
    await site.house.system.invoke(DeleteWebhook(chat.channel_sid, webhook.sid))
    await say(chat, "Second")
    await site.settled()
    assert receiver.bodies == ["First"]


async def test_a_channels_webhook_is_told_of_its_end_and_goes_with_it(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    told_of_all = await site.webhook(chat.channel_sid, receiver.url)
    other = await site.webhook(chat.channel_sid, receiver.url, "onMemberAdded")
    await site.house.system.invoke(DeleteChannel(chat.channel_sid))
    await receiver.until(1)
    await site.settled()
    assert receiver.events == ["onChannelDestroyed"]
    for webhook in (told_of_all, other):
        left = await site.house.parts.database.read(
            lambda tx, sid=webhook.sid: (
                tx.value("webhook_by_sid", sid=sid),
                tx.value("webhook_mark", target=sid, stream=chat.channel_sid),
            )
        )
        assert left == (None, None)


# When it does not answer well


async def test_a_receiver_that_stumbles_is_told_again_in_order(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    receiver.react = lambda told: answer(500 if len(receiver.told) < 3 else 200)
    await say(chat, "First", "Second")
    await receiver.until(4)
    assert receiver.bodies == ["First", "First", "First", "Second"]
    assert [told.form["RetryCount"] for told in receiver.told] == ["0", "1", "2", "0"]


async def test_a_channel_whose_receiver_is_slow_holds_no_other_up(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    other = await another_chat(site)
    gate = asyncio.Event()

    async def slow_for_one(told: Told) -> bytes:
        if told.form["ChannelSid"] == chat.channel_sid:
            await gate.wait()
        return answer()

    receiver.react = slow_for_one
    site.tell(receiver.url)
    await say(chat, "slow 1", "slow 2")
    await say(other, "quick 1", "quick 2", "quick 3")
    await receiver.until(4)
    assert receiver.bodies == ["slow 1", "quick 1", "quick 2", "quick 3"]
    gate.set()
    await receiver.until(5)
    assert receiver.bodies[-1] == "slow 2"


async def test_a_receiver_is_told_of_so_many_channels_at_once_and_then_of_the_others(
    site: Hooked, receiver: Receiver
) -> None:
    gate = asyncio.Event()
    receiver.react = waiting(gate)
    site.tell(receiver.url, "onMessageSent")
    system = site.house.system
    channels = [await system.invoke(CreateChannel(f"{number}")) for number in range(AT_ONE_ORIGIN + 4)]
    for channel in channels:
        await system.invoke(SendMessage(channel.sid, channel.friendly_name))
    await receiver.until(AT_ONE_ORIGIN)
    assert (len(receiver.told), len(site.follower)) == (AT_ONE_ORIGIN, len(channels))
    gate.set()
    await receiver.until(len(channels))
    await site.settled()
    assert sorted(receiver.bodies) == sorted(channel.friendly_name for channel in channels)


async def test_what_could_not_be_told_is_put_aside_and_the_next_is_told(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url, post_webhook_retry_count=1)
    receiver.react = lambda told: answer(400 if told.form["Body"] == "Poison" else 200)
    await say(chat, "Poison", "Remedy")
    await receiver.until(5)
    assert receiver.bodies == ["Poison"] * 4 + ["Remedy"]
    (failure,) = await failures(site)
    assert (failure.target, failure.stream, failure.event_type, failure.attempts, failure.error) == (
        site.house.service_sid,
        chat.channel_sid,
        "onMessageSent",
        4,
        "answered with status 400",
    )


async def test_what_was_put_aside_is_told_when_somebody_asks(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    receiver.react = saying(500)
    await say(chat, "First", "Second")
    await receiver.until(6)
    await site.settled()
    receiver.react = saying(200)
    _, two = await failures(site)
    assert await site.house.system.invoke(RetryDeliveries((two.id, 4711))) == 1
    await receiver.until(7)
    assert receiver.bodies[-1] == "Second"
    assert await site.house.system.invoke(RetryDeliveries()) >= 1
    await receiver.until(8)
    async with asyncio.timeout(10):
        while await failures(site):
            await asyncio.sleep(0.01)
    assert receiver.bodies[-1] == "First"


async def test_what_fails_again_stays_on_the_list(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.tell(receiver.url)
    receiver.react = saying(500)
    await say(chat, "First")
    await receiver.until(3)
    await site.settled()
    await site.house.system.invoke(RetryDeliveries())
    await receiver.until(4)
    async with asyncio.timeout(10):
        while (await failures(site))[0].again:
            await asyncio.sleep(0.01)
    assert [failure.attempts for failure in await failures(site)] == [4]


async def _put_aside(site: Hooked, target: str, count: int, age: float = 0.0) -> None:
    """Letters that were given up, so many seconds ago."""

    def add(tx: Transaction) -> None:
        tx.now -= age
        for seq in range(count):
            about = {"event_type": "onMessageSent", "error": "x", "attempts": 1}
            tx.run("add_webhook_failure", target=target, stream="CH", seq=seq, **about)

    await site.house.parts.database.write(add)


async def test_what_could_not_be_told_is_kept_for_thirty_days(tmp_path: Path) -> None:
    async with hooked(tmp_path, tidies=0.02) as site:
        await _put_aside(site, "WH1", 2, age=29 * 86400)
        await _put_aside(site, "WH1", 3, age=31 * 86400)
        async with asyncio.timeout(10):
            while len(await failures(site)) > 2:
                await asyncio.sleep(0.01)


async def test_of_one_address_only_the_newest_are_kept(tmp_path: Path) -> None:
    async with hooked(tmp_path, follows=False) as site:
        await _put_aside(site, "WH1", 2)
        await _put_aside(site, "WH2", MOST + 3)
        await site.follower.start()
        kept = await site.house.system.invoke(ListFailedDeliveries(limit=2 * MOST))
    seqs = [(failure.target, failure.seq) for failure in kept]
    assert seqs == [("WH1", 0), ("WH1", 1), *(("WH2", seq) for seq in range(3, MOST + 3))]


async def test_a_quiet_channel_is_forgotten_and_begun_again(tmp_path: Path, receiver: Receiver) -> None:
    async with hooked(tmp_path, tidies=0.02) as site:
        chat = await site.house.chat()
        site.tell(receiver.url, "onMessageSent")
        await say(chat, "First")
        await receiver.until(1)
        await site.settled()
        with closing(sqlite3.connect(tmp_path / FILE, timeout=10)) as house:
            with house:
                house.execute("UPDATE events SET date_created = date_created - 3600")
            async with asyncio.timeout(10):
                while house.execute("SELECT count(*) FROM webhook_cursors").fetchone()[0]:
                    await asyncio.sleep(0.01)
        await say(chat, "Second")
        await receiver.until(2)
        await site.settled()
    assert receiver.bodies == ["First", "Second"]


async def test_what_nobody_is_there_to_be_told_is_taken_off_the_list(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.tell(receiver.url)
    receiver.react = saying(500)
    await say(chat, "First")
    await receiver.until(3)
    await site.settled()
    site.configure()
    await site.house.system.invoke(RetryDeliveries())
    async with asyncio.timeout(10):
        while await failures(site):
            await asyncio.sleep(0.01)
    assert len(receiver.told) == 3


# When what is to be told is gone, or the house was


async def test_what_was_deleted_meanwhile_is_told_without_its_content(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    gate = asyncio.Event()
    receiver.react = waiting(gate)
    site.tell(receiver.url)
    _, sid = await say(chat, "First", "A secret")
    await receiver.until(1)
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, sid))
    gate.set()
    await receiver.until(3)
    assert receiver.events == ["onMessageSent", "onMessageSent", "onMessageRemoved"]
    assert receiver.told[1].form["MessageSid"] == sid
    assert not any(b"secret" in told.body for told in receiver.told)


async def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path, receiver: Receiver) -> None:
    bodies = [str(number) for number in range(10)]
    async with hooked(tmp_path, patience=(60.0,)) as site:
        chat = await site.house.chat()
        site.tell(receiver.url)
        receiver.react = lambda told: answer(200 if len(receiver.told) <= 3 else 500)
        await say(chat, *bodies)
        await receiver.until(4)
    assert receiver.bodies == ["0", "1", "2", "3"]
    receiver.react = saying(200)
    async with hooked(tmp_path) as site:
        await receiver.until(11)
        await site.settled()
    assert receiver.bodies == ["0", "1", "2", "3", *bodies[3:]]


async def test_what_happened_while_nobody_followed_is_told_at_the_next_start(
    tmp_path: Path, receiver: Receiver
) -> None:
    """Also of a channel that the webhook had heard nothing of, and that is gone by now."""
    async with hooked(tmp_path) as site:
        chat = await site.house.chat()
        site.tell(receiver.url)
        await site.follower.look()
    async with hooked(tmp_path, follows=False) as site:
        system = site.house.system
        await system.invoke(SendMessage(chat.channel_sid, "Anybody?"))
        room = await system.invoke(CreateChannel("Room"))
        assert await system.invoke(FetchChannel(room.sid))
        await system.invoke(DeleteChannel(room.sid))
        service_sid = site.house.service_sid
    write_settings(
        tmp_path / FILE, service_sid, post_webhook_url=receiver.url, webhook_filters=POST_EVENTS_OF_IT
    )
    async with hooked(tmp_path) as site:
        await receiver.until(3)
        await site.settled()
    assert sorted(receiver.events) == ["onChannelAdded", "onChannelDestroyed", "onMessageSent"]


POST_EVENTS_OF_IT = ("onMessageSent", "onChannelAdded", "onChannelDestroyed")


async def test_a_second_start_tells_nothing_twice(tmp_path: Path, receiver: Receiver) -> None:
    async with hooked(tmp_path) as site:
        chat = await site.house.chat()
        site.tell(receiver.url)
        await say(chat, "Once")
        await receiver.until(1)
        await site.settled()
    for _ in range(2):
        async with hooked(tmp_path) as site:
            await site.settled()
    assert receiver.bodies == ["Once"]
