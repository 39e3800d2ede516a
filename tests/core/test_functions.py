"""Functions: an operator's own endpoints, run as their caller."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta

from tests.people import House
from vestibule.context import Context
from vestibule.errors import (
    AlreadyDefined,
    FunctionLate,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PermissionDenied,
)
from vestibule.functions import Answer, Functions
from vestibule.payloads import UpdateMember


@pytest.fixture
def functions() -> Functions:
    functions = Functions()

    @functions.post("/block-user")
    async def block_user(chatChannelSid: str, memberSid: str, ctx: Context) -> str:  # noqa: N803
        member = await ctx.invoke(UpdateMember(chatChannelSid, memberSid, role="blockedUser"))
        return member.role

    @functions.post("add")
    async def add(first: int, ctx: Context, second: int = 10) -> int:
        return first + second

    @functions.post("/everything")
    async def everything(
        ctx: Context,
        day: datetime | None = None,
        loud: bool = False,
        size: Literal["s", "m"] = "s",
        note: Annotated[str, Meta(max_length=3)] = "",
        tags: tuple[str, ...] = (),
        **others: Any,
    ) -> list[Any]:
        return [day and day.year, loud, size, note, tags, others]

    return functions


async def test_a_function_runs_as_its_caller(house: House, functions: Functions) -> None:
    chat = await house.chat()
    fields = {"chatChannelSid": chat.channel_sid, "memberSid": chat.customer.identity}
    block = functions.find("block-user")
    assert await block.call(fields, chat.agent) == "blockedUser"
    with pytest.raises(PermissionDenied):
        await block.call(fields, chat.customer)


async def test_a_function_takes_strings_as_what_it_declares(house: House, functions: Functions) -> None:
    add = functions.find("/add")
    assert await add.call({"first": "1"}, house.system) == 11
    assert await add.call({"first": "1", "second": "2", "more": "than it needs"}, house.system) == 3


async def test_a_function_is_given_every_type_and_the_rest_as_it_came(
    house: House, functions: Functions
) -> None:
    everything = functions.find("everything")
    fields = {"day": "2021-03-04T05:06:07Z", "loud": "true", "size": "m", "tags": ["a", "b"], "From": "+1"}
    given = await everything.call(fields, house.system)
    assert given == [2021, True, "m", "", ("a", "b"), {"From": "+1"}]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "/add: The field 'first' is missing."),
        ({"first": "one"}, "/add: The field 'first' does not fit: expected 'int', got 'str'."),
        ({"first": None}, "/add: The field 'first' does not fit: expected 'int', got 'null'."),
    ],
)
async def test_fields_that_do_not_fit_are_told(
    house: House, functions: Functions, fields: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await functions.find("add").call(fields, house.system)
    assert str(caught.value) == sentence
    assert caught.value.detail == {"field": "first"}


@pytest.mark.parametrize(
    "fields", [{"day": "tomorrow"}, {"loud": "maybe"}, {"size": "xl"}, {"note": "long"}, {"tags": [1]}]
)
async def test_each_type_says_what_it_takes(
    house: House, functions: Functions, fields: dict[str, Any]
) -> None:
    (name,) = fields
    with pytest.raises(InvalidRequest, match=f"The field '{name}.* does not fit"):
        await functions.find("everything").call(fields, house.system)


async def test_nobody_can_say_as_whom_a_function_runs(house: House, functions: Functions) -> None:
    stranger = house.acting("eve")
    chat = await house.chat()
    fields = {"chatChannelSid": chat.channel_sid, "memberSid": chat.customer.identity, "ctx": chat.agent}
    with pytest.raises(NotFound):
        await functions.find("block-user").call(fields, stranger)
    rest = (await functions.find("everything").call({"ctx": chat.agent, "x": 1}, stranger))[-1]
    assert rest == {"x": 1}


async def test_a_function_that_hangs_is_given_up(house: House) -> None:
    functions = Functions(patience=0.05)

    @functions.post("/hang")
    async def hang(ctx: Context) -> None:
        await asyncio.Event().wait()

    with pytest.raises(FunctionLate, match=r"/hang took longer than 0\.05 s"):
        await functions.find("hang").call({}, house.system)


async def test_a_function_s_own_timeout_is_not_taken_for_the_house_s(house: House) -> None:
    functions = Functions()

    @functions.post("/late")
    async def late(ctx: Context) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await functions.find("late").call({}, house.system)


def test_an_unknown_function_is_not_found(functions: Functions) -> None:
    with pytest.raises(NotFound, match="'nothing'"):
        functions.find("nothing")


def test_a_function_answers_the_methods_it_names(functions: Functions) -> None:
    with pytest.raises(MethodNotAllowed) as caught:
        functions.find("add", "GET")
    assert caught.value.detail == {"allow": ["POST"]}

    functions.get("add")(functions.find("add").run)
    assert functions.find("add", "GET").method == "GET"


def test_a_name_is_taken_once(functions: Functions) -> None:
    with pytest.raises(AlreadyDefined, match="/add"):
        functions.post("/add/")(functions.find("add").run)
    with pytest.raises(AlreadyDefined):
        functions.include(functions)


def test_tables_are_put_together_and_keep_their_patience(functions: Functions) -> None:
    own = Functions(patience=3)

    @own.get("/own")
    async def answer(ctx: Context) -> None: ...

    functions.include(own)
    assert set(functions.functions) == {"/block-user", "/add", "/everything", "/own"}
    assert functions.find("/own", "GET").patience == 3


async def no_context() -> None: ...
async def says_who_calls(Token: str, ctx: Context) -> None: ...  # noqa: N803
async def by_place(first: str, /, ctx: Context) -> None: ...
def blocking(ctx: Context) -> None: ...


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (no_context, "no_context must take `ctx`"),
        (says_who_calls, "cannot take `Token`: it says who calls"),
        (by_place, "given its fields by name"),
        (blocking, "blocking must be `async def`"),
    ],
)
def test_what_cannot_be_served_is_told_when_it_is_loaded(function: Any, sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        Functions().post("/x")(function)


@pytest.mark.parametrize("name", ["Access-Control-Allow-Origin", "set-cookie", "Content-Length", "a b", ""])
def test_an_answer_does_not_say_what_is_the_house_s_to_say(name: str) -> None:
    with pytest.raises(ValueError, match="header|itself"):
        Answer(headers={name: "x"})


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "\0", "→"])
def test_an_answer_s_header_holds_no_second_one(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        Answer(headers={"X-Mine": value})


@pytest.mark.parametrize("status", [0, 100, 199, 700])
def test_an_answer_s_status_ends_it(status: int) -> None:
    with pytest.raises(ValueError, match=str(status)):
        Answer(status=status)
