"""Channels of Programmable Chat: what a channel says of itself, who may change what, and its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.chat_v2.rooms import (
    a_channel,
    a_file,
    a_member,
    changed,
    fetched,
    made,
    refused,
    role_sid,
    rows,
)
from tests.http.desk import BASE, Desk

THEN, LATER = "2016-02-29T08:00:00Z", "2016-03-01T08:00:00Z"


async def test_a_channel_without_a_word_has_every_default(desk: Desk) -> None:
    channel = await a_channel(desk)
    url = f"{BASE}{desk.service}/Channels/{channel['sid']}"

    assert channel["sid"].startswith("CH")
    assert (channel["friendly_name"], channel["unique_name"], channel["attributes"]) == (None, None, "{}")
    assert (channel["type"], channel["created_by"]) == ("public", "system")
    assert (channel["members_count"], channel["messages_count"]) == (0, 0)
    assert channel["date_created"] == channel["date_updated"]
    assert channel["url"] == url
    assert channel["links"] == {
        "members": f"{url}/Members",
        "messages": f"{url}/Messages",
        "invites": f"{url}/Invites",
        "webhooks": f"{url}/Webhooks",
        "last_message": None,
    }


async def test_a_channel_goes_by_sid_or_unique_name(desk: Desk) -> None:
    channel = await a_channel(desk, UniqueName="a/b c+ü", FriendlyName="Room", Type="private")
    account, named = desk.account, f"{desk.service}/Channels/a%2Fb%20c+%C3%BC"

    assert (await account.get(named)).json() == channel
    twice = await account.post(f"{desk.service}/Channels", data={"UniqueName": "a/b c+ü"})
    assert refused(twice, 409, 50307)
    sent = await account.post(f"{named}/Messages", data={"Body": "Hi", "From": "robot"})
    assert (sent.json()["from"], sent.json()["to"]) == ("robot", channel["sid"])
    assert (await account.get(f"{named}/Members")).json()["members"] == []
    assert (await account.get(f"{named}/Invites")).json()["invites"] == []
    renamed = await account.post(named, data={"UniqueName": "", "FriendlyName": "", "Attributes": ""})
    assert (renamed.json()["unique_name"], renamed.json()["friendly_name"]) == (None, None)
    assert renamed.json()["attributes"] == "{}"
    assert (await account.get(named)).status_code == 404
    assert (await account.delete(channel["url"])).status_code == 204
    assert (await account.get(channel["url"])).status_code == 404


async def test_a_channel_that_comes_from_elsewhere_keeps_its_dates_and_creator(desk: Desk) -> None:
    channel = await a_channel(desk, DateCreated=THEN, DateUpdated=LATER, CreatedBy="ada")
    assert (channel["date_created"], channel["date_updated"], channel["created_by"]) == (THEN, LATER, "ada")
    only_made = await a_channel(desk, DateCreated="2016-02-29T10:00:00.250+02:00")
    assert (only_made["date_created"], only_made["date_updated"]) == (THEN, THEN)

    named = await changed(desk, channel, FriendlyName="Old")
    assert (named["date_created"], named["created_by"]) == (THEN, "ada")
    assert named["date_updated"] > LATER
    again = await changed(desk, channel, DateUpdated=LATER, CreatedBy="bob", DateCreated="2015-01-01")
    assert (again["date_updated"], again["created_by"]) == (LATER, "bob")
    assert (again["date_created"], again["friendly_name"]) == ("2015-01-01T00:00:00Z", "Old")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"FriendlyName": "x" * 257}, 50003),
        ({"UniqueName": "x" * 257}, 50004),
        ({"UniqueName": "CH" + "a" * 32}, 50306),
        ({"Attributes": "{"}, 50304),
        ({"Attributes": '"' + "ü" * 16384 + '"'}, 50303),
        ({"DateCreated": "yesterday"}, 50308),
        ({"DateUpdated": "1969-12-31T23:59:59Z"}, 50308),
        ({"DateCreated": "9999-12-31T23:59:59-05:00"}, 50308),
        ({"CreatedBy": "x" * 257}, 50309),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, int) else "-".join(value),
)
async def test_what_does_not_fit_is_refused_by_its_own_code(
    desk: Desk, fields: dict[str, str], code: int
) -> None:
    channel = await a_channel(desk)
    assert refused(await desk.account.post(f"{desk.service}/Channels", data=fields), 400, code)
    assert refused(await desk.account.post(channel["url"], data=fields), 400, code)
    assert await fetched(desk, channel) == channel


async def test_names_are_as_long_as_they_may_be(desk: Desk) -> None:
    longest = {"FriendlyName": "ü" * 256, "UniqueName": "y" * 256, "CreatedBy": "z" * 256}
    channel = await a_channel(desk, **longest)
    assert (channel["friendly_name"], channel["unique_name"]) == ("ü" * 256, "y" * 256)


async def test_an_update_says_at_least_one_thing_and_never_the_type(desk: Desk) -> None:
    channel = await a_channel(desk)
    for nothing in ({}, {"Type": "private"}, {"Nonsense": "1"}):
        assert refused(await desk.account.post(channel["url"], data=nothing), 400, 20161)
    assert (await desk.account.post(f"{desk.service}/Channels", data={"Type": "secret"})).status_code == 400
    assert (await changed(desk, channel, Type="private", FriendlyName="x"))["type"] == "public"


async def test_a_unique_name_may_be_kept_but_not_taken(desk: Desk) -> None:
    await a_channel(desk, UniqueName="lobby")
    garden = await a_channel(desk, UniqueName="garden")
    assert (await changed(desk, garden, UniqueName="garden"))["unique_name"] == "garden"
    assert refused(await desk.account.post(garden["url"], data={"UniqueName": "lobby"}), 409, 50307)


async def test_the_newest_message_is_linked(desk: Desk) -> None:
    channel = await a_channel(desk)
    first, last = [await made(desk, f"{channel['url']}/Messages", Body=body) for body in ("1", "2")]
    seen = await fetched(desk, channel)
    assert (seen["links"]["last_message"], seen["messages_count"]) == (last["url"], 2)
    assert (await desk.account.get(seen["links"]["last_message"])).json() == last
    (listed,) = await rows(desk, f"{desk.service}/Channels?Type=public")
    assert listed == seen

    for message, left in ((last, first["url"]), (first, None)):
        await desk.account.delete(message["url"])
        assert (await fetched(desk, channel))["links"]["last_message"] == left


async def test_channels_are_filtered_by_type(desk: Desk) -> None:
    public = [(await a_channel(desk))["sid"] for _ in range(2)]
    private = [(await a_channel(desk, Type="private"))["sid"]]
    everything = [desk.chat.channel_sid, *public, *private]
    wanted = {
        "": everything,
        "Type=public": public,
        "Type=private": [desk.chat.channel_sid, *private],
        "Type=public&Type=private": everything,
    }
    for query, sids in wanted.items():
        assert [row["sid"] for row in await rows(desk, f"{desk.service}/Channels?{query}")] == sids
    assert refused(await desk.account.get(f"{desk.service}/Channels?Type=secret"), 400, 20001)


async def test_all_that_was_in_a_channel_goes_with_it(desk: Desk) -> None:
    channel = await a_channel(desk, UniqueName="short-lived")
    member = await a_member(desk, channel, "ada")
    invite = await made(desk, f"{channel['url']}/Invites", Identity="bob")
    media_sid = await a_file(desk, desk.account)
    message = await made(desk, f"{channel['url']}/Messages", MediaSid=media_sid)
    link = (await desk.account.get(f"/v1/Services/{desk.house.service_sid}/Media/{media_sid}")).json()
    direct = link["links"]["content_direct_temporary"]
    assert (await desk.client().get(direct)).status_code == 200

    gone = await desk.account.delete(f"{desk.service}/Channels/short-lived")
    assert (gone.status_code, gone.content) == (204, b"")
    for row in (channel, member, invite, message):
        assert refused(await desk.account.get(row["url"]), 404, 20404)
    assert (await desk.client().get(direct)).status_code in (404, 410)
    assert [key async for key in desk.house.parts.storage.list("") if media_sid in key] == []
    assert (await desk.account.get(f"{desk.service}/Users/ada")).json()["joined_channels_count"] == 0
    assert (await a_channel(desk, UniqueName="short-lived"))["members_count"] == 0


async def test_a_person_writes_no_other_name_and_no_date(desk: Desk) -> None:
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "ada"})
    ada, channels = desk.holding("ada"), f"{desk.service}/Channels"
    for fields in ({"CreatedBy": "grace"}, {"DateCreated": THEN}, {"DateUpdated": THEN}):
        assert refused(await ada.post(channels, data=fields), 403, 50107)
    own = await ada.post(channels, data={"CreatedBy": "ada", "Type": "private"})
    assert (own.status_code, own.json()["created_by"], own.json()["members_count"]) == (201, "ada", 1)
    for fields in ({"CreatedBy": "grace"}, {"DateCreated": THEN}, {"DateUpdated": THEN}):
        assert refused(await ada.post(own.json()["url"], data=fields), 403, 50107)
    named = await ada.post(own.json()["url"], data={"FriendlyName": "Mine"})
    assert named.json()["friendly_name"] == "Mine"


async def test_nobody_makes_themselves_a_channels_creator(desk: Desk) -> None:
    channel = await a_channel(desk)
    namer = await made(
        desk, f"{desk.service}/Roles", FriendlyName="namer", Type="channel", Permission=["editChannelName"]
    )
    await a_member(desk, channel, "ada", RoleSid=namer["sid"])
    mine = {"FriendlyName": "Ours", "CreatedBy": "ada"}
    assert refused(await desk.holding("ada").post(channel["url"], data=mine), 403, 50107)
    kept = await desk.holding("ada").post(channel["url"], data={"FriendlyName": "Ours"})
    assert (kept.json()["friendly_name"], kept.json()["created_by"]) == ("Ours", "system")


async def test_a_private_channel_is_hidden_from_whoever_is_not_in_it(desk: Desk) -> None:
    channel = await a_channel(desk, Type="private", UniqueName="cellar")
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "ada"})
    message = await made(desk, f"{channel['url']}/Messages", Body="psst")
    ada = desk.holding("ada")
    for place in ("", "/Members", "/Messages", "/Invites", f"/Messages/{message['sid']}"):
        for name in (channel["sid"], "cellar"):
            answer = await ada.get(f"{desk.service}/Channels/{name}{place}")
            assert refused(answer, 404, 20404)
    forms = {"": {"FriendlyName": "x"}, "/Members": {"Identity": "ada"}, "/Messages": {"Body": ""}}
    for place, fields in forms.items():
        answer = await ada.post(f"{desk.service}/Channels/cellar{place}", data=fields)
        assert refused(answer, 404, 20404)
    assert refused(await ada.delete(channel["url"]), 404, 20404)


async def test_a_user_lists_public_channels_and_those_they_are_in_or_invited_to(desk: Desk) -> None:
    open_one, mine, invited, _ = [
        await a_channel(desk, Type=kind) for kind in ("public", "private", "private", "private")
    ]
    await a_member(desk, mine, "ada")
    await made(desk, f"{invited['url']}/Invites", Identity="ada")
    wanted = {
        "": [open_one, mine, invited],
        "Type=public": [open_one],
        "Type=private": [mine, invited],
        "PageSize=1": [open_one, mine, invited],
    }
    for query, channels in wanted.items():
        url: str | None = f"{desk.service}/Channels?{query}"
        listed, back = [], None
        while url:
            page = (await desk.holding("ada").get(url)).json()
            listed += [row["sid"] for row in page["channels"]]
            url, back = page["meta"]["next_page_url"], page["meta"]["previous_page_url"]
        assert listed == [channel["sid"] for channel in channels]
    assert back
    before = (await desk.holding("ada").get(back)).json()
    assert [row["sid"] for row in before["channels"]] == [mine["sid"]]


async def test_whoever_may_read_any_channel_lists_all(desk: Desk) -> None:
    hidden = await a_channel(desk, Type="private")
    listed = (await desk.agent.get(f"{desk.service}/Channels")).json()["channels"]
    assert [row["sid"] for row in listed] == [desk.chat.channel_sid, hidden["sid"]]


async def test_a_public_channel_is_seen_before_one_joins_but_not_what_is_said_in_it(desk: Desk) -> None:
    channel = await a_channel(desk, UniqueName="hall", FriendlyName="Hall")
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "ada"})
    await made(desk, f"{channel['url']}/Messages", Body="psst")
    ada, hall = desk.holding("ada"), f"{desk.service}/Channels/hall"

    assert (await ada.get(hall)).json()["friendly_name"] == "Hall"
    assert refused(await ada.get(f"{hall}/Messages"), 404, 20404)
    assert refused(await ada.get(f"{hall}/Members"), 404, 20404)
    joined = await ada.post(f"{hall}/Members", data={"Identity": "ada"})
    assert (joined.status_code, joined.json()["role_sid"]) == (201, await role_sid(desk, "channel user"))
    assert len((await ada.get(f"{hall}/Messages")).json()["messages"]) == 1
    assert refused(await ada.post(hall, data={"FriendlyName": "Mine"}), 403, 50107)
    assert refused(await desk.client().get(hall), 401, 20003)


async def test_what_is_in_no_channel_of_the_service_is_nowhere(desk: Desk) -> None:
    nowhere: list[str] = [f"CH{'0' * 32}", "nowhere"]
    forms: dict[str, dict[str, Any]] = {
        "Members": {"Identity": "ada"},
        "Messages": {"Body": "x"},
        "Invites": {"Identity": "ada"},
    }
    for name in nowhere:
        url = f"{desk.service}/Channels/{name}"
        assert refused(await desk.account.post(url, data={"FriendlyName": "x"}), 404, 20404)
        assert refused(await desk.account.delete(url), 404, 20404)
        for noun, fields in forms.items():
            assert refused(await desk.account.get(f"{url}/{noun}"), 404, 20404)
            assert refused(await desk.account.post(f"{url}/{noun}", data=fields), 404, 20404)
