"""Invites: asking a user into a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, refused


def test_an_invite_is_made_read_and_taken_back(service: ServiceContext, channel: ChannelContext) -> None:
    invite = channel.invites.create(identity="gast@example.com")
    assert (invite.identity, invite.channel_sid) == ("gast@example.com", channel.fetch().sid)
    assert invite.role_sid == service.fetch().default_channel_role_sid
    assert invite.created_by == "system"
    assert isinstance(invite.date_created, datetime)
    assert invite.fetch().url == invite.url
    assert channel.members.list() == []
    assert invite.delete() is True
    with refused(404, 20404):
        invite.fetch()


def test_an_invite_gives_the_role_it_names(channel: ChannelContext, roles: dict[str, Any]) -> None:
    invite = channel.invites.create("ada", role_sid=roles["channel admin"].sid)
    assert invite.fetch().role_sid == roles["channel admin"].sid


def test_nobody_is_invited_twice_or_when_in_already(channel: ChannelContext) -> None:
    channel.invites.create("ada")
    with refused(409, 50212):
        channel.invites.create("ada")
    channel.members.create("bob")
    with refused(409, 50404):
        channel.invites.create("bob")


def test_becoming_a_member_ends_the_invite(channel: ChannelContext) -> None:
    channel.invites.create("ada")
    channel.members.create("ada")
    assert channel.invites.list() == []


def test_invites_are_found_by_identity_and_paged(channel: ChannelContext) -> None:
    made = [f"guest {number}" for number in range(5)]
    for identity in made:
        channel.invites.create(identity)
    assert [row.identity for row in channel.invites.stream(page_size=2)] == made
    wanted = channel.invites.stream(identity=["guest 1", "guest 3"], page_size=1)
    assert [row.identity for row in wanted] == ["guest 1", "guest 3"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"identity": None}, 20001),
        ({"identity": ""}, 50204),
        ({"identity": "x" * 257}, 50207),
        ({"identity": "u", "role_sid": f"RL{NOWHERE}"}, 50101),
    ],
    ids="none empty long no-role".split(),
)
def test_an_invite_that_cannot_be_is_refused(channel: ChannelContext, given: Any, code: int) -> None:
    with refused(400, code):
        channel.invites.create(**given)


def test_an_unknown_invite_is_not_found(channel: ChannelContext) -> None:
    with refused(404, 20404):
        channel.invites(f"IN{NOWHERE}").fetch()
    with refused(404, 20404):
        channel.invites(f"IN{NOWHERE}").delete()
