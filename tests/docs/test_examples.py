"""Every example on the pages runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from sources import table_of_actions

from tests.docs.committed import ROOT, examples
from tests.people import House
from vestibule import config, extensions
from vestibule.checks.policies.reading import parsed
from vestibule.cli import app
from vestibule.errors import PermissionDenied
from vestibule.functions import Functions
from vestibule.payloads import SendMessage

PYTHON = dict(examples("python"))
RULES = next(text for place, text in PYTHON.items() if place.startswith("docs/learn/your-first-rule.md"))


@pytest.mark.parametrize("place", sorted(PYTHON))
def test_a_python_example_loads_as_an_extension(place: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.py"
    file.write_text(PYTHON[place], encoding="utf-8")
    extensions.include([str(file)], table_of_actions(), Functions())


@pytest.mark.parametrize(("place", "text"), examples("toml"))
def test_a_configuration_example_is_taken(place: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text(text, encoding="utf-8")
    assert config.load(file)


@pytest.mark.parametrize(("place", "text"), examples("toml policy"))
def test_an_example_of_a_policy_is_one(place: str, text: str) -> None:
    assert parsed(text, place).version


def commands(program: str) -> list[tuple[str, list[str]]]:
    """Each line of the shell examples that calls a program, with its arguments."""
    lines = [(place, line) for place, text in examples("sh") for line in text.splitlines()]
    split = [(place, shlex.split(line, comments=True)) for place, line in lines if program in line]
    return [
        (place, words[at + 1 :])
        for place, words in split
        for at, word in enumerate(words[:2])  # a variable may stand before it
        if word == program
    ]


@pytest.mark.parametrize(("place", "arguments"), commands("vestibule"))
def test_the_command_line_takes_what_the_pages_show(place: str, arguments: list[str]) -> None:
    app.parse_args(arguments, exit_on_error=False, print_error=False)


def test_every_target_on_the_pages_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for place, (target, *_) in commands("make"):
        assert target in targets, place


# The first rule, as people meet it


@pytest.fixture
def functions(house: House, tmp_path: Path) -> Functions:
    """The functions of the page's rules, whose actions stand around the house's."""
    file = tmp_path / "rules.py"
    file.write_text(RULES, encoding="utf-8")
    functions = Functions()
    extensions.include([str(file)], house.actions, functions)
    return functions


@pytest.mark.usefixtures("functions")
async def test_a_customer_s_card_number_is_never_kept(house: House) -> None:
    chat = await house.chat()
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "Mine: 4111 1111 1111 1234, is it?"))
    assert message.body == "Mine: •••• 1234, is it?"


async def test_an_agent_blocks_with_the_page_s_function(house: House, functions: Functions) -> None:
    chat = await house.chat()
    values = {"chatChannelSid": chat.channel_sid, "memberSid": chat.customer.identity}
    await functions.find("block-user").call(values, chat.agent)
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "But"))


async def test_a_customer_cannot_block_with_the_page_s_function(house: House, functions: Functions) -> None:
    chat = await house.chat()
    values = {"chatChannelSid": chat.channel_sid, "memberSid": chat.agent.identity}
    with pytest.raises(PermissionDenied):
        await functions.find("block-user").call(values, chat.customer)
