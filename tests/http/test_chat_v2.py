"""Programmable Chat's REST API, as its official helper libraries speak it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.http.desk import BASE, PDF, Desk

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
BLOCKED = "blockedUser"

KEYS = {
    "channels": "sid account_sid service_sid friendly_name unique_name attributes type created_by "
    "members_count messages_count date_created date_updated url links",
    "members": "sid account_sid service_sid channel_sid identity role_sid attributes date_created "
    "date_updated last_consumed_message_index last_consumption_timestamp url",
    "messages": "sid account_sid service_sid channel_sid to from body attributes index type media was_edited "
    "last_updated_by date_created date_updated url",
}


async def a_channel(desk: Desk, **fields: Any) -> dict[str, Any]:
    answer = await desk.account.post(f"{desk.service}/Channels", data=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("noun", KEYS)
async def test_every_documented_key_is_there(desk: Desk, noun: str) -> None:
    await desk.sent_file()
    chat = f"{desk.service}/Channels/{desk.chat.channel_sid}"
    path = {
        "members": f"{chat}/Members",
        "messages": f"{chat}/Messages",
    }.get(noun, f"{desk.service}/{noun.capitalize()}")
    listed = (await desk.account.get(path, params={"PageSize": 1000})).json()

    assert listed["meta"]["key"] == noun
    assert (listed["meta"]["page_size"], listed["meta"]["next_page_url"]) == (100, None)
    for row in listed[noun]:
        assert set(row) == set(KEYS[noun].split())
        assert DATE.fullmatch(row["date_created"])
        assert row["url"].startswith(f"{BASE}/v2/Services/")
        fetched = await desk.account.get(row["url"])
        assert (fetched.status_code, fetched.json()) == (200, row)


async def test_the_guides_block_is_a_members_role(desk: Desk) -> None:
    account, members = desk.account, f"{desk.service}/Channels/{desk.chat.channel_sid}/Members"
    roles = (await account.get(f"{desk.service}/Roles")).json()["roles"]
    role_sid = next(role["sid"] for role in roles if role["friendly_name"] == BLOCKED)
    listed = (await account.get(members, params={"Identity": desk.chat.customer.identity})).json()["members"]
    blocked = await account.post(f"{members}/{listed[0]['sid']}", data={"RoleSid": role_sid})

    assert len(listed) == 1
    assert blocked.json()["role_sid"] == role_sid
    token = {"x-twilio-token": desk.token(desk.chat.customer.identity)}
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    refused = await desk.client(**token).post(messages, data={"Body": "Hello?"})
    assert (refused.status_code, refused.json()["code"]) == (403, 50107)
    assert refused.json()["message"] == "User unauthorized for command"
    assert (await desk.client(**token).get(messages)).status_code == 200


async def test_a_channel_goes_by_sid_or_unique_name(desk: Desk) -> None:
    channel = await a_channel(desk, UniqueName="a/b c+ü", FriendlyName="Room", Type="private")
    account, named = desk.account, f"{desk.service}/Channels/a%2Fb%20c+%C3%BC"

    assert (await account.get(named)).json() == channel
    twice = await account.post(f"{desk.service}/Channels", data={"UniqueName": "a/b c+ü"})
    assert (twice.status_code, twice.json()["code"]) == (409, 50307)
    sent = await account.post(f"{named}/Messages", data={"Body": "Hi", "From": "robot"})
    assert (sent.json()["from"], sent.json()["to"]) == ("robot", channel["sid"])
    renamed = await account.post(named, data={"UniqueName": "", "FriendlyName": ""})
    assert (renamed.json()["unique_name"], renamed.json()["friendly_name"]) == (None, None)
    assert (await account.delete(channel["url"])).status_code == 204
    assert (await account.get(channel["url"])).status_code == 404


async def test_a_member_goes_by_sid_or_identity(desk: Desk) -> None:
    channel, account = await a_channel(desk), desk.account
    members, identity = f"{channel['url']}/Members", "alice+tag@example.com"
    member = (await account.post(members, data={"Identity": identity})).json()

    assert (await account.get(f"{members}/{identity}")).json() == member
    again = await account.post(members, data={"Identity": identity})
    assert (again.status_code, again.json()["code"]) == (409, 50404)
    await account.post(f"{channel['url']}/Messages", data={"Body": "Hi"})
    read = await account.post(f"{members}/{identity}", data={"LastConsumedMessageIndex": "0"})
    assert read.json()["last_consumed_message_index"] == 0
    assert DATE.fullmatch(read.json()["last_consumption_timestamp"])
    user = (await account.get(f"{desk.service}/Users/{identity}")).json()
    assert (user["joined_channels_count"], user["attributes"]) == (1, "{}")
    assert (await account.delete(f"{members}/{identity}")).status_code == 204
    assert (await account.get(f"{members}/{identity}")).status_code == 404


async def test_lists_go_on_where_they_ended_without_loss_or_double(desk: Desk) -> None:
    made = [(await a_channel(desk, FriendlyName=str(n), Type="public"))["sid"] for n in range(7)]
    url = f"{desk.service}/Channels?PageSize=3&Type=public"
    read: list[str] = []
    while url:
        page = (await desk.account.get(url)).json()
        read += [channel["sid"] for channel in page["channels"]]
        url = page["meta"]["next_page_url"]
        assert url is None or "Type=public" in url
        if len(read) == 3:
            await desk.account.delete(f"{desk.service}/Channels/{made[2]}")  # the row that the token names

    assert read == made


async def test_messages_are_listed_both_ways(desk: Desk) -> None:
    channel = await a_channel(desk)
    for number in range(5):
        await desk.account.post(f"{channel['url']}/Messages", data={"Body": str(number)})

    for order, expected in (("asc", "01234"), ("desc", "43210")):
        url, read = f"{channel['url']}/Messages?PageSize=2&Order={order}", ""
        while url:
            page = (await desk.account.get(url)).json()
            read += "".join(message["body"] for message in page["messages"])
            url = page["meta"]["next_page_url"]
        assert read == expected
    for token in ("-1", "x", "PT"):
        wrong = await desk.account.get(f"{channel['url']}/Messages", params={"PageToken": token})
        assert (wrong.status_code, wrong.json()["code"]) == (400, 19038)


async def test_users_and_members_are_paged_too(desk: Desk) -> None:
    channel = await a_channel(desk)
    made = [f"user-{number}" for number in range(5)]
    for identity in made:
        await desk.account.post(f"{channel['url']}/Members", data={"Identity": identity})

    assert await identities(desk, f"{channel['url']}/Members?PageSize=2", "members") == made
    users = await identities(desk, f"{desk.service}/Users?PageSize=2", "users")
    assert [identity for identity in users if identity in made] == made
    assert len(users) == len(set(users))


async def identities(desk: Desk, url: str, key: str) -> list[str]:
    """Of every row, page after page."""
    read: list[str] = []
    while url:
        page = (await desk.account.get(url)).json()
        read += [row["identity"] for row in page[key]]
        url = page["meta"]["next_page_url"]
    return read


async def test_errors_have_the_four_fields_and_never_a_problems_shape(desk: Desk) -> None:
    missing = await desk.account.post(f"{desk.service}/Roles", data={"Type": "channel"})
    unknown = await desk.account.get(f"{desk.service}/Channels/x")
    nobody = await desk.client().get(desk.service)
    nothing = await desk.account.post(f"{desk.service}/Users/grace", data={"Nonsense": "1"})
    as_json = await desk.account.post(f"{desk.service}/Users", json={"Identity": "x"})
    no_route = await desk.account.get("/v2/Nothing")

    assert missing.json()["message"] == "Missing required parameter FriendlyName in the post body"
    assert unknown.json()["message"] == (
        f"The requested resource /Services/{desk.house.service_sid}/Channels/x was not found"
    )
    assert (nobody.json()["code"], nobody.json()["message"]) == (20003, "Authenticate")
    assert nobody.headers["www-authenticate"] == 'Basic realm="Twilio API"'
    assert (nothing.status_code, nothing.json()["code"]) == (400, 20161)
    assert (as_json.status_code, as_json.json()["code"]) == (400, 20001)
    assert no_route.json()["message"] == "The requested resource /Nothing was not found"
    for answer in (missing, unknown, nobody, nothing, as_json, no_route):
        assert {"code", "message", "more_info", "status"} <= set(answer.json())
        assert not {"title", "type"} & set(answer.json())
        assert answer.json()["more_info"].startswith(BASE)


async def test_a_token_acts_in_its_own_service_and_in_its_own_name(desk: Desk) -> None:
    neighbour = await desk.house.neighbour("mallory")
    customer = desk.chat.customer.identity
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    foreign = desk.client(authorization=f"Bearer {desk.token('mallory', neighbour.service_sid)}")

    assert (await foreign.get(messages)).status_code == 404
    assert (await desk.customer.get(f"/v2/Services/{neighbour.service_sid}/Roles")).status_code == 404
    assert (await desk.account.get(f"/v2/Services/{neighbour.service_sid}/Roles")).status_code == 200
    assert (await desk.account.get(f"/v2/Services/IS{'0' * 32}/Roles")).status_code == 404
    forged = await desk.customer.post(messages, data={"Body": "x", "From": "grace"})
    own = await desk.customer.post(messages, data={"Body": "x", "From": customer})
    assert (forged.status_code, forged.json()["code"]) == (403, 50107)
    assert own.json()["from"] == customer


async def test_the_media_service_receives_sends_and_deletes(desk: Desk) -> None:
    media_url, token = f"/v1/Services/{desk.house.service_sid}/Media", desk.customer
    kind = {"content-type": "application/pdf"}
    media = (await token.post(f"{media_url}?Filename=x.pdf", content=PDF, headers=kind)).json()

    assert media["links"]["content"] == f"{media_url}/{media['sid']}/Content"
    assert re.fullmatch(r".*T\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d", media["date_created"])
    assert (media["channel_sid"], media["message_sid"], media["category"]) == (None, None, "media")
    other = (await desk.client().post("/v1/chats", json={})).json()["identity"]
    assert (await desk.holding(other).get(media["url"])).status_code == 404
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    sent = (await token.post(messages, data={"MediaSid": media["sid"]})).json()
    assert (sent["type"], sent["media"]["sid"]) == ("media", media["sid"])
    again = await token.post(messages, data={"MediaSid": media["sid"]})
    assert (again.status_code, again.json()["code"]) == (400, 50508)
    seen = (await desk.agent.get(media["url"])).json()
    direct = seen["links"]["content_direct_temporary"]
    assert (await desk.client().get(direct)).content == PDF
    way = await desk.agent.get(seen["links"]["content"])
    assert (await desk.client().get(way.headers["location"])).content == PDF
    assert (await desk.account.delete(sent["url"])).status_code == 204
    assert (await desk.client().get(direct)).status_code in (404, 410)


async def test_a_loose_file_is_sent_by_form_and_taken_back(desk: Desk) -> None:
    media_url = f"/v1/Services/{desk.house.service_sid}/Media"
    files = {"Media": ("a.pdf", PDF, "application/pdf")}
    media = (await desk.account.post(media_url, files=files, data={"Author": "system"})).json()

    assert (media["author"], media["is_multipart_upstream"], media["filename"]) == ("system", True, "a.pdf")
    assert (await desk.account.delete(media["url"])).status_code == 204
    refused = await desk.customer.post(f"{media_url}?Filename=a.exe", content=b"MZ")
    assert (refused.status_code, refused.json()["details"]["reason"]) == (422, "type_not_accepted")
