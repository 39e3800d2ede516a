"""A chat from its start to its end: start, accept, transfer, wrap up, complete."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from tests.people import Chat, House
from vestibule.chat.tasks import OFFER
from vestibule.errors import (
    AttributesInvalid,
    ChatEnded,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    TaskConflict,
)
from vestibule.events import ChannelAdded, ChannelUpdated, MemberAdded, MemberRemoved, TaskUpdated
from vestibule.models import Task
from vestibule.payloads import (
    AcceptTask,
    CompleteTask,
    DeleteChannel,
    DeleteMessage,
    FetchChannel,
    FetchPerson,
    FetchSite,
    ListMembers,
    ListTasks,
    OpenChannel,
    SendMessage,
    StartChat,
    TransferTask,
    UpdateMessage,
    WrapupTask,
)


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


async def who_is_in(house: House, channel_sid: str) -> list[str]:
    return [member.identity for member in await house.system.invoke(ListMembers(channel_sid))]


# Starting


async def test_a_customer_is_received(house: House) -> None:
    customer, session = await house.visitor("  Ada Lovelace ")
    assert (session.task.state, session.task.customer_name) == ("pending", "Ada Lovelace")
    assert session.channel.type == "private"
    attributes = json.loads(session.channel.attributes)
    assert attributes["identity"] == session.identity == customer.identity
    assert attributes["status"] == "ACTIVE"
    assert await who_is_in(house, session.channel.sid) == [session.identity]


async def test_no_two_customers_are_the_same(house: House) -> None:
    sessions = [session for _, session in [await house.visitor() for _ in range(5)]]
    assert len({session.identity for session in sessions}) == 5


async def test_only_the_house_starts_a_chat(house: House) -> None:
    customer, _ = await house.visitor()
    with pytest.raises(PermissionDenied):
        await customer.invoke(StartChat())


async def test_a_page_may_give_attributes_but_not_overrule_ours(house: House) -> None:
    given = json.dumps({"page": "/prices", "identity": "grace", "status": "INACTIVE"})
    session = await house.system.invoke(StartChat(attributes=given))
    attributes = json.loads(session.channel.attributes)
    assert (attributes["page"], attributes["status"]) == ("/prices", "ACTIVE")
    assert attributes["identity"] == session.identity


@pytest.mark.parametrize(
    "attributes",
    ["{", "NaN", "[1,", "'x'", "[" * 20_000, '"' + "x" * 33_000 + '"', '{"a":"\\ud800"}', "\ud800"],
)
async def test_attributes_that_are_no_json_are_refused(house: House, attributes: str) -> None:
    with pytest.raises(AttributesInvalid):
        await house.system.invoke(StartChat(attributes=attributes))


async def test_a_visitor_is_told_how_long_people_wait(house: House) -> None:
    _, session = await house.visitor()
    assert (await house.acting("anybody").invoke(FetchSite())).reply_seconds is None
    await (await house.agent("grace")).invoke(AcceptTask(session.task.sid))
    wait = (await house.acting("anybody").invoke(FetchSite())).reply_seconds
    assert wait is not None
    assert 0 <= wait < 60


# Accepting


async def test_whoever_accepts_becomes_a_member(house: House, chat: Chat) -> None:
    assert (chat.task.state, chat.task.agent) == ("accepted", "grace")
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity, "grace"]


async def test_of_two_agents_who_race_one_gets_the_chat(house: House) -> None:
    _, session = await house.visitor()
    agents = [await house.agent("grace"), await house.agent("alan")]
    outcomes = await asyncio.gather(
        *(agent.invoke(AcceptTask(session.task.sid)) for agent in agents), return_exceptions=True
    )
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, Task)]
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, TaskConflict)]
    assert str(lost) == f"This task is accepted by {won.agent}."
    assert await who_is_in(house, session.channel.sid) == [session.identity, won.agent]


async def test_a_customer_accepts_no_task(house: House) -> None:
    customer, session = await house.visitor()
    with pytest.raises(PermissionDenied):
        await customer.invoke(AcceptTask(session.task.sid))
    with pytest.raises(PermissionDenied):
        await customer.invoke(ListTasks())


async def test_agents_see_who_waits_and_what_is_unread(house: House, chat: Chat) -> None:
    waiting, session = await house.visitor("Bob")
    await waiting.invoke(SendMessage(session.channel.sid, "hello?"))
    await chat.customer.invoke(SendMessage(chat.channel_sid, "one"))
    await chat.customer.invoke(SendMessage(chat.channel_sid, "two"))
    first, second = (await chat.agent.invoke(ListTasks())).tasks
    assert (first.sid, first.last_body, first.unread_count, first.has_media) == (
        chat.task.sid,
        "two",
        2,
        False,
    )
    assert (second.customer_name, second.last_body, second.last_author) == ("Bob", "hello?", session.identity)


async def test_ones_own_words_are_not_unread(house: House, chat: Chat) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "one"))
    await chat.agent.invoke(SendMessage(chat.channel_sid, "I am looking"))
    await chat.customer.invoke(SendMessage(chat.channel_sid, "two"))
    for agent in (chat.agent, await house.agent("alan")):  # for both: what nobody answered yet
        [row] = (await agent.invoke(ListTasks())).tasks
        assert row.unread_count == 1


async def test_the_last_line_is_of_the_last_message_there_is(house: House, chat: Chat) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "one"))
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "a secret"))
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))
    [row] = (await chat.agent.invoke(ListTasks())).tasks
    assert row.last_body == "one"
    assert row.seq == (await chat.agent.invoke(OpenChannel(chat.channel_sid))).seq


# Transferring


async def test_a_transferred_chat_is_offered_to_one_agent(house: House, chat: Chat) -> None:
    alan, eve = await house.agent("alan"), await house.agent("eve")
    task = await chat.agent.invoke(TransferTask(chat.task.sid, agent="alan"))
    assert (task.state, task.agent) == ("pending", "alan")
    with pytest.raises(TaskConflict, match="offered to another agent"):
        await eve.invoke(AcceptTask(task.sid))
    assert (await alan.invoke(AcceptTask(task.sid))).agent == "alan"
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity, "alan"]


async def test_a_chat_is_given_back_to_all(house: House, chat: Chat) -> None:
    await chat.agent.invoke(TransferTask(chat.task.sid))
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity]
    assert (await (await house.agent("alan")).invoke(AcceptTask(chat.task.sid))).agent == "alan"


async def test_an_offer_that_nobody_takes_lapses(
    house: House, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.agent("zoe")
    edsger = await house.agent("edsger")
    await chat.agent.invoke(TransferTask(chat.task.sid, agent="zoe"))
    with pytest.raises(TaskConflict):
        await edsger.invoke(AcceptTask(chat.task.sid))
    later = time.time() + OFFER + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert (await edsger.invoke(AcceptTask(chat.task.sid))).agent == "edsger"


async def test_when_the_house_transfers_a_chat_its_agent_leaves(house: House, chat: Chat) -> None:
    await house.system.invoke(TransferTask(chat.task.sid))
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity]


@pytest.mark.parametrize("whom", ["nobody", "customer"])
async def test_a_chat_is_not_transferred_to_somebody_who_is_no_agent(
    house: House, chat: Chat, whom: str
) -> None:
    identity = chat.customer.identity if whom == "customer" else whom
    with pytest.raises((InvalidRequest, NotFound), match=identity):
        await chat.agent.invoke(TransferTask(chat.task.sid, agent=identity))
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity, "grace"]


# The end


async def test_a_wrapped_up_chat_takes_no_more_messages(house: House, chat: Chat) -> None:
    assert (await chat.agent.invoke(WrapupTask(chat.task.sid))).state == "wrapping"
    for person in (chat.customer, chat.agent):
        with pytest.raises(ChatEnded):
            await person.invoke(SendMessage(chat.channel_sid, "one more thing"))
    channel = await chat.customer.invoke(FetchChannel(chat.channel_sid))
    assert channel.date_ended is not None
    assert json.loads(channel.attributes)["status"] == "INACTIVE"
    assert (await house.system.invoke(SendMessage(chat.channel_sid, "Thank you."))).index == 0


async def test_a_customer_does_not_rewrite_a_chat_that_has_ended(chat: Chat) -> None:
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "I agree"))
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    with pytest.raises(ChatEnded):
        await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, body="I never agreed"))


async def test_an_agent_leaves_a_completed_chat_and_the_customer_still_reads(
    house: House, chat: Chat
) -> None:
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    assert (await chat.agent.invoke(CompleteTask(chat.task.sid))).state == "completed"
    assert await who_is_in(house, chat.channel_sid) == [chat.customer.identity]
    assert (await chat.agent.invoke(ListTasks())).tasks == []
    assert (await chat.customer.invoke(OpenChannel(chat.channel_sid))).task is not None


Move = type[AcceptTask] | type[WrapupTask] | type[CompleteTask] | type[TransferTask]
IN_ORDER: list[Move] = [AcceptTask, WrapupTask, CompleteTask]


@pytest.mark.parametrize("done", [1, 2, 3])
async def test_a_task_moves_on_in_one_order_only(house: House, chat: Chat, done: int) -> None:
    for move in IN_ORDER[1:done]:
        await chat.agent.invoke(move(chat.task.sid))
    for move in [*IN_ORDER[:done], *IN_ORDER[done + 1 :], *([TransferTask] if done > 1 else [])]:
        with pytest.raises(TaskConflict):
            await chat.agent.invoke(move(chat.task.sid))


@pytest.mark.parametrize("move", [WrapupTask, TransferTask])
async def test_only_who_holds_a_task_moves_it(house: House, chat: Chat, move: Move) -> None:
    for other in (await house.agent("alan"), chat.customer):
        with pytest.raises(PermissionDenied):
            await other.invoke(move(chat.task.sid))


async def test_each_step_is_told_to_the_agents(house: House, chat: Chat) -> None:
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    await chat.agent.invoke(CompleteTask(chat.task.sid))
    told = [notice for notice in house.notices if isinstance(notice, TaskUpdated)]
    assert [notice.task and notice.task.state for notice in told] == [
        "pending",
        "accepted",
        "wrapping",
        "completed",
    ]
    assert [notice.seq for notice in told] == [1, 2, 3, 4]
    assert {notice.stream for notice in told} == {house.service_sid}


async def test_each_step_is_told_in_the_channel_without_a_gap(house: House, chat: Chat) -> None:
    await chat.agent.invoke(WrapupTask(chat.task.sid))
    await chat.agent.invoke(CompleteTask(chat.task.sid))
    told = [n for n in house.notices if getattr(n, "stream", "") == chat.channel_sid]
    steps = [ChannelAdded, MemberAdded, MemberAdded, ChannelUpdated, MemberRemoved]
    assert [type(notice) for notice in told] == steps
    assert [getattr(notice, "seq", 0) for notice in told] == [1, 2, 3, 4, 5]


async def test_agents_are_told_when_a_chat_they_see_is_deleted(house: House, chat: Chat) -> None:
    await house.system.invoke(DeleteChannel(chat.channel_sid))
    assert (await chat.agent.invoke(ListTasks())).tasks == []
    last = [notice for notice in house.notices if isinstance(notice, TaskUpdated)][-1]
    assert (last.sid, last.task) == (chat.task.sid, None)


# How it looks


async def test_a_channel_is_opened_on_one_snapshot(chat: Chat) -> None:
    for body in ("one", "two", "three"):
        await chat.customer.invoke(SendMessage(chat.channel_sid, body))
    view = await chat.agent.invoke(OpenChannel(chat.channel_sid, limit=2))
    assert [message.body for message in view.messages] == ["two", "three"]
    assert [member.role for member in view.members] == ["channel user", "channel admin"]
    assert view.seq == view.channel.seq == 6
    assert view.task == chat.task
    assert "blockedUser" in view.roles.values()


async def test_an_agent_sees_who_somebody_is(chat: Chat) -> None:
    person = await chat.agent.invoke(FetchPerson(chat.customer.identity))
    assert (person.user.friendly_name, [channel.sid for channel in person.channels]) == (
        "Ada",
        [chat.channel_sid],
    )
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(FetchPerson("grace"))


async def test_a_task_of_another_service_does_not_exist(house: House, chat: Chat) -> None:
    foreign = await house.neighbour("mallory", role="agent")
    for payload in (
        AcceptTask(chat.task.sid),
        WrapupTask(chat.task.sid),
        TransferTask(chat.task.sid),
        CompleteTask(chat.task.sid),
    ):
        with pytest.raises(NotFound):
            await foreign.invoke(payload)
    assert (await foreign.invoke(ListTasks())).tasks == []
