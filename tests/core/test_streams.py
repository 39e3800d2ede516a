"""Streams: what somebody missed, in order, with what the rows hold now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.people import Chat, House
from vestibule.errors import Conflict, NotFound, PermissionDenied
from vestibule.events import Happening, MemberRemoved, MessageRemoved, UserAdded
from vestibule.models import Event
from vestibule.payloads import (
    DeleteMessage,
    EnterService,
    ReadChannelStream,
    ReadServiceStream,
    ReadUserStream,
    RemoveMember,
    SendMessage,
    UpdateMessage,
)
from vestibule.ports import Transaction


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


async def test_what_was_missed_is_what_was_told(house: House, chat: Chat) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    await chat.agent.invoke(SendMessage(chat.channel_sid, "good morning"))
    page = await chat.agent.invoke(ReadChannelStream(chat.channel_sid, 0))
    told = [n for n in house.notices if isinstance(n, Happening) and n.stream == chat.channel_sid]
    assert [event.seq for event in page.events] == [notice.seq for notice in told]
    assert page.events[1:] == told[1:]  # the first holds the channel, which has changed since
    assert [event.seq for event in page.events] == list(range(1, page.seq + 1))


async def test_a_long_absence_is_read_page_by_page(chat: Chat) -> None:
    for number in range(25):
        await chat.customer.invoke(SendMessage(chat.channel_sid, str(number)))
    seqs: list[int] = []
    while True:
        page = await chat.agent.invoke(ReadChannelStream(chat.channel_sid, len(seqs), limit=10))
        seqs += [event.seq for event in page.events]
        if seqs[-1] == page.seq:
            break
    assert seqs == list(range(1, 29))


async def test_what_is_deleted_is_gone_from_the_past_too(chat: Chat) -> None:
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "my card number"))
    await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, body="4111 1111"))
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))
    page = await chat.agent.invoke(ReadChannelStream(chat.channel_sid, 0))
    assert [event.seq for event in page.events] == [1, 2, 3, 4, 5, 6]
    assert "card" not in repr(page)
    assert "4111" not in repr(page)


async def test_a_blocked_member_reads_on_and_one_who_left_does_not(chat: Chat) -> None:
    await chat.block()
    assert (await chat.customer.invoke(ReadChannelStream(chat.channel_sid, 0))).seq == 4
    await chat.agent.invoke(RemoveMember(chat.channel_sid, chat.customer.identity))
    with pytest.raises(NotFound):
        await chat.customer.invoke(ReadChannelStream(chat.channel_sid, 0))


async def test_strangers_read_no_stream(house: House, chat: Chat) -> None:
    stranger, _ = await house.visitor("Eve")
    neighbour = await house.neighbour("mallory", role="agent")
    for person in (stranger, neighbour, house.acting("nobody")):
        with pytest.raises(NotFound):
            await person.invoke(ReadChannelStream(chat.channel_sid, 0))
    with pytest.raises(PermissionDenied):
        await stranger.invoke(ReadServiceStream(0))
    assert (await neighbour.invoke(ReadServiceStream(0))).events == []


async def test_a_seq_that_was_never_reached_is_a_conflict(chat: Chat) -> None:
    for seq in (4, 10**30):
        with pytest.raises(Conflict):
            await chat.agent.invoke(ReadChannelStream(chat.channel_sid, seq))


async def test_a_page_is_bounded_whatever_is_asked_for(chat: Chat) -> None:
    for limit, seqs in ((-1, [1]), (0, [1]), (10**30, [1, 2, 3])):
        page = await chat.agent.invoke(ReadChannelStream(chat.channel_sid, -(10**30), limit=limit))
        assert [event.seq for event in page.events] == seqs


async def test_agents_read_what_happened_to_tasks(chat: Chat) -> None:
    page = await chat.agent.invoke(ReadServiceStream(0))
    assert [getattr(event, "task", None) for event in page.events] == [chat.task, chat.task]


async def test_whoever_arrives_with_a_token_becomes_a_user_once(house: House) -> None:
    newcomer = house.acting("newcomer")
    first, second = [await newcomer.invoke(EnterService()) for _ in range(2)]
    assert first == second
    assert first.user.identity == "newcomer"
    page = await newcomer.invoke(ReadUserStream(0))
    assert [type(event) for event in page.events] == [UserAdded]


async def test_the_log_says_who_did_what_and_how(house: House, chat: Chat) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    rest = replace(house.system, source="API", tells=False)
    await rest.invoke(SendMessage(chat.channel_sid, "we are closed"))

    def last_two(tx: Transaction) -> list[Event]:
        return tx.all(Event, "events_after", stream=chat.channel_sid, seq=3, limit=2)

    events = await house.system.database.read(last_two)
    assert [(event.identity, event.source, event.tells) for event in events] == [
        (chat.customer.identity, "SDK", True),
        ("system", "API", False),
    ]


async def test_what_is_gone_still_has_its_name(chat: Chat) -> None:
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "oh"))
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))
    await chat.agent.invoke(RemoveMember(chat.channel_sid, chat.customer.identity))
    deleted, left = (await chat.agent.invoke(ReadChannelStream(chat.channel_sid, 4))).events
    assert isinstance(deleted, MessageRemoved)
    assert (deleted.index, deleted.author) == (0, chat.customer.identity)
    assert isinstance(left, MemberRemoved)
    assert left.identity == chat.customer.identity
