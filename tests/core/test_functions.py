"""Functions: an operator's own endpoints, run as their caller."""

from __future__ import annotations

import pytest

from tests.people import House
from vestibule.context import Context
from vestibule.errors import AlreadyDefined, InvalidRequest, NotFound, PermissionDenied
from vestibule.functions import Functions
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
    assert await add.call({"first": "1", "second": "2", "Token": "more than it needs"}, house.system) == 3


@pytest.mark.parametrize("fields", [{}, {"first": "one"}, {"first": None}])
async def test_fields_that_do_not_fit_are_told(
    house: House, functions: Functions, fields: dict[str, str]
) -> None:
    with pytest.raises(InvalidRequest, match="/add: .*first"):
        await functions.find("add").call(fields, house.system)


async def test_nobody_can_say_as_whom_a_function_runs(house: House, functions: Functions) -> None:
    stranger = house.acting("eve")
    chat = await house.chat()
    fields = {"chatChannelSid": chat.channel_sid, "memberSid": chat.customer.identity, "ctx": chat.agent}
    with pytest.raises(NotFound):
        await functions.find("block-user").call(fields, stranger)


def test_an_unknown_function_is_not_found(functions: Functions) -> None:
    with pytest.raises(NotFound, match="'nothing'"):
        functions.find("nothing")


def test_a_name_is_taken_once(functions: Functions) -> None:
    with pytest.raises(AlreadyDefined, match="/add"):
        functions.post("/add/")(functions.find("add").run)
    with pytest.raises(AlreadyDefined):
        functions.include(functions)


def test_tables_are_put_together(functions: Functions) -> None:
    house = Functions()
    house.include(functions)
    assert set(house.functions) == {"/block-user", "/add"}
