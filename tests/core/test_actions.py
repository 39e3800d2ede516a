"""The heart: what stands around an action, in which order, and what stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.people import Chat, House, erasing, open_house
from vestibule.actions import Actions
from vestibule.context import ANYBODY, Context
from vestibule.errors import (
    AlreadyDefined,
    AlreadyReplaced,
    Cancelled,
    ListenerFailed,
    NotFound,
    PermissionDenied,
    UnknownAction,
)
from vestibule.models import Message
from vestibule.payloads import ListMessages, MarkRead, Payload, SendMessage, SendTyping


class Ring(Payload[str], frozen=True):
    """An action of the tests' own."""

    tone: str = "soft"


Step = Callable[..., Any]


@pytest.fixture
def rules() -> Actions:
    return Actions()


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


async def bodies(chat: Chat) -> list[str]:
    return [message.body for message in await chat.agent.invoke(ListMessages(chat.channel_sid))]


# Order


async def test_outer_listeners_stand_around_inner_ones(house: House) -> None:
    heard: list[str] = []

    def table(name: str) -> Actions:
        actions = Actions()

        @actions.before("Ring")
        async def before(payload: Ring, ctx: Context) -> None:
            heard.append(f"before {name}")

        @actions.after("Ring")
        async def after(result: str, ctx: Context) -> None:
            heard.append(f"after {name}")

        return actions

    inner = table("inner")

    @inner.define("Ring", permission=ANYBODY)
    async def ring(payload: Ring, ctx: Context) -> str:
        heard.append("ring")
        return "rung"

    inner.include(table("middle"))
    inner.include(table("outer"))
    assert await inner.invoke(Ring(), house.system) == "rung"
    assert heard == [
        "before outer",
        "before middle",
        "before inner",
        "ring",
        "after inner",
        "after middle",
        "after outer",
    ]


async def test_the_innermost_guard_sees_what_outer_listeners_made_of_the_payload(
    house: House, chat: Chat, rules: Actions
) -> None:
    seen: list[str] = []

    @house.actions.before("SendMessage")
    async def guard(payload: SendMessage, ctx: Context) -> None:
        seen.append(payload.body)

    @rules.before("SendMessage")
    async def shout(payload: SendMessage, ctx: Context) -> SendMessage:
        return msgspec.structs.replace(payload, body=payload.body.upper())

    house.actions.include(rules)
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert (message.body, seen) == ("HELLO", ["HELLO"])


async def test_a_listener_stands_only_where_it_says(house: House, chat: Chat, rules: Actions) -> None:
    heard: list[str] = []

    @rules.before("SendMessage", applies=lambda payload, ctx: payload.body == "aloud")
    async def listen(payload: SendMessage, ctx: Context) -> None:
        heard.append(payload.body)

    house.actions.include(rules)
    for body in ("in silence", "aloud"):
        await chat.customer.invoke(SendMessage(chat.channel_sid, body))
    assert heard == ["aloud"]


async def test_a_listener_may_be_given_a_patience_of_its_own(
    house: House, chat: Chat, rules: Actions
) -> None:
    @rules.before("SendMessage", patience=0.01)
    async def hang(payload: SendMessage, ctx: Context) -> None:
        await asyncio.Event().wait()

    house.actions.include(rules)
    with pytest.raises(ListenerFailed):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))


async def test_what_comes_from_outside_goes_past_the_rules_anew(
    house: House, chat: Chat, rules: Actions
) -> None:
    seen: list[str] = []

    @house.actions.before("SendMessage", anew=True)
    async def replace(payload: SendMessage, ctx: Context) -> SendMessage | None:
        return None if payload.body == "plain" else msgspec.structs.replace(payload, body="from outside")

    @rules.before("SendMessage")
    async def rule(payload: SendMessage, ctx: Context) -> None:
        seen.append(payload.body)

    house.actions.include(rules)
    for body in ("plain", "hello"):
        await chat.customer.invoke(SendMessage(chat.channel_sid, body))
    assert seen == ["plain", "hello", "from outside"]
    assert await bodies(chat) == ["plain", "from outside"]


async def test_permission_is_asked_before_any_listener(house: House, chat: Chat, rules: Actions) -> None:
    heard: list[str] = []

    @rules.before("SendMessage")
    async def listen(payload: SendMessage, ctx: Context) -> None:
        heard.append(payload.body)

    house.actions.include(rules)
    await chat.block()
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert heard == []


async def test_a_right_taken_away_while_listeners_think_is_gone(
    house: House, chat: Chat, rules: Actions
) -> None:
    @rules.before("SendMessage")
    async def slow(payload: SendMessage, ctx: Context) -> None:
        await chat.block()

    house.actions.include(rules)
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await bodies(chat) == []


# What stops an action


async def test_a_listener_cancels_with_its_reason(house: House, chat: Chat, rules: Actions) -> None:
    @rules.before("SendMessage")
    async def closed(payload: SendMessage, ctx: Context) -> None:
        ctx.cancel("We are closed on Sundays.")

    house.actions.include(rules)
    with pytest.raises(Cancelled, match="closed on Sundays"):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await bodies(chat) == []


async def raising(payload: SendMessage, ctx: Context) -> None:
    raise ZeroDivisionError


async def hanging(payload: SendMessage, ctx: Context) -> None:
    await asyncio.Event().wait()


async def cut_off(payload: SendMessage, ctx: Context) -> None:
    raise ConnectionResetError


async def asking_for_what_is_gone(payload: SendMessage, ctx: Context) -> None:
    await ctx.media("ME" + "0" * 32)


async def answering_false(payload: SendMessage, ctx: Context) -> bool:
    return False


async def answering_true(payload: SendMessage, ctx: Context) -> bool:
    return True


async def answering_nonsense(payload: SendMessage, ctx: Context) -> object:
    return {"body": "something else"}


async def answering_another_action(payload: SendMessage, ctx: Context) -> object:
    return SendTyping(payload.channel_sid)


async def moving_it(payload: SendMessage, ctx: Context) -> object:
    return msgspec.structs.replace(payload, channel_sid="CH" + "0" * 32)


@pytest.mark.parametrize(
    "listener",
    [
        raising,
        hanging,
        cut_off,
        answering_false,
        answering_true,
        answering_nonsense,
        answering_another_action,
        moving_it,
    ],
)
async def test_a_listener_that_is_broken_lets_nothing_through(
    house: House, chat: Chat, rules: Actions, listener: Step
) -> None:
    rules.before("SendMessage")(listener)
    house.actions.include(rules)
    house.actions.patience = 0.05
    with pytest.raises(ListenerFailed):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await bodies(chat) == []


async def test_a_guard_that_cannot_find_what_it_looks_for_stops_the_action(
    house: House, chat: Chat, rules: Actions
) -> None:
    rules.before("SendMessage")(asking_for_what_is_gone)
    house.actions.include(rules)
    with pytest.raises(NotFound):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await bodies(chat) == []


async def test_what_a_broken_listener_says_is_not_told_to_strangers(
    house: House, chat: Chat, rules: Actions
) -> None:
    @rules.before("SendMessage")
    async def broken(payload: SendMessage, ctx: Context) -> None:
        raise RuntimeError("password=hunter2")

    house.actions.include(rules)
    with pytest.raises(ListenerFailed) as caught:
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert "hunter2" not in str(caught.value.to_dict())


@pytest.mark.parametrize("listener", [raising, hanging, cut_off, answering_nonsense])
async def test_a_broken_listener_afterwards_undoes_nothing(
    house: House, chat: Chat, rules: Actions, listener: Step
) -> None:
    heard: list[Message] = []

    @rules.after("SendMessage")
    async def last(message: Message, ctx: Context) -> None:
        heard.append(message)

    house.actions.after("SendMessage")(listener)
    house.actions.include(rules)
    house.actions.patience = 0.05
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert heard == [message]
    assert await bodies(chat) == ["hello"]


# Standing in its place


async def test_a_replacement_stands_in_the_place_of_the_action(
    house: House, chat: Chat, rules: Actions
) -> None:
    @rules.replace("SendMessage")
    async def polite(payload: SendMessage, ctx: Context, original: Step) -> Message:
        message: Message = await original(msgspec.structs.replace(payload, body="Please: hello"), ctx)
        return message

    house.actions.include(rules)
    assert (await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))).body == "Please: hello"


async def test_a_replacement_does_not_lift_the_permission(house: House, chat: Chat, rules: Actions) -> None:
    called: list[str] = []

    @rules.replace("SendMessage")
    async def instead(payload: SendMessage, ctx: Context, original: Step) -> None:
        called.append(payload.body)

    house.actions.include(rules)
    await chat.block()
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert called == []


async def test_a_replacement_does_not_get_round_the_guards(house: House, chat: Chat, rules: Actions) -> None:
    @house.actions.before("SendMessage")
    async def guard(payload: SendMessage, ctx: Context) -> None:
        if "forbidden" in payload.body:
            ctx.cancel("Not that word.")

    @rules.replace("SendMessage")
    async def swap(payload: SendMessage, ctx: Context, original: Step) -> None:
        await original(msgspec.structs.replace(payload, body="forbidden"), ctx)

    house.actions.include(rules)
    with pytest.raises(Cancelled):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await bodies(chat) == []


async def test_a_replacement_cannot_move_the_action_to_another_channel(
    house: House, chat: Chat, rules: Actions
) -> None:
    _, other = await house.visitor("Bob")

    @rules.replace("SendMessage")
    async def move(payload: SendMessage, ctx: Context, original: Step) -> None:
        await original(msgspec.structs.replace(payload, channel_sid=other.channel.sid), ctx)

    house.actions.include(rules)
    with pytest.raises(ListenerFailed):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert await house.system.invoke(ListMessages(other.channel.sid)) == []


def test_two_replacements_of_one_action_are_an_error_at_start(rules: Actions) -> None:
    other = Actions()

    @rules.replace("SendMessage")
    async def one(payload: SendMessage, ctx: Context, original: Step) -> None: ...

    @other.replace("SendMessage")
    async def two(payload: SendMessage, ctx: Context, original: Step) -> None: ...

    actions = erasing()
    actions.define("SendMessage", permission=ANYBODY)(raising)
    actions.include(rules)
    with pytest.raises(AlreadyReplaced, match=r"SendMessage is replaced by .*one already, so .*two"):
        actions.include(other)


# Names


def test_an_unknown_name_suggests_the_right_one(house: House, rules: Actions) -> None:
    rules.before("SendMesage")(raising)
    with pytest.raises(UnknownAction, match=r"no action 'SendMesage'\. Did you mean 'SendMessage'\?"):
        house.actions.include(rules)


@pytest.mark.parametrize("table", ["before", "after", "replace"])
def test_an_unknown_name_is_an_error_at_start(house: House, rules: Actions, table: str) -> None:
    getattr(rules, table)("Qqqq")(raising)
    with pytest.raises(UnknownAction, match=r"There is no action 'Qqqq'\.$"):
        house.actions.include(rules)


async def test_a_payload_without_an_action_is_an_error(house: House) -> None:
    with pytest.raises(UnknownAction):
        await house.system.invoke(Ring())


def test_a_name_is_defined_once(house: House, rules: Actions) -> None:
    rules.define("SendMessage", permission=ANYBODY)(raising)
    with pytest.raises(AlreadyDefined, match="'SendMessage'"):
        house.actions.include(rules)


# Where the question is left to the action itself


async def test_an_action_that_asks_inside_asks_with_and_without_listeners(house: House, chat: Chat) -> None:
    assert house.actions.actions["MarkRead"].asks_inside
    stranger, _ = await house.visitor("Eve")
    for _ in range(2):
        with pytest.raises(NotFound):
            await stranger.invoke(MarkRead(chat.channel_sid, 0))
        house.actions.after("MarkRead")(raising)


async def test_an_extension_may_define_actions_and_invoke_others(house: House, chat: Chat) -> None:
    rules = Actions()

    @rules.define("Ring", permission="acceptTask")
    async def ring(payload: Ring, ctx: Context) -> str:
        message = await ctx.invoke(SendMessage(chat.channel_sid, f"{payload.tone} ring"))
        return message.author

    house.actions.include(rules)
    assert await chat.agent.invoke(Ring("loud")) == chat.agent.identity
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(Ring())
    assert await bodies(chat) == ["loud ring"]


async def test_a_house_may_have_several_extensions(tmp_path: Any) -> None:
    first, second = Actions(), Actions()
    heard: list[str] = []

    @first.before("SendMessage")
    async def one(payload: SendMessage, ctx: Context) -> None:
        heard.append("first")

    @second.before("SendMessage")
    async def two(payload: SendMessage, ctx: Context) -> None:
        heard.append("second")

    house = await open_house(tmp_path, erasing(), first, second)
    chat = await house.chat()
    await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))
    assert heard == ["second", "first"]
    await house.close()
