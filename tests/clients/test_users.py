"""Users: people and bots of a service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, ODD_IDENTITIES, Account, refused


def test_a_user_is_made_read_changed_and_deleted(service: ServiceContext, roles: dict[str, Any]) -> None:
    user = service.users.create(identity="hopper", friendly_name="Grace", attributes='{"age": 37}')
    assert (user.identity, user.friendly_name, user.attributes) == ("hopper", "Grace", '{"age": 37}')
    assert user.role_sid == roles["service user"].sid
    assert (user.is_online, user.is_notifiable, user.joined_channels_count) == (None, None, 0)
    assert isinstance(user.date_created, datetime)
    assert isinstance(user.date_updated, datetime)
    assert set(user.links) == {"user_channels", "user_bindings"}

    changed = user.update(friendly_name="Amazing Grace", attributes="{}", role_sid=roles["service admin"].sid)
    assert (changed.friendly_name, changed.attributes) == ("Amazing Grace", "{}")
    assert changed.role_sid == roles["service admin"].sid
    for name in ("hopper", str(user.sid)):
        assert service.users(name).fetch().friendly_name == "Amazing Grace"
    assert user.delete() is True
    with refused(404, 20404):
        service.users("hopper").fetch()


def test_a_user_has_every_default(service: ServiceContext) -> None:
    user = service.users.create(identity="plain")
    assert (user.attributes, user.joined_channels_count) == ("{}", 0)
    user.delete()


@pytest.mark.parametrize("identity", ODD_IDENTITIES)
def test_an_identity_may_be_any_text(own: ServiceContext, identity: str) -> None:
    user = own.users.create(identity=identity)
    assert user.identity == identity
    if "/" not in identity:  # this library writes an identity into the path as it is
        assert own.users(identity).fetch().sid == user.sid
    assert own.users(str(user.sid)).update(friendly_name=identity).friendly_name == identity
    assert user.delete() is True


def test_identities_differ_by_the_case_of_their_letters(service: ServiceContext) -> None:
    small, large = service.users.create("case"), service.users.create("CASE")
    assert small.sid != large.sid
    with refused(409, 50201):
        service.users.create("case")
    assert small.delete()
    assert large.delete()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"identity": f"US{NOWHERE}"}, 50206),
        ({"identity": "x" * 257}, 50207),
        ({"identity": "system"}, 50203),
        ({"identity": ""}, 50204),
        ({"identity": None}, 20001),
        ({"identity": "u", "attributes": "{"}, 50304),
        ({"identity": "u", "attributes": '"' + "x" * 32_768 + '"'}, 50303),
        ({"identity": "u", "friendly_name": "x" * 257}, 50003),
        ({"identity": "u", "role_sid": f"RL{NOWHERE}"}, 50102),
    ],
    ids="sid long reserved empty none not-json large long-name no-role".split(),
)
def test_a_user_that_cannot_be_is_refused(service: ServiceContext, given: Any, code: int) -> None:
    with refused(400, code):
        service.users.create(**given)
    with refused(404, 20404):
        service.users("u").fetch()


def test_a_channels_role_is_no_users(service: ServiceContext, roles: dict[str, Any]) -> None:
    user = service.users.create("misfit")
    with refused(400, 50102):
        user.update(role_sid=roles["channel user"].sid)
    with refused(400, 20161):
        user.update()
    user.delete()


def test_a_user_comes_by_being_made_a_member_and_by_their_first_token(
    account: Account, service: ServiceContext, channel: ChannelContext
) -> None:
    channel.members.create(identity="brought along")
    assert service.users("brought along").fetch().joined_channels_count == 1
    assert account.being("by token").users("by token").fetch().joined_channels_count == 0
    assert service.users("by token").fetch().identity == "by token"


def test_deleting_a_user_takes_them_out_of_channels_but_leaves_their_words(
    service: ServiceContext, channel: ChannelContext
) -> None:
    channel.members.create("leaver")
    channel.messages.create(from_="leaver", body="I was here")
    assert service.users("leaver").delete() is True
    assert channel.members.list() == []
    assert [(message._from, message.body) for message in channel.messages.list()] == [
        ("leaver", "I was here")
    ]
    assert channel.fetch().members_count == 0


def test_users_are_paged_in_the_order_they_came(service: ServiceContext) -> None:
    made = [str(service.users.create(f"queue {number}").sid) for number in range(5)]
    listed = [user.sid for user in service.users.stream(page_size=2)]
    assert [sid for sid in listed if sid in made] == made
    assert len(listed) == len(set(listed))
    for sid in made:
        service.users(sid).delete()
