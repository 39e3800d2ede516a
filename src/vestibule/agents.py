"""Agents that a house makes by itself, or its operator on the command line."""

from __future__ import annotations

from vestibule.chat.permissions import AGENT
from vestibule.context import Context
from vestibule.errors import UserExists
from vestibule.keyring import Keyring
from vestibule.payloads import CreateUser, ListAgents, SetPassword, UpdateUser


async def receive_first_agent(house: Context, keyring: Keyring) -> None:
    """A new house has one agent, whose password is in the keyring; also where its first start was cut off."""
    name = keyring.agent_name
    there = [agent.identity for agent in await house.invoke(ListAgents())]
    if not there or (there == [name] and not await _has_password(house, name)):
        await add_agent(house, name, keyring.agent_password)


async def add_agent(house: Context, name: str, password: str) -> None:
    """Make an agent, or give an agent another password."""
    try:
        await house.invoke(CreateUser(name, friendly_name=name.capitalize(), role=AGENT))
    except UserExists:
        await house.invoke(UpdateUser(name, role=AGENT))
    await house.invoke(SetPassword(name, password))


async def _has_password(house: Context, identity: str) -> bool:
    who = {"service_sid": house.service_sid, "identity": identity}
    return await house.database.read(lambda tx: tx.value("password_hash", **who)) is not None
