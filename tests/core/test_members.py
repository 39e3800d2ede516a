"""Members and channels: who is in, in which role, how far they have read, and who may change it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.people import Chat, House
from vestibule.context import Context
from vestibule.errors import (
    AttributesInvalid,
    ChannelExists,
    IdentityLooksLikeSid,
    InvalidRequest,
    MemberExists,
    NotFound,
    PermissionDenied,
    RoleNotFound,
)
from vestibule.events import ChannelRemoved, ChannelUpdated, MemberAdded, MemberRemoved, MemberUpdated, Typing
from vestibule.models import Channel, Member
from vestibule.payloads import (
    AddMember,
    CreateChannel,
    CreateUser,
    DeleteChannel,
    FetchChannel,
    FetchMember,
    ListChannels,
    ListMembers,
    ListMessages,
    MarkRead,
    OpenChannel,
    RemoveMember,
    SendMessage,
    SendTyping,
    UpdateChannel,
    UpdateMember,
)


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


def told(house: House, kind: type[Any]) -> list[Any]:
    return [notice for notice in house.notices if isinstance(notice, kind)]


async def member(person: Context, chat: Chat, who: Context) -> Member:
    return await person.invoke(FetchMember(chat.channel_sid, who.identity))


# Roles


async def test_an_agent_blocks_a_customer_by_sid_or_by_identity(house: House, chat: Chat) -> None:
    customer = await member(chat.agent, chat, chat.customer)
    for name in (customer.sid, customer.identity):
        blocked = await chat.agent.invoke(UpdateMember(chat.channel_sid, name, role="blockedUser"))
        assert (blocked.sid, blocked.role) == (customer.sid, "blockedUser")
        await chat.agent.invoke(UpdateMember(chat.channel_sid, name, role="channel user"))
    assert len(told(house, MemberUpdated)) == 4


async def test_a_customer_gives_nobody_a_role(chat: Chat) -> None:
    for who in (chat.customer, chat.agent):
        for role in ("channel admin", "blockedUser"):
            with pytest.raises(PermissionDenied):
                await chat.customer.invoke(UpdateMember(chat.channel_sid, who.identity, role=role))


async def test_a_blocked_customer_does_not_unblock_themselves(house: House, chat: Chat) -> None:
    await chat.block()
    me = chat.customer.identity
    for payload in (
        UpdateMember(chat.channel_sid, me, role="channel user"),
        UpdateMember(chat.channel_sid, me, attributes='{"blocked": false}'),
        AddMember(chat.channel_sid, me),
        RemoveMember(chat.channel_sid, me),
    ):
        with pytest.raises((PermissionDenied, MemberExists)):
            await chat.customer.invoke(payload)


@pytest.mark.parametrize("role", ["no such role", "agent", "RL" + "0" * 32, ""])
async def test_a_member_gets_a_channel_role_of_this_service_only(chat: Chat, role: str) -> None:
    with pytest.raises(RoleNotFound):
        await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role=role))


# Attributes


async def test_a_customer_changes_their_own_attributes_only(chat: Chat) -> None:
    changed = await chat.customer.invoke(
        UpdateMember(chat.channel_sid, chat.customer.identity, attributes='{"a": 1}')
    )
    assert changed.attributes == '{"a": 1}'
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(UpdateMember(chat.channel_sid, "grace", attributes="{}"))
    with pytest.raises(AttributesInvalid):
        await chat.customer.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, attributes="{"))


async def test_a_change_of_nothing_tells_nothing(house: House, chat: Chat) -> None:
    before = await member(chat.agent, chat, chat.agent)
    assert await chat.customer.invoke(UpdateMember(chat.channel_sid, "grace")) == before
    assert await member(chat.agent, chat, chat.agent) == before
    assert told(house, MemberUpdated) == []


# Coming and going


async def test_an_agent_brings_a_colleague_in(house: House, chat: Chat) -> None:
    await house.agent("alan")
    added = await chat.agent.invoke(AddMember(chat.channel_sid, "alan", role="channel admin"))
    assert added.role == "channel admin"
    assert told(house, MemberAdded)[-1].member == added
    with pytest.raises(MemberExists):
        await chat.agent.invoke(AddMember(chat.channel_sid, "alan"))
    assert (await chat.agent.invoke(FetchChannel(chat.channel_sid))).members_count == 3


async def test_a_customer_brings_nobody_in(chat: Chat) -> None:
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(AddMember(chat.channel_sid, "mallory"))


async def test_a_private_channel_is_not_joined_and_looks_like_none(house: House, chat: Chat) -> None:
    stranger, _ = await house.visitor("Eve")
    messages = []
    for channel_sid in (chat.channel_sid, "CH" + "0" * 32):
        with pytest.raises(NotFound) as caught:
            await stranger.invoke(AddMember(channel_sid, stranger.identity))
        messages.append(str(caught.value).replace(channel_sid, "CH…"))
    assert messages[0] == messages[1]


async def test_a_public_channel_is_joined_by_oneself_in_the_default_role(house: House) -> None:
    channel = await house.system.invoke(CreateChannel("Lobby"))
    visitor, _ = await house.visitor()
    joined = await visitor.invoke(AddMember(channel.sid, visitor.identity))
    assert joined.role == "channel user"
    other, _ = await house.visitor()
    with pytest.raises((PermissionDenied, NotFound)):
        await other.invoke(AddMember(channel.sid, other.identity, role="channel admin"))
    with pytest.raises((PermissionDenied, NotFound)):
        await other.invoke(AddMember(channel.sid, "mallory"))


async def test_somebody_who_left_reads_no_more(house: House, chat: Chat) -> None:
    await chat.customer.invoke(RemoveMember(chat.channel_sid, chat.customer.identity))
    with pytest.raises(NotFound):
        await chat.customer.invoke(ListMessages(chat.channel_sid))
    assert len(told(house, MemberRemoved)) == 1


async def test_a_customer_puts_nobody_out(chat: Chat) -> None:
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(RemoveMember(chat.channel_sid, "grace"))
    await chat.agent.invoke(RemoveMember(chat.channel_sid, chat.customer.identity))
    assert [m.identity for m in await chat.agent.invoke(ListMembers(chat.channel_sid))] == ["grace"]


async def test_a_member_of_another_channel_is_not_found_here(house: House, chat: Chat) -> None:
    _, other = await house.visitor("Bob")
    (bob,) = await house.system.invoke(ListMembers(other.channel.sid))
    for payload in (
        UpdateMember(chat.channel_sid, bob.sid, role="blockedUser"),
        RemoveMember(chat.channel_sid, bob.sid),
        FetchMember(chat.channel_sid, bob.sid),
    ):
        with pytest.raises(NotFound):
            await chat.agent.invoke(payload)


async def test_an_identity_cannot_pose_as_somebody_elses_sid(house: House, chat: Chat) -> None:
    customer = await member(chat.agent, chat, chat.customer)
    with pytest.raises(IdentityLooksLikeSid):
        await chat.agent.invoke(AddMember(chat.channel_sid, customer.sid))


# Reading marks and typing


async def test_a_read_mark_moves_on_and_never_back(house: House, chat: Chat) -> None:
    for _ in range(3):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))

    async def mark(index: int) -> int | None:
        return (await chat.agent.invoke(MarkRead(chat.channel_sid, index))).last_consumed_message_index

    assert [await mark(index) for index in (1, 0, -5, 1, 99, 2, 10**30, -(10**30))] == [
        1,
        1,
        1,
        1,
        2,
        2,
        2,
        2,
    ]
    assert len(told(house, MemberUpdated)) == 2


async def test_nothing_is_read_where_nothing_was_written(chat: Chat) -> None:
    assert (await chat.agent.invoke(MarkRead(chat.channel_sid, 0))).last_consumed_message_index is None


async def test_a_blocked_member_still_marks_as_read(chat: Chat) -> None:
    await chat.agent.invoke(SendMessage(chat.channel_sid, "goodbye"))
    await chat.block()
    assert (await chat.customer.invoke(MarkRead(chat.channel_sid, 0))).last_consumed_message_index == 0


async def test_typing_is_told_and_not_kept(house: House, chat: Chat) -> None:
    seq = (await chat.agent.invoke(OpenChannel(chat.channel_sid))).seq
    await chat.customer.invoke(SendTyping(chat.channel_sid))
    assert told(house, Typing) == [Typing(stream=chat.channel_sid, identity=chat.customer.identity)]
    assert (await chat.agent.invoke(OpenChannel(chat.channel_sid))).seq == seq


async def test_a_blocked_member_and_a_stranger_type_unseen(house: House, chat: Chat) -> None:
    stranger, _ = await house.visitor("Eve")
    await chat.block()
    for person, error in ((chat.customer, PermissionDenied), (stranger, NotFound)):
        with pytest.raises(error):
            await person.invoke(SendTyping(chat.channel_sid))
    assert told(house, Typing) == []


# Channels


async def test_whoever_opens_a_channel_is_in_it(house: House) -> None:
    visitor, _ = await house.visitor()
    channel = await visitor.invoke(CreateChannel("Ours", type="private"))
    (creator,) = await visitor.invoke(ListMembers(channel.sid))
    assert (creator.identity, creator.role) == (visitor.identity, "channel admin")
    assert (channel.members_count, channel.last_index, channel.created_by) == (1, -1, visitor.identity)


async def test_a_unique_name_is_taken_once(house: House) -> None:
    creations = [house.system.invoke(CreateChannel(unique_name="lobby")) for _ in range(5)]
    outcomes = await asyncio.gather(*creations, return_exceptions=True)
    assert sum(isinstance(outcome, ChannelExists) for outcome in outcomes) == 4
    other = await house.system.invoke(CreateChannel(unique_name="garden"))
    with pytest.raises(ChannelExists):
        await house.system.invoke(UpdateChannel(other.sid, unique_name="lobby"))
    assert (await house.system.invoke(UpdateChannel(other.sid, unique_name="garden"))).unique_name == "garden"


async def test_a_unique_name_is_given_up(house: House) -> None:
    channels = [await house.system.invoke(CreateChannel(unique_name=name)) for name in ("lobby", "garden")]
    for channel in channels:
        assert (await house.system.invoke(UpdateChannel(channel.sid, unique_name=""))).unique_name is None


@pytest.mark.parametrize(
    "payload",
    [
        CreateChannel("x" * 257),
        CreateChannel(unique_name="x" * 257),
        CreateChannel(unique_name="CH" + "a" * 32),
        CreateChannel(type="secret"),
        CreateChannel(attributes="{"),
    ],
)
async def test_a_channel_that_does_not_fit_is_not_made(house: House, payload: CreateChannel) -> None:
    with pytest.raises((InvalidRequest, AttributesInvalid)):
        await house.system.invoke(payload)
    assert await house.system.invoke(ListChannels()) == []


async def test_what_is_not_given_stays(house: House, chat: Chat) -> None:
    before = await chat.agent.invoke(FetchChannel(chat.channel_sid))
    after: Channel = await chat.agent.invoke(UpdateChannel(chat.channel_sid, friendly_name="Order 7"))
    assert (after.friendly_name, after.attributes) == ("Order 7", before.attributes)
    assert told(house, ChannelUpdated)[-1].channel == after


async def test_a_customer_changes_no_channel(chat: Chat) -> None:
    for payload in (
        UpdateChannel(chat.channel_sid, friendly_name="Mine"),
        UpdateChannel(chat.channel_sid, attributes="{}"),
        DeleteChannel(chat.channel_sid),
    ):
        with pytest.raises(PermissionDenied):
            await chat.customer.invoke(payload)


async def test_a_deleted_channel_is_gone_and_says_so(house: House, chat: Chat) -> None:
    await chat.agent.invoke(DeleteChannel(chat.channel_sid))
    (removed,) = told(house, ChannelRemoved)
    assert removed.stream == chat.channel_sid
    for person in (chat.customer, chat.agent):
        with pytest.raises(NotFound):
            await person.invoke(FetchChannel(chat.channel_sid))


async def test_a_blocked_member_cannot_leave_to_come_back_unblocked(house: House) -> None:
    grace = await house.agent("grace")
    channel = await house.system.invoke(CreateChannel("Open", type="public"))
    await house.system.invoke(CreateUser("ada"))
    ada = house.acting("ada")
    await ada.invoke(AddMember(channel.sid, "ada"))
    await grace.invoke(UpdateMember(channel.sid, "ada", role="blockedUser"))
    with pytest.raises(PermissionDenied):
        await ada.invoke(RemoveMember(channel.sid, "ada"))
