"""A user's channels: what they are in, and how far they have read."""

from __future__ import annotations

from datetime import UTC, datetime

from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, refused


def test_a_user_sees_their_channels(service: ServiceContext, channel: ChannelContext) -> None:
    sid, member = str(channel.fetch().sid), channel.members.create("reader")
    user = service.users("reader")
    row = user.user_channels(sid).fetch()

    assert (row.channel_sid, row.member_sid, row.user_sid) == (sid, member.sid, user.fetch().sid)
    assert (row.status, row.notification_level) == ("joined", "default")
    assert (row.last_consumed_message_index, row.unread_messages_count) == (None, None)
    assert set(row.links) == {"channel", "member"}
    assert [row.channel_sid for row in user.user_channels.list()] == [sid]
    assert user.fetch().joined_channels_count == 1


def test_what_is_unread_is_what_came_after_the_mark(service: ServiceContext, channel: ChannelContext) -> None:
    sid, _ = str(channel.fetch().sid), channel.members.create("counter")
    indices = [channel.messages.create(body=str(n)).index for n in range(4)]
    row = service.users("counter").user_channels(sid)

    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    marked = row.update(last_consumed_message_index=indices[1], last_consumption_timestamp=moment)
    assert (marked.last_consumed_message_index, marked.unread_messages_count) == (indices[1], 2)
    assert channel.members("counter").fetch().last_consumption_timestamp == moment
    channel.messages.create(body="one more")
    assert row.fetch().unread_messages_count == 3


def test_a_channel_can_be_muted(service: ServiceContext, channel: ChannelContext) -> None:
    sid, _ = str(channel.fetch().sid), channel.members.create("light sleeper")
    row = service.users("light sleeper").user_channels(sid)
    assert row.update(notification_level="muted").notification_level == "muted"
    assert row.fetch().notification_level == "muted"
    with refused(400, 50210):
        row.update(notification_level="deaf")
    with refused(400, 50406):
        row.update(last_consumed_message_index=-1)


def test_leaving_is_deleting_the_row(service: ServiceContext, channel: ChannelContext) -> None:
    sid, _ = str(channel.fetch().sid), channel.members.create("goer")
    row = service.users("goer").user_channels(sid)
    assert row.delete() is True
    assert channel.members.list() == []
    with refused(404, 20404):
        row.fetch()
    with refused(404, 20404):
        row.delete()


def test_a_channel_that_one_is_not_in_is_not_found(service: ServiceContext, channel: ChannelContext) -> None:
    service.users.create("outsider")
    with refused(404, 20404):
        service.users("outsider").user_channels(str(channel.fetch().sid)).fetch()
    with refused(404, 20404):
        service.users(f"US{NOWHERE}").user_channels(f"CH{NOWHERE}").fetch()
    service.users("outsider").delete()


def test_an_invited_user_has_the_channel_as_invited(own: ServiceContext) -> None:
    own.users.create("guest")
    own.channels.create().invites.create(identity="guest")
    rows = own.users("guest").user_channels.list()
    assert [(row.status, row.member_sid) for row in rows] == [("invited", None)]


def test_a_users_channels_are_paged(service: ServiceContext) -> None:
    service.users.create("busy")
    made = [service.channels.create(friendly_name=str(number)) for number in range(5)]
    for one in made:
        one.members.create("busy")
    rows = service.users("busy").user_channels.stream(page_size=2)
    assert [row.channel_sid for row in rows] == [one.sid for one in made]
    for one in made:
        one.delete()
    assert service.users("busy").fetch().joined_channels_count == 0
    service.users("busy").delete()
