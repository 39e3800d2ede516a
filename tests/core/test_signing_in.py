"""Passwords, sessions and keys: who is let in, and how they are put out again."""

from __future__ import annotations

import pytest

from tests.people import House
from vestibule.errors import InvalidRequest, NotAuthenticated, NotFound, PermissionDenied
from vestibule.payloads import (
    CreateKey,
    EndSession,
    FetchKey,
    FetchSession,
    RevokeKey,
    SetPassword,
    SignIn,
    StartSession,
    UpdateUser,
)

PASSWORD = "correct horse battery"


@pytest.fixture
async def agent(house: House) -> str:
    await house.agent("grace")
    await house.system.invoke(SetPassword("grace", PASSWORD))
    return "grace"


async def test_an_agent_signs_in_with_their_password(house: House, agent: str) -> None:
    assert (await house.system.invoke(SignIn(agent, PASSWORD))).identity == agent


@pytest.mark.parametrize(
    ("identity", "password"),
    [
        ("grace", "wrong horse"),
        ("grace", ""),
        ("nobody", PASSWORD),
        ("alan", PASSWORD),
        ("grace", "x" * 9999),
    ],
)
async def test_everybody_else_is_answered_alike(
    house: House, agent: str, identity: str, password: str
) -> None:
    await house.agent("alan")  # has no password
    with pytest.raises(NotAuthenticated, match="The name or the password is not right"):
        await house.system.invoke(SignIn(identity, password))


@pytest.mark.parametrize("password", ["", "short", "x" * 2000])
async def test_a_password_has_a_length(house: House, agent: str, password: str) -> None:
    with pytest.raises(InvalidRequest):
        await house.system.invoke(SetPassword(agent, password))
    assert await house.system.invoke(SignIn(agent, PASSWORD))


async def test_a_session_lasts_until_somebody_signs_out(house: House, agent: str) -> None:
    started = await house.system.invoke(StartSession(agent, "a" * 64))
    assert await house.system.invoke(FetchSession("a" * 64)) == started
    assert "acceptTask" in started.permissions
    for _ in range(2):
        await house.system.invoke(EndSession("a" * 64))
    with pytest.raises(NotAuthenticated):
        await house.system.invoke(FetchSession("a" * 64))


async def test_a_new_password_ends_every_session(house: House, agent: str) -> None:
    for letter in "ab":
        await house.system.invoke(StartSession(agent, letter * 64))
    await house.system.invoke(SetPassword(agent, "another long one"))
    for letter in "ab":
        with pytest.raises(NotAuthenticated):
            await house.system.invoke(FetchSession(letter * 64))


async def test_a_session_has_the_rights_of_now(house: House, agent: str) -> None:
    await house.system.invoke(StartSession(agent, "a" * 64))
    await house.system.invoke(UpdateUser(agent, role="service user"))
    assert "acceptTask" not in (await house.system.invoke(FetchSession("a" * 64))).permissions


async def test_only_the_house_signs_people_in(house: House, agent: str) -> None:
    boss = await house.agent("boss", role="service admin")
    for payload in (
        SignIn(agent, PASSWORD),
        StartSession(agent, "a" * 64),
        FetchSession("a" * 64),
        CreateKey(),
        FetchKey("SK" + "0" * 32),
    ):
        with pytest.raises(PermissionDenied):
            await boss.invoke(payload)


async def test_a_key_is_good_until_it_is_taken_back(house: House) -> None:
    key = await house.system.invoke(CreateKey("shop"))
    assert await house.system.invoke(FetchKey(key.sid)) == key
    await house.system.invoke(RevokeKey(key.sid))
    for payload in (FetchKey(key.sid), RevokeKey(key.sid)):
        with pytest.raises(NotFound):
            await house.system.invoke(payload)
