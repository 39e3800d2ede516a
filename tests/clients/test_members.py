"""Members: users in a channel, and the role they have there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, ODD_IDENTITIES, Account, refused


def test_a_member_is_added_read_changed_and_removed(
    service: ServiceContext, channel: ChannelContext, roles: dict[str, Any]
) -> None:
    member = channel.members.create(identity="ada", attributes='{"seat": 3}')
    assert (member.identity, member.attributes) == ("ada", '{"seat": 3}')
    assert member.role_sid == service.fetch().default_channel_role_sid
    assert (member.last_consumed_message_index, member.last_consumption_timestamp) == (None, None)
    assert isinstance(member.date_created, datetime)
    assert channel.fetch().members_count == 1

    changed = member.update(role_sid=roles["channel admin"].sid, attributes="{}")
    assert (changed.role_sid, changed.attributes) == (roles["channel admin"].sid, "{}")
    for name in ("ada", str(member.sid)):
        assert channel.members(name).fetch().role_sid == roles["channel admin"].sid
    assert member.delete() is True
    assert channel.fetch().members_count == 0
    with refused(404, 20404):
        member.fetch()


@pytest.mark.parametrize("identity", ODD_IDENTITIES)
def test_a_members_identity_may_be_any_text(channel: ChannelContext, identity: str) -> None:
    member = channel.members.create(identity=identity)
    assert member.identity == identity
    assert [row.sid for row in channel.members.list(identity=[identity])] == [member.sid]
    if "/" not in identity:  # this library writes an identity into the path as it is
        assert channel.members(identity).fetch().sid == member.sid
        assert channel.members(identity).delete() is True


def test_nobody_is_a_member_twice(channel: ChannelContext) -> None:
    channel.members.create("ada")
    with refused(409, 50404) as caught:
        channel.members.create("ada")
    assert caught.value.msg.endswith("Member already exists")
    assert channel.fetch().members_count == 1


def test_who_comes_back_is_another_member(channel: ChannelContext) -> None:
    first = channel.members.create("ada", last_consumed_message_index=0)
    channel.members("ada").delete()
    again = channel.members.create("ada")
    assert again.sid != first.sid
    assert again.last_consumed_message_index is None


def test_a_members_horizon_and_dates_can_be_brought_along(channel: ChannelContext) -> None:
    for body in "abc":
        channel.messages.create(body=body)
    moment = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    member = channel.members.create(
        "ada",
        last_consumed_message_index=1,
        last_consumption_timestamp=moment,
        date_created=moment,
        date_updated=moment,
    )
    assert (member.last_consumed_message_index, member.last_consumption_timestamp) == (1, moment)
    assert (member.date_created, member.date_updated) == (moment, moment)
    assert member.update(last_consumed_message_index=2).last_consumed_message_index == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"identity": None}, 20001),
        ({"identity": ""}, 50204),
        ({"identity": "x" * 257}, 50207),
        ({"identity": "u", "role_sid": f"RL{NOWHERE}"}, 50101),
        ({"identity": "u", "attributes": "{"}, 50304),
        ({"identity": "u", "attributes": '"' + "x" * 32_768 + '"'}, 50303),
        ({"identity": "u", "last_consumed_message_index": -1}, 50406),
        ({"identity": "u", "last_consumed_message_index": "x"}, 50406),
        ({"identity": "u", "last_consumption_timestamp": "noon"}, 50405),
    ],
    ids="none empty long no-role not-json large negative no-number no-date".split(),
)
def test_a_member_that_cannot_be_is_refused(channel: ChannelContext, given: Any, code: int) -> None:
    with refused(400, code):
        channel.members.create(**given)
    assert channel.members.list() == []


def test_a_services_role_is_no_members(channel: ChannelContext, roles: dict[str, Any]) -> None:
    with refused(400, 50101):
        channel.members.create("ada", role_sid=roles["service user"].sid)
    member = channel.members.create("ada")
    with refused(400, 50101):
        member.update(role_sid=roles["service user"].sid)
    with refused(400, 20161):
        member.update()


def test_members_are_found_by_identity(channel: ChannelContext) -> None:
    for identity in ("ada", "bob", "a+b@c"):
        channel.members.create(identity)
    assert [member.identity for member in channel.members.list(identity=["a+b@c", "ada"])] == ["ada", "a+b@c"]
    assert channel.members.list(identity=["nobody"]) == []
    listed = channel.members.stream(identity=["ada", "bob"], page_size=1)
    assert [member.identity for member in listed] == ["ada", "bob"]


def test_a_channel_is_full_at_its_limit(account: Account) -> None:
    service = account.client.chat.v2.services(str(account.client.chat.v2.services.create("Small").sid))
    service.update(limits_channel_members=2, limits_user_channels=1)
    room, other = service.channels.create(), service.channels.create()
    room.members.create("ada")
    room.members.create("bob")
    with refused(403, 50403):
        room.members.create("eve")
    with refused(403, 50208):
        other.members.create("ada")
    assert room.fetch().members_count == 2
    service.delete()


def test_a_blocked_member_reads_but_neither_writes_nor_sends_files(
    account: Account, service: ServiceContext, channel: ChannelContext
) -> None:
    blocked = service.roles.create("mute", "channel", ["leaveChannel"])
    member = channel.members.create("rude")
    channel.messages.create(body="Welcome")
    own = account.being("rude").channels(str(channel.fetch().sid))
    own.messages.create(body="Rude words")

    assert member.update(role_sid=blocked.sid).role_sid == blocked.sid
    with refused(403, 50107):
        own.messages.create(body="More of them")
    with refused(403, 50107):
        own.messages.create(media_sid=f"ME{NOWHERE}")
    assert [message.body for message in own.messages.list()] == ["Welcome", "Rude words"]


def test_a_stranger_does_not_find_a_private_channel(account: Account, service: ServiceContext) -> None:
    channel = service.channels.create(type="private")
    channel.messages.create(body="Secret")
    outside = account.being("stranger").channels(str(channel.sid))
    for ask in (
        outside.fetch,
        lambda: outside.messages.create(body="Knock"),
        lambda: outside.members.create("stranger"),
    ):
        with refused(404, 20404):
            ask()
    channel.delete()
