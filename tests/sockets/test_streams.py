"""What is told, to whom, and in which order."""

from __future__ import annotations

import asyncio

from tests.people import Chat, House
from tests.sockets.clients import Site
from tests.sockets.files import clean_file
from vestibule.chat.services import add
from vestibule.context import Context
from vestibule.events import MediaCleared, MediaRefused, Sending, WebhooksChanged
from vestibule.payloads import (
    DeleteChannel,
    DeleteMessage,
    EnterService,
    RemoveMember,
    SendMediaMessage,
    SendMessage,
    SettingsChange,
    StartChat,
    UpdateMessage,
    UpdateRole,
    UpdateService,
    UpdateUser,
    WrapupTask,
)
from vestibule.ports import Transaction
from vestibule.refusals import refusal


async def test_the_other_side_hears_what_is_written(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    start = (await grace.subscribe(chat.channel_sid))["seq"]
    sent = await ada.say(chat.channel_sid, "Hello")
    await grace.until(lambda: grace.bodies() == ["Hello"])
    assert sent["type"] == "sent"
    assert grace.events[-1]["message"] == sent["message"]
    assert grace.seqs(chat.channel_sid) == list(range(1, start + 2))


async def test_where_webhooks_lead_is_told_to_no_socket(site: Site, house: House, chat: Chat) -> None:
    grace = await site.connect("grace")
    await grace.subscribe(house.service_sid)
    change = SettingsChange(post_webhook_url="https://example.com/")
    await house.system.invoke(UpdateService(settings=change))
    assert (await grace.ask("ping"))["type"] == "pong"
    assert grace.passing == []
    assert WebhooksChanged(stream=house.service_sid, identity="") in house.notices


async def test_what_was_missed_comes_first_and_with_its_content(site: Site, chat: Chat) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "kept"))
    gone = await chat.customer.invoke(SendMessage(chat.channel_sid, "gone"))
    edited = await chat.customer.invoke(SendMessage(chat.channel_sid, "draft"))
    await chat.customer.invoke(UpdateMessage(chat.channel_sid, edited.sid, body="final"))
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, gone.sid))
    await chat.block()
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    grace = await site.connect("grace")
    last = (await grace.subscribe(chat.channel_sid))["seq"]
    await grace.until(lambda: len(grace.events) == last)
    told = {(event["kind"], event["sid"]): event for event in grace.events}
    assert told["MessageAdded", gone.sid]["message"] is None
    assert told["MessageAdded", edited.sid]["message"]["body"] == "final"
    assert told["MessageUpdated", edited.sid]["message"]["was_edited"] is True
    assert "message" not in told["MessageRemoved", gone.sid]
    members = [event["member"]["role"] for event in grace.events if event["kind"] == "MemberUpdated"]
    assert members == ["blockedUser"]
    assert told["ChannelUpdated", chat.channel_sid]["channel"]["date_ended"] is not None


async def test_nothing_but_what_was_missed_is_told(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    last = (await grace.subscribe(chat.channel_sid, 1))["seq"]
    await grace.until(lambda: len(grace.events) == last - 1)
    assert grace.seqs(chat.channel_sid) == list(range(2, last + 1))


async def test_five_hundred_missed_messages_come_fast(site: Site, chat: Chat) -> None:
    writes = (SendMessage(chat.channel_sid, str(number)) for number in range(500))
    await asyncio.gather(*(chat.customer.invoke(write) for write in writes))
    grace = await site.connect("grace")
    began = asyncio.get_running_loop().time()
    await grace.subscribe(chat.channel_sid)
    await grace.until(lambda: len(grace.bodies()) == 500)
    assert grace.bodies() == [str(number) for number in range(500)]
    assert asyncio.get_running_loop().time() - began < 2  # seconds; a query for each would take longer


async def test_subscribing_again_begins_again_from_there(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    last = (await grace.subscribe(chat.channel_sid))["seq"]
    await grace.until(lambda: len(grace.events) == last)
    await grace.subscribe(chat.channel_sid, last - 1)
    await grace.until(lambda: len(grace.events) == last + 1)
    await chat.customer.invoke(SendMessage(chat.channel_sid, "once"))
    await grace.until(grace.bodies)
    assert grace.seqs(chat.channel_sid) == [*range(1, last + 1), last, last + 1]


async def test_a_seq_that_never_was_is_refused(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    answer = await grace.subscribe(chat.channel_sid, 1000)
    assert answer["error"]["reason"] == "conflict"


async def test_nothing_comes_after_unsubscribe(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    last = (await grace.subscribe(chat.channel_sid))["seq"]
    await grace.until(lambda: len(grace.events) == last)
    assert (await grace.ask("unsubscribe", stream=chat.channel_sid))["type"] == "ok"
    await chat.customer.invoke(SendMessage(chat.channel_sid, "unheard"))
    await grace.ask("ping")
    assert grace.bodies() == []


# Who may


async def test_a_stranger_hears_nothing(site: Site, chat: Chat) -> None:
    eve = await site.connect("eve")
    assert (await eve.subscribe(chat.channel_sid))["error"]["status"] == 404
    assert (await eve.subscribe(site.house.service_sid))["error"]["code"] == 50107
    assert (await eve.subscribe((await chat.agent.invoke(EnterService())).user.sid))["error"]["status"] == 404
    await chat.customer.invoke(SendMessage(chat.channel_sid, "secret"))
    await eve.ask("ping")
    assert eve.events == []


async def test_a_channel_of_another_service_does_not_exist(site: Site, house: House) -> None:
    other = await house.parts.database.write(lambda tx: add(tx, "Other"))
    there = Context(house.parts, other.sid, "system")
    channel_sid = (await there.invoke(StartChat())).channel.sid
    await house.agent("grace")
    grace = await site.connect("grace")
    assert (await grace.subscribe(channel_sid))["error"]["status"] == 404
    assert (await grace.subscribe(other.sid))["error"]["status"] == 404
    assert (await grace.say(channel_sid, "x"))["error"]["status"] == 404


async def test_agents_hear_of_tasks(site: Site, house: House) -> None:
    await house.agent("grace")
    grace = await site.connect("grace")
    await grace.subscribe(site.house.service_sid, 0)
    await house.visitor("Ada")
    await grace.until(lambda: grace.events)
    assert grace.events[0]["task"]["customer_name"] == "Ada"
    again = await site.connect("grace")
    await again.subscribe(site.house.service_sid, 0)
    await again.until(lambda: again.events)
    assert again.events[0] == grace.events[0]


async def test_a_removed_member_hears_nothing_from_then_on(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    await ada.subscribe(chat.channel_sid)
    await grace.subscribe(chat.channel_sid)
    await asyncio.gather(
        chat.agent.invoke(RemoveMember(chat.channel_sid, chat.customer.identity)),
        site.house.system.invoke(SendMessage(chat.channel_sid, "after")),
    )
    await ada.until(lambda: ada.ended)
    await grace.until(grace.bodies)
    await ada.ask("ping")
    assert ada.ended[0]["stream"] == chat.channel_sid
    assert ada.ended[0]["error"]["status"] == 404
    assert ada.bodies() == []
    assert [event["kind"] for event in grace.events][-2:] == ["MemberRemoved", "MessageAdded"]


async def test_a_deleted_channel_ends(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    await grace.subscribe(chat.channel_sid)
    await site.house.system.invoke(DeleteChannel(chat.channel_sid))
    await grace.until(lambda: grace.events and grace.events[-1]["kind"] == "ChannelRemoved")
    assert grace.ended == []
    assert (await grace.subscribe(chat.channel_sid))["error"]["status"] == 404


async def test_an_agent_no_longer_hears_nothing_more(site: Site, house: House, chat: Chat) -> None:
    _, session = await house.visitor("Bob")
    grace = await site.connect("grace")
    await grace.subscribe(session.channel.sid)
    await grace.subscribe(site.house.service_sid)
    await house.system.invoke(UpdateUser("grace", role="service user"))
    await grace.until(lambda: len(grace.ended) == 2)
    assert {frame["stream"] for frame in grace.ended} == {session.channel.sid, site.house.service_sid}


async def test_a_role_that_loses_its_right_holds_at_once(site: Site, house: House) -> None:
    _, session = await house.visitor("Bob")
    agent = await house.agent("grace")
    grace = await site.connect("grace")
    await grace.subscribe(session.channel.sid)
    role_sid = (await agent.invoke(EnterService())).user.role_sid
    await house.system.invoke(UpdateRole(role_sid, ("acceptTask",)))
    await grace.until(lambda: grace.ended)
    assert grace.ended[0]["stream"] == session.channel.sid


async def test_a_blocked_member_reads_on(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    await ada.subscribe(chat.channel_sid)
    await chat.block()
    await chat.agent.invoke(SendMessage(chat.channel_sid, "Still there?"))
    await ada.until(ada.bodies)
    assert ada.bodies() == ["Still there?"]


# What is not kept


async def test_typing_is_shown_to_the_others_and_not_kept(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    start = (await grace.subscribe(chat.channel_sid))["seq"]
    await ada.subscribe(chat.channel_sid)
    await grace.until(lambda: len(grace.events) == start)
    await ada.begin("typing", channel_sid=chat.channel_sid)
    await grace.until(lambda: grace.passing)
    await ada.ask("ping")
    typing = {"kind": "Typing", "stream": chat.channel_sid, "identity": chat.customer.identity}
    assert (grace.passing, ada.passing) == ([typing], [])
    late = await site.connect("grace")
    assert (await late.subscribe(chat.channel_sid))["seq"] == start


async def test_that_a_file_is_being_sent_is_shown(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    start = (await grace.subscribe(chat.channel_sid))["seq"]
    await grace.until(lambda: len(grace.events) == start)
    sending = Sending(stream=chat.channel_sid, identity="ada", media_sid="ME1")
    site.house.parts.bus.publish([sending])
    await grace.until(lambda: grace.passing)
    assert grace.passing[0]["media_sid"] == "ME1"
    assert grace.passing[0]["done"] is False


# Files


async def test_a_message_with_a_file_brings_the_file(site: Site, chat: Chat) -> None:
    grace = await site.connect("grace")
    await grace.subscribe(chat.channel_sid)
    media = await clean_file(chat.customer, chat.channel_sid)
    await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media.sid))
    await grace.until(lambda: grace.events and grace.events[-1]["kind"] == "MessageAdded")
    late = await site.connect("grace")
    await late.subscribe(chat.channel_sid)
    await late.until(lambda: len(late.events) == len(grace.events))
    assert grace.events[-1]["message"]["media"]["sid"] == media.sid
    assert late.events[-1] == grace.events[-1]


async def test_what_became_of_a_file_is_told(site: Site, chat: Chat) -> None:
    media = await clean_file(chat.customer, chat.channel_sid)
    user_sid = (await chat.customer.invoke(EnterService())).user.sid

    def change(tx: Transaction) -> None:
        tx.append(MediaCleared, user_sid, media.sid, media=media)
        why = refusal("too_large")
        tx.append(MediaRefused, chat.channel_sid, media.sid, media=media, refusal=why)

    ada = await site.connect(chat.customer.identity)
    last = (await ada.subscribe(chat.channel_sid))["seq"]
    await site.house.parts.database.write(change)
    await ada.until(lambda: len(ada.events) == last + 2)
    told = {event["kind"]: event for event in ada.events}
    cleared, refused = told["MediaCleared"], told["MediaRefused"]
    assert (cleared["kind"], cleared["media"]["sid"]) == ("MediaCleared", media.sid)
    assert refused["refusal"]["reason"] == "too_large"


async def test_ones_own_stream_goes_on_where_it_was_left(site: Site, chat: Chat) -> None:
    media = await clean_file(chat.customer, chat.channel_sid)
    user_sid = (await chat.customer.invoke(EnterService())).user.sid
    await site.house.parts.database.write(
        lambda tx: [tx.append(MediaCleared, user_sid, media.sid) for _ in range(3)]
    )
    ada = await site.connect(chat.customer.identity, since=2)
    await ada.until(lambda: len(ada.events) == 2)
    assert ada.seqs(user_sid) == [3, 4]
    assert ada.events[0]["media"]["filename"] == "cat.png"
    assert ada.welcome["seq"] == 4
    fresh = await site.connect(chat.customer.identity)
    await fresh.ask("ping")
    assert fresh.events == []
