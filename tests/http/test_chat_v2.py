"""Programmable Chat's REST API, as its official helper libraries speak it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.http.desk import BASE, Desk

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
BLOCKED = "blockedUser"

KEYS = {
    "services": "sid account_sid friendly_name date_created date_updated url links default_service_role_sid "
    "default_channel_role_sid default_channel_creator_role_sid read_status_enabled reachability_enabled "
    "typing_indicator_timeout consumption_report_interval limits pre_webhook_url post_webhook_url "
    "webhook_method webhook_filters pre_webhook_retry_count post_webhook_retry_count notifications media",
    "roles": "sid account_sid service_sid friendly_name type permissions date_created date_updated url",
    "users": "sid account_sid service_sid identity friendly_name attributes role_sid is_online is_notifiable "
    "joined_channels_count date_created date_updated url links",
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
        "services": "/v2/Services",
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


async def test_a_role_is_made_changed_and_deleted(desk: Desk) -> None:
    account, roles = desk.account, f"{desk.service}/Roles"
    new = {"FriendlyName": "quiet", "Type": "channel", "Permission": ["leaveChannel", "sendMessage"]}
    role = (await account.post(roles, data=new)).json()

    assert role["permissions"] == ["leaveChannel", "sendMessage"]
    changed = await account.post(role["url"], data={"Permission": "leaveChannel"})
    assert changed.json()["permissions"] == ["leaveChannel"]
    wrong = await account.post(roles, data={**new, "Permission": "fly"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, 50104)
    gone = await account.delete(role["url"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await account.get(role["url"])).json()["code"] == 20404


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
