"""Channels: rooms where messages are sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, refused


def test_a_channel_is_made_with_every_default(service: ServiceContext) -> None:
    channel = service.channels.create()
    assert (channel.friendly_name, channel.unique_name, channel.attributes) == (None, None, "{}")
    assert (channel.type, channel.created_by) == ("public", "system")
    assert (channel.members_count, channel.messages_count) == (0, 0)
    assert isinstance(channel.date_created, datetime)
    assert isinstance(channel.date_updated, datetime)
    assert set(channel.links) == {"members", "messages", "invites", "webhooks", "last_message"}
    assert channel.links["last_message"] is None
    assert channel.delete() is True
    with refused(404, 20404):
        channel.fetch()


def test_a_channel_is_made_as_asked(service: ServiceContext) -> None:
    made = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)
    channel = service.channels.create(
        friendly_name="Größe 🐘",
        unique_name="grösse/1 +2",
        attributes='{"a": ["ü", 1]}',
        type="private",
        date_created=made,
        date_updated=made,
        created_by="ada",
    )
    assert (channel.friendly_name, channel.unique_name) == ("Größe 🐘", "grösse/1 +2")
    assert (channel.attributes, channel.type, channel.created_by) == ('{"a": ["ü", 1]}', "private", "ada")
    assert (channel.date_created, channel.date_updated) == (made, made)
    channel.delete()


def test_a_channel_is_changed_and_its_names_are_taken_away(service: ServiceContext) -> None:
    channel = service.channels.create(friendly_name="First", unique_name="first")
    changed = channel.update(friendly_name="Second", unique_name="second", attributes='{"n":2}')
    assert (changed.friendly_name, changed.unique_name, changed.attributes) == ("Second", "second", '{"n":2}')
    assert changed.date_updated >= channel.date_created
    with refused(404, 20404):
        service.channels("first").fetch()
    emptied = channel.update(friendly_name="", unique_name="")
    assert not emptied.friendly_name
    assert emptied.unique_name is None
    assert channel.fetch().attributes == '{"n":2}'
    channel.delete()


@pytest.mark.parametrize("name", ["two words", "plus+and@at", "Straße", "100%", "半角;=&"])
def test_a_unique_name_goes_wherever_a_sid_goes(service: ServiceContext, name: str) -> None:
    channel = service.channels.create(unique_name=name)
    named = service.channels(name)
    named.members.create("walker")
    message = named.messages.create(body="Here")
    assert named.fetch().sid == channel.sid
    assert message.channel_sid == message.to == channel.sid
    assert named.messages(str(message.sid)).fetch().body == "Here"
    assert service.users("walker").user_channels(name).fetch().channel_sid == channel.sid
    assert named.fetch().links["last_message"] == message.url
    assert named.delete() is True


def test_a_unique_name_is_taken_once(service: ServiceContext) -> None:
    first, second = service.channels.create(unique_name="taken"), service.channels.create()
    with refused(409, 50307) as caught:
        service.channels.create(unique_name="taken")
    assert caught.value.msg.endswith("Channel with provided unique name already exists")
    with refused(409, 50307):
        second.update(unique_name="taken")
    assert first.update(unique_name="taken").unique_name == "taken"
    first.delete()
    assert second.update(unique_name="taken").unique_name == "taken"
    second.delete()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"unique_name": f"CH{NOWHERE}"}, 50306),
        ({"unique_name": "x" * 257}, 50004),
        ({"friendly_name": "x" * 257}, 50003),
        ({"attributes": "not json"}, 50304),
        ({"attributes": '"' + "x" * 32_768 + '"'}, 50303),
        ({"type": "secret"}, 20001),
        ({"created_by": "x" * 257}, 50309),
        ({"date_created": "yesterday"}, 50308),
    ],
    ids="sid long long-name not-json large type author date".split(),
)
def test_a_channel_that_cannot_be_is_refused(service: ServiceContext, given: Any, code: int) -> None:
    with refused(400, code):
        service.channels.create(**given)


def test_an_update_needs_something_to_change(channel: ChannelContext) -> None:
    with refused(400, 20161):
        channel.update()
    with refused(400, 50304):
        channel.update(attributes="[1")
    with refused(400, 50306):
        channel.update(unique_name=f"CH{NOWHERE}")


def test_channels_are_listed_by_type(service: ServiceContext) -> None:
    made = {kind: str(service.channels.create(type=kind).sid) for kind in ("public", "private")}
    for kind, sid in made.items():
        listed = [channel.sid for channel in service.channels.stream(type=[kind], page_size=3)]
        assert sid in listed
        assert not set(listed) & (set(made.values()) - {sid})
    both = [channel.sid for channel in service.channels.stream(type=["public", "private"], page_size=3)]
    assert set(made.values()) <= set(both)
    for sid in made.values():
        service.channels(sid).delete()


def test_deleting_a_channel_deletes_what_is_in_it(service: ServiceContext) -> None:
    channel = service.channels.create(unique_name="doomed")
    channel.members.create("passenger")
    message = channel.messages.create(body="Farewell")
    assert service.users("passenger").fetch().joined_channels_count == 1
    assert channel.delete() is True
    assert service.users("passenger").fetch().joined_channels_count == 0
    for gone in (
        channel.fetch,
        message.fetch,
        channel.messages.create,
        service.channels("doomed").fetch,
        channel.delete,
    ):
        with refused(404, 20404):
            gone()


def test_the_webhook_header_is_taken_everywhere(service: ServiceContext) -> None:
    told = {"x_twilio_webhook_enabled": "true"}
    channel = service.channels.create(**told)
    assert channel.update(friendly_name="Told", **told).friendly_name == "Told"
    member = channel.members.create("told", **told)
    member.update(attributes="{}", **told)
    message = channel.messages.create(body="told", **told)
    message.update(body="told again", **told)
    assert message.delete(**told) is True
    assert member.delete(**told) is True
    assert channel.delete(**told) is True
