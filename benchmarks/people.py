"""Pairs of a customer and an agent, each in a channel of their own, put into a house before it is served."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vestibule.app import House, open_house
from vestibule.chat.permissions import AGENT
from vestibule.config import Settings
from vestibule.payloads import AcceptTask, CreateUser, StartChat


@dataclass(frozen=True)
class Person:
    """Somebody who has a token."""

    identity: str
    token: str


@dataclass(frozen=True)
class Pair:
    """Two people and their channel."""

    service_sid: str
    channel_sid: str
    customer: Person
    agent: Person


async def settle(data: Path, pairs: int) -> list[Pair]:
    """Make so many pairs in the house `data`, through the actions that the pages use."""
    async with open_house(Settings(data=str(data)), at_work=False) as house:
        return [await _pair(house, number) for number in range(pairs)]


async def _pair(house: House, number: int) -> Pair:
    context = house.context()
    chat = await context.invoke(StartChat(friendly_name=f"Customer {number}"))
    agent = await context.invoke(CreateUser(f"agent-{number}", role=AGENT))
    await house.context(agent.identity).invoke(AcceptTask(chat.task.sid))
    return Pair(
        service_sid=house.service.sid,
        channel_sid=chat.channel.sid,
        customer=_person(house, chat.identity),
        agent=_person(house, agent.identity),
    )


def _person(house: House, identity: str) -> Person:
    return Person(identity, house.tokens.mint(identity, house.service.sid)[0])
