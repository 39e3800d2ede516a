"""User channels over Programmable Chat's REST API: a channel as one of its users has it."""

from __future__ import annotations

import pytest

from tests.http.desk import BASE, Desk
from vestibule.events import MemberRemoved, MemberUpdated

KEYS = """account_sid service_sid channel_sid user_sid member_sid status last_consumed_message_index
unread_messages_count notification_level url links"""


def channels_of(desk: Desk, identity: str = "") -> str:
    return f"{desk.service}/Users/{identity or desk.chat.customer.identity}/Channels"


def own(desk: Desk) -> str:
    return f"{channels_of(desk)}/{desk.chat.channel_sid}"


async def joined(desk: Desk, identity: str, number: int) -> str:
    """A channel that somebody is in."""
    name = f"room-{number}"
    channel = await desk.account.post(f"{desk.service}/Channels", data={"UniqueName": name})
    url = channel.json()["url"]
    assert (await desk.account.post(f"{url}/Members", data={"Identity": identity})).status_code == 201
    return str(channel.json()["sid"])


async def invited(desk: Desk, identity: str, channel_sid: str) -> None:
    """Somebody who may join a channel."""
    invites = f"{desk.service}/Channels/{channel_sid}/Invites"
    assert (await desk.account.post(invites, data={"Identity": identity})).status_code == 201


async def test_a_joined_channel_has_every_field(desk: Desk) -> None:
    row = (await desk.account.get(own(desk))).json()
    user = (await desk.account.get(f"{desk.service}/Users/{desk.chat.customer.identity}")).json()
    member = (await desk.account.get(row["links"]["member"])).json()

    assert set(row) == set(KEYS.split())
    assert (row["status"], row["notification_level"]) == ("joined", "default")
    assert (row["last_consumed_message_index"], row["unread_messages_count"]) == (None, None)
    assert (row["user_sid"], row["member_sid"]) == (user["sid"], member["sid"])
    assert row["url"] == f"{user['url']}/Channels/{row['channel_sid']}"
    assert (await desk.account.get(row["url"])).json() == row
    assert (await desk.account.get(row["links"]["channel"])).status_code == 200


async def test_channels_are_listed_under_the_key_channels_fifty_at_most(desk: Desk) -> None:
    made = [await joined(desk, "ada", number) for number in range(5)]
    whole = (await desk.account.get(channels_of(desk, "ada"), params={"PageSize": 1000})).json()
    url, read = f"{BASE}{channels_of(desk, 'ada')}?PageSize=2", []
    while url:
        page = (await desk.account.get(url)).json()
        read += [row["channel_sid"] for row in page["channels"]]
        url = page["meta"]["next_page_url"]

    assert (whole["meta"]["key"], whole["meta"]["page_size"]) == ("channels", 50)
    assert [row["channel_sid"] for row in whole["channels"]] == read == made


async def test_a_channel_goes_by_its_unique_name_too(desk: Desk) -> None:
    sid = await joined(desk, "ada", 1)
    row = (await desk.account.get(f"{channels_of(desk, 'ada')}/room-1")).json()

    assert row["channel_sid"] == sid
    for channel in ("room-2", f"CH{'0' * 32}", desk.chat.channel_sid):
        answer = await desk.account.get(f"{channels_of(desk, 'ada')}/{channel}")
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_an_invitation_is_listed_until_it_is_taken(desk: Desk) -> None:
    sid = await joined(desk, "ada", 1)
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "bob"})
    await invited(desk, "bob", sid)
    row = (await desk.account.get(f"{channels_of(desk, 'bob')}/{sid}")).json()

    assert set(row) == set(KEYS.split())
    assert (row["status"], row["member_sid"], row["links"]["member"]) == ("invited", None, None)
    url = row["url"]
    assert (await desk.account.post(url, data={"NotificationLevel": "muted"})).status_code == 404
    await desk.account.post(f"{desk.service}/Channels/{sid}/Members", data={"Identity": "bob"})
    listed = (await desk.account.get(channels_of(desk, "bob"))).json()["channels"]
    assert [row["status"] for row in listed] == ["joined"]


async def test_an_invitation_is_declined_or_taken_back_by_deleting_it(desk: Desk) -> None:
    sid = desk.chat.channel_sid
    for who in (desk.holding("bob"), desk.account):
        await invited(desk, "bob", sid)
        url = f"{channels_of(desk, 'bob')}/{sid}"
        assert (await desk.customer.delete(url)).status_code == 403
        assert (await who.delete(url)).status_code == 204
        assert (await desk.account.get(channels_of(desk, "bob"))).json()["channels"] == []


async def test_what_is_unread_is_what_came_after_the_read_mark(desk: Desk) -> None:
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    sent = [(await desk.account.post(messages, data={"Body": str(n)})).json() for n in range(4)]
    await desk.account.delete(sent[2]["url"])
    counts = []
    for mark in ("3", "1", "0", ""):
        row = (await desk.account.post(own(desk), data={"LastConsumedMessageIndex": mark})).json()
        counts.append((row["last_consumed_message_index"], row["unread_messages_count"]))

    assert counts == [(3, 0), (1, 1), (0, 2), (None, None)]


async def test_a_read_mark_may_come_with_its_time(desk: Desk) -> None:
    moment = "2020-03-14T13:10:38Z"
    mark = {"LastConsumedMessageIndex": "0", "LastConsumptionTimestamp": moment}
    row = (await desk.account.post(own(desk), data=mark)).json()
    member = row["links"]["member"]

    assert (await desk.account.get(member)).json()["last_consumption_timestamp"] == moment
    await desk.account.post(own(desk), data={"NotificationLevel": "muted"})
    assert (await desk.account.get(member)).json()["last_consumption_timestamp"] == moment
    await desk.account.post(own(desk), data={"LastConsumptionTimestamp": ""})
    assert (await desk.account.get(member)).json()["last_consumption_timestamp"] is None


async def test_ones_own_read_mark_only_moves_on_to_what_there_is(desk: Desk) -> None:
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    for number in range(3):
        await desk.account.post(messages, data={"Body": str(number)})
    told = len(desk.house.notices)
    marks = []
    for mark in ("1", "0", "", "99"):
        row = (await desk.customer.post(own(desk), data={"LastConsumedMessageIndex": mark})).json()
        marks.append((row["last_consumed_message_index"], row["unread_messages_count"]))

    assert marks == [(1, 1), (1, 1), (1, 1), (2, 0)]
    assert sum(isinstance(notice, MemberUpdated) for notice in desk.house.notices[told:]) == 2
    moment = {"LastConsumptionTimestamp": "2020-01-01T00:00:00Z"}
    assert (await desk.customer.post(own(desk), data=moment)).json()["code"] == 50107


async def test_a_muted_channel_says_so_to_its_members(desk: Desk) -> None:
    muted = await desk.customer.post(own(desk), data={"NotificationLevel": "muted"})

    assert muted.json()["notification_level"] == "muted"
    told = [notice for notice in desk.house.notices if isinstance(notice, MemberUpdated)][-1]
    assert told.member is not None
    assert told.member.notification_level == "muted"
    assert (await desk.customer.get(own(desk))).json() == muted.json()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"NotificationLevel": "loud"}, 50210),
        ({"NotificationLevel": ""}, 50210),
        ({"LastConsumedMessageIndex": "-1"}, 50406),
        ({"LastConsumedMessageIndex": "x"}, 50406),
        ({"LastConsumedMessageIndex": "9" * 30}, 50406),
        ({"LastConsumptionTimestamp": "yesterday"}, 50405),
        ({"LastConsumptionTimestamp": "0001-01-01T00:00:00+14:00"}, 50405),
        ({"LastConsumptionTimestamp": "9999-12-31T23:59:59-12:00"}, 50405),
        ({"Nonsense": "x"}, 20161),
    ],
    ids=["level", "no level", "negative", "a word", "huge", "a day", "long ago", "the end", "nothing"],
)
async def test_a_change_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], code: int) -> None:
    answer = await desk.account.post(own(desk), data=changes)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_one_leaves_a_channel_by_deleting_it_from_ones_own(desk: Desk) -> None:
    left = await desk.customer.delete(own(desk))

    assert (left.status_code, left.content) == (204, b"")
    assert (await desk.account.get(own(desk))).status_code == 404
    assert (await desk.account.delete(own(desk))).status_code == 404
    removed = [notice for notice in desk.house.notices if isinstance(notice, MemberRemoved)][-1]
    assert removed.identity == desk.chat.customer.identity
    channel = (await desk.account.get(f"{desk.service}/Channels/{desk.chat.channel_sid}")).json()
    assert channel["members_count"] == 1


async def test_a_blocked_member_mutes_but_does_not_leave(desk: Desk) -> None:
    await desk.chat.block()
    refused = await desk.customer.delete(own(desk))

    assert (refused.status_code, refused.json()["code"]) == (403, 50107)
    assert (await desk.customer.post(own(desk), data={"NotificationLevel": "muted"})).status_code == 200
    assert (await desk.account.delete(own(desk))).status_code == 204


async def test_who_may_not_set_the_level_still_says_what_they_read(desk: Desk) -> None:
    new = {"FriendlyName": "reader", "Type": "channel", "Permission": "leaveChannel"}
    role = (await desk.account.post(f"{desk.service}/Roles", data=new)).json()
    member = (await desk.account.get(own(desk))).json()["links"]["member"]
    await desk.account.post(member, data={"RoleSid": role["sid"]})
    refused = await desk.customer.post(own(desk), data={"NotificationLevel": "muted"})

    assert (refused.status_code, refused.json()["code"]) == (403, 50107)
    await desk.account.post(f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages", data={"Body": "Hi"})
    marked = await desk.customer.post(own(desk), data={"LastConsumedMessageIndex": "0"})
    assert marked.json()["last_consumed_message_index"] == 0


async def test_others_channels_are_read_by_those_who_read_any_and_changed_by_nobody(desk: Desk) -> None:
    other = (await desk.client().post("/v1/chats", json={})).json()["identity"]

    assert (await desk.agent.get(own(desk))).status_code == 200
    assert (await desk.agent.get(channels_of(desk))).status_code == 200
    stranger = desk.holding(other)
    for answer in (
        await stranger.get(own(desk)),
        await stranger.get(channels_of(desk)),
        await stranger.post(own(desk), data={"NotificationLevel": "muted"}),
        await stranger.delete(own(desk)),
        await desk.agent.post(own(desk), data={"NotificationLevel": "muted"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, 50107)
    assert (await desk.account.get(own(desk))).json()["notification_level"] == "default"


async def test_a_user_who_is_not_there_has_no_channels(desk: Desk) -> None:
    for path in (channels_of(desk, "nobody"), f"{channels_of(desk, 'nobody')}/{desk.chat.channel_sid}"):
        answer = await desk.account.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)
