"""Messages: what is said in a channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, Account, refused

BODIES = (
    "Grüße, 世界! 👩‍👩‍👧‍👦",
    "a+b & c=d; 100% <b>'\"",
    "line one\nline two\r\n\ttabbed",
    "  spaces around  ",
    "\u202eright to left\u202c \u200b\ufeff",
)


def test_a_message_is_sent_read_changed_and_deleted(channel: ChannelContext) -> None:
    sid = str(channel.fetch().sid)
    message = channel.messages.create(body="Hello", from_="ada", attributes='{"mood": "good"}')
    assert (message.body, message._from, message.attributes) == ("Hello", "ada", '{"mood": "good"}')
    assert (message.to, message.channel_sid, message.type, message.media) == (sid, sid, "text", None)
    assert (message.index, message.was_edited, message.last_updated_by) == (0, False, None)
    assert isinstance(message.date_created, datetime)

    changed = message.update(body="Hello!", last_updated_by="grace")
    assert (changed.body, changed.was_edited, changed.last_updated_by) == ("Hello!", True, "grace")
    assert (changed.index, changed.date_created) == (0, message.date_created)
    assert message.update(attributes="{}").attributes == "{}"
    assert message.fetch().body == "Hello!"
    assert message.delete() is True
    with refused(404, 20404):
        message.fetch()


def test_a_message_has_every_default(channel: ChannelContext) -> None:
    message = channel.messages.create(body="Hi")
    assert (message._from, message.attributes) == ("system", "{}")


@pytest.mark.parametrize("body", BODIES, ids="wide form lines spaces unseen".split())
def test_a_body_comes_back_as_it_was_sent(channel: ChannelContext, body: str) -> None:
    message = channel.messages.create(body=body, from_=body.strip()[:20])
    assert (message.body, message._from) == (body, body.strip()[:20])
    assert [row.body for row in channel.messages.list()] == [body]
    assert message.update(body=body * 2).body == body * 2


def test_indices_rise_and_are_never_given_twice(channel: ChannelContext) -> None:
    messages = [channel.messages.create(body=str(n)) for n in range(3)]
    assert [message.index for message in messages] == [0, 1, 2]
    messages[2].delete()
    assert channel.messages.create(body="later").index > 2
    assert channel.fetch().messages_count == 3


def test_a_message_can_be_brought_along_with_its_dates(channel: ChannelContext) -> None:
    sent, edited = datetime(2018, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
    message = channel.messages.create(
        body="Old", from_="ada", date_created=sent, date_updated=edited, last_updated_by="bob"
    )
    assert (message.date_created, message.date_updated, message.last_updated_by) == (sent, edited, "bob")
    moved = message.update(from_="grace", date_created=edited, date_updated=edited)
    assert (moved._from, moved.date_created, moved.date_updated) == ("grace", edited, edited)


def test_a_body_may_be_as_long_as_is_documented(channel: ChannelContext) -> None:
    longest = "ü" * 16_384  # 32 KB of UTF-8
    assert channel.messages.create(body=longest).body == longest
    with refused(400, 50504):
        channel.messages.create(body=longest + "x")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"body": "x", "attributes": "{"}, 50304),
        ({"body": "x", "attributes": '"' + "x" * 32_768 + '"'}, 50303),
        ({"body": "x", "last_updated_by": "x" * 257}, 50505),
        ({"body": "x", "from_": "x" * 257}, None),
        ({"body": "x", "date_created": "once"}, 50308),
        ({"media_sid": "MEnot"}, 50510),
        ({"media_sid": f"ME{NOWHERE}"}, 50507),
    ],
    ids="not-json large editor author date no-media-sid no-media".split(),
)
def test_a_message_that_cannot_be_is_refused(channel: ChannelContext, given: Any, code: int | None) -> None:
    with refused(400, code):
        channel.messages.create(**given)
    assert channel.messages.list() == []


def test_an_update_is_refused_where_a_new_message_would_be(channel: ChannelContext) -> None:
    message = channel.messages.create(body="x")
    with refused(400, 50504):
        message.update(body="x" * 32_769)
    with refused(400, 50304):
        message.update(attributes="no")
    with refused(400, 20161):
        message.update()
    unchanged = message.fetch()
    assert (unchanged.body, unchanged.was_edited) == ("x", False)


def test_an_unknown_message_is_not_found(service: ServiceContext, channel: ChannelContext) -> None:
    unknown = channel.messages(f"IM{NOWHERE}")
    elsewhere = service.channels.create()
    foreign = channel.messages(str(elsewhere.messages.create(body="Elsewhere").sid))
    for message in (unknown, foreign):
        for ask in (message.fetch, message.delete):
            with refused(404, 20404):
                ask()
        with refused(404, 20404):
            message.update(body="x")
    elsewhere.delete()


def test_a_user_writes_in_their_own_name_only(account: Account, channel: ChannelContext) -> None:
    channel.members.create("ada")
    messages = account.being("ada").channels(str(channel.fetch().sid)).messages
    assert messages.create(body="Me")._from == "ada"
    assert messages.create(body="Me too", from_="ada")._from == "ada"
    with refused(403, 50107):
        messages.create(body="Not me", from_="grace")
    theirs = channel.messages.create(body="Theirs", from_="grace")
    with refused(403, 50107):
        messages(str(theirs.sid)).update(body="Mine now")
    with refused(403, 50107):
        messages(str(theirs.sid)).delete()


def test_a_channel_knows_its_last_message(channel: ChannelContext) -> None:
    first, last = channel.messages.create(body="First"), channel.messages.create(body="Last")
    room = channel.fetch()
    assert (room.messages_count, room.links["last_message"]) == (2, last.url)
    last.delete()
    assert channel.fetch().links["last_message"] == first.url
