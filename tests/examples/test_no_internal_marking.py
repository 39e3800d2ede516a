"""The example check, on its own and in a house: what is internal waits for a colleague."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.docs.committed import ROOT
from vestibule import extensions
from vestibule.app import House
from vestibule.checks import Checks
from vestibule.context import Context
from vestibule.errors import MediaHeld
from vestibule.payloads import AcceptTask, AttachFile, StartChat
from vestibule.testing import File, a_house, check_contract

EXAMPLE = str(ROOT / "examples" / "checks" / "no_internal_marking.py")
NOTE, MARKED = b"The price is 5 EUR.\n", b"The price is 5 EUR.\nInternal ONLY: we pay 2 EUR.\n"


@pytest.fixture
def checks() -> Checks:
    return extensions.load([EXAMPLE])[0].checks


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, extensions=(EXAMPLE,)) as house:
        yield house


async def chat(house: House) -> tuple[Context, Context, str]:
    """A customer and the agent who answers, in a channel."""
    session = await house.context().invoke(StartChat("Ada"))
    agent = house.context(house.keyring.agent_name)
    await agent.invoke(AcceptTask(session.task.sid))
    return house.context(session.identity), agent, session.channel.sid


async def sent(who: Context, channel_sid: str, content: bytes) -> str:
    async def one() -> AsyncIterator[bytes]:
        yield content

    return (await who.invoke(AttachFile("prices.txt", "text/plain", one(), channel_sid))).state


async def test_it_keeps_the_contract_of_a_check(checks: Checks) -> None:
    agent = "channel admin"
    clean = [
        File("prices.txt", NOTE, role=agent),
        File("prices.csv", b"item,price\ntea,5\n", role=agent),
        File("from-a-customer.txt", MARKED, role="channel user"),
    ]
    bad = [
        File("prices.txt", MARKED, role=agent),
        File("prices.csv", b"item,price\nNUR INTERN,2\n", role=agent),
        File("windows.txt", MARKED.decode().encode("utf-16"), role=agent),
        File("long.txt", b"x" * ((1 << 20) - 5) + MARKED, role=agent),  # across two pieces
    ]
    await check_contract(checks["no_internal_marking"], clean=clean, bad=bad)


async def test_what_an_agent_sends_by_mistake_waits_for_a_colleague(house: House) -> None:
    _, agent, channel_sid = await chat(house)
    assert await sent(agent, channel_sid, NOTE) == "clean"
    with pytest.raises(MediaHeld):
        await sent(agent, channel_sid, MARKED)


async def test_what_a_customer_sends_is_not_looked_at(house: House) -> None:
    customer, _, channel_sid = await chat(house)
    assert await sent(customer, channel_sid, MARKED) == "clean"
