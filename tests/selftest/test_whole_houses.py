"""The self-test in a whole house, and where there is none."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import VESTIBULE, command, environment, free_port, written_policy
from vestibule.app import House
from vestibule.errors import ConfigurationError
from vestibule.payloads import ListChannels, ListMessages
from vestibule.selftest import ALL, through
from vestibule.selftest.report import exit_code
from vestibule.selftest.visitor import NAME
from vestibule.testing import a_server

HELD, BROKEN, NO_HOUSE = 0, 1, 2


def selftest(*arguments: str, cwd: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """The command, with a house of its own; on a busy machine it takes its time."""
    return subprocess.run(
        [*VESTIBULE, "selftest", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env=environment(**settings),
        check=False,
    )


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[House, str]]:
    async with a_server(tmp_path / "data") as served:
        yield served


async def test_in_a_whole_house_all_holds_and_nothing_stays(server: tuple[House, str]) -> None:
    house, address = server
    told: list[str] = []
    report = await through(address, lambda case: told.append(case.name))

    assert [result for result in report.results if result.outcome == "broken"] == []
    assert exit_code(report) == HELD
    assert told == [case.name for case in ALL] == [result.name for result in report.results]
    # Links live for minutes here, the way is this machine's own, and limits are off.
    assert [result.name for result in report.of("not tested")] == ["old link", "https only", "rate limits"]
    assert [key async for key in house.parts.storage.list("")] == []
    await _agents_see_a_few_empty_chats(house)


async def _agents_see_a_few_empty_chats(house: House) -> None:
    channels = await house.context().invoke(ListChannels())
    assert len(channels) < 8
    assert {(channel.friendly_name, channel.members_count) for channel in channels} == {(NAME, 0)}
    assert all([await house.context().invoke(ListMessages(channel.sid)) == [] for channel in channels])


def test_an_operator_sees_what_held_in_a_house_with_their_settings(tmp_path: Path) -> None:
    done = selftest(cwd=tmp_path)
    assert done.returncode == HELD, done.stdout + done.stderr
    for word in ("test virus", "refused: infected", "let in, disarmed", "0 broken"):
        assert word in done.stdout
    # Limits are on, and hold; a busy machine may be too slow to reach them.
    assert re.search(r"429, whatever the request says of itself|too slow to reach", done.stdout)
    assert list(tmp_path.iterdir()) == []


def test_an_operator_without_any_scanner_is_told_what_gets_in(tmp_path: Path) -> None:
    policy = written_policy(tmp_path, '[files]\nextensions = ["txt", "jpg"]\n')
    done = selftest("--json", cwd=tmp_path, built_in_rules="off", policy=policy)
    assert done.returncode == BROKEN, done.stdout + done.stderr
    outcomes = {result["name"]: result for result in json.loads(done.stdout)["results"]}
    broken = [name for name, result in outcomes.items() if result["outcome"] == "broken"]
    assert broken == ["test virus"]
    assert outcomes["test virus"]["seen"] == "it was let in"
    assert outcomes["PDF"]["outcome"] == "not tested"
    assert outcomes["PDF"]["seen"] == "this house takes no .pdf"


def test_a_house_that_does_not_answer_is_told_with_what_to_do() -> None:
    done = command("selftest", "--url", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == NO_HOUSE
    assert "Nobody answers at http://127.0.0.1" in done.stderr
    assert "Is the house running" in done.stderr


@pytest.mark.parametrize("url", ["chat.example.com", "ftp://chat.example.com", "https://example.com/chat"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    done = command("selftest", "--url", url)
    assert done.returncode == NO_HOUSE
    assert "is not an address of a house" in done.stderr
    assert "such as https://chat.example.com" in done.stderr


async def test_an_address_of_something_else_is_told(
    server: tuple[House, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = server

    async def nothing(*_: object, **__: object) -> httpx.Response:
        return httpx.Response(200, text="It works!")

    monkeypatch.setattr(httpx.AsyncClient, "request", nothing)
    with pytest.raises(ConfigurationError, match="is no house of Vestibule: it answers 200"):
        await through(address)


async def test_a_visitor_that_may_not_come_in_is_told(tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(CLOSED)
    async with a_server(tmp_path / "data", extensions=(str(rules),)) as (_, address):
        with pytest.raises(ConfigurationError, match="No chat can be started.* 403 action_cancelled"):
            await through(address)


CLOSED = """
from vestibule.actions import Actions

actions = Actions()

@actions.before("StartChat")
async def closed(payload, ctx):
    ctx.cancel("We are closed.")
"""
