"""An operator's own file: what it may hold, and what they are told when it does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people import House
from vestibule import extensions
from vestibule.errors import Cancelled, ExtensionError
from vestibule.functions import Functions
from vestibule.payloads import SendMessage

RULES = """
from vestibule.actions import Actions
from vestibule.functions import Functions

actions, functions = Actions(), Functions()

@actions.before("SendMessage")
async def calm(payload, ctx):
    if payload.body.isupper():
        ctx.cancel("Please do not shout.")

@functions.post("/hello")
async def hello(name: str, ctx):
    return f"Hello {name}"
"""


def written(folder: Path, text: str) -> str:
    (folder / "rules.py").write_text(text)
    return str(folder / "rules.py")


async def test_a_rule_stands_in_the_way_of_everybody(house: House, tmp_path: Path) -> None:
    chat = await house.chat()
    functions = Functions()
    extensions.include([written(tmp_path, RULES)], house.actions, functions)
    with pytest.raises(Cancelled, match="shout"):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "HELLO"))
    assert (await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))).body == "hello"
    assert await functions.find("hello").call({"name": "Ada"}, chat.agent) == "Hello Ada"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1", "has no table"),
        ("actions = []", "must be `actions = Actions"),
        ("import nothing_of_this_name", "cannot be loaded: ModuleNotFoundError"),
        (RULES.replace("SendMessage", "SendMesage"), "Did you mean 'SendMessage'"),
    ],
)
async def test_a_file_that_does_not_fit_stops_the_start(
    house: House, tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ExtensionError, match=sentence):
        extensions.include([written(tmp_path, text)], house.actions, Functions())


async def test_a_file_that_is_not_there_is_named(house: House) -> None:
    with pytest.raises(ExtensionError, match="no file nowhere.py"):
        extensions.include(["nowhere.py"], house.actions, Functions())


async def test_two_files_that_replace_one_action_stop_the_start(house: House, tmp_path: Path) -> None:
    rule = """
from vestibule.actions import Actions
actions = Actions()

@actions.replace("SendMessage")
async def other(payload, ctx, original):
    return await original(payload, ctx)
"""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    files = [written(tmp_path / name, rule) for name in ("a", "b")]
    with pytest.raises(ExtensionError, match="cannot replace it too"):
        extensions.include(files, house.actions, Functions())
