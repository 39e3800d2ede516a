"""Roles over Programmable Chat's REST API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.desk import BASE, Desk

KEYS = "sid account_sid service_sid friendly_name type permissions date_created date_updated url"

NEW = {"FriendlyName": "quiet", "Type": "channel", "Permission": ["leaveChannel", "sendMessage"]}


async def a_role(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.account.post(f"{desk.service}/Roles", data={**NEW, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_role_is_made_changed_and_deleted(desk: Desk) -> None:
    role = await a_role(desk)

    assert set(role) == set(KEYS.split())
    assert role["permissions"] == ["leaveChannel", "sendMessage"]
    changed = await desk.account.post(role["url"], data={"Permission": "leaveChannel"})
    assert changed.json()["permissions"] == ["leaveChannel"]
    assert (await desk.account.get(role["url"])).json() == changed.json()
    gone = await desk.account.delete(role["url"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await desk.account.get(role["url"])).json()["code"] == 20404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"FriendlyName": ""}, 50000),
        ({"FriendlyName": "x" * 65}, 50003),
        ({"Type": "private"}, 50105),
        ({"Permission": "fly"}, 50104),
        ({"Permission": "createChannel"}, 50104),  # a deployment role's
        ({"Permission": "editOwnUserInfo"}, 50104),
        ({"Permission": ""}, 50104),
    ],
    ids=["no name", "long name", "type", "unknown", "of the other type", "own info", "none"],
)
async def test_a_role_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], code: int) -> None:
    answer = await desk.account.post(f"{desk.service}/Roles", data={**NEW, **changes})

    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("name", NEW)
async def test_a_new_role_needs_name_type_and_permission(desk: Desk, name: str) -> None:
    given = {key: value for key, value in NEW.items() if key != name}
    answer = await desk.account.post(f"{desk.service}/Roles", data=given)

    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert answer.json()["message"] == f"Missing required parameter {name} in the post body"


async def test_roles_are_paged_in_the_order_of_their_making(desk: Desk) -> None:
    made = [(await a_role(desk, FriendlyName=f"role {number}"))["sid"] for number in range(3)]
    url, read = f"{BASE}{desk.service}/Roles?PageSize=2", []
    while url:
        page = (await desk.account.get(url)).json()
        read += [role["sid"] for role in page["roles"]]
        url = page["meta"]["next_page_url"]

    assert read[-3:] == made
    assert len(read) == len(set(read)) == 9  # and the six that a service begins with


async def test_a_role_goes_by_its_sid_alone(desk: Desk) -> None:
    for method in ("GET", "POST", "DELETE"):
        data = {"Permission": "leaveChannel"} if method == "POST" else None
        for name in ("channel%20user", f"RL{'0' * 32}"):
            answer = await desk.account.request(method, f"{desk.service}/Roles/{name}", data=data)
            assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_a_role_in_use_stays(desk: Desk) -> None:
    role = await a_role(desk)
    member = f"{desk.service}/Channels/{desk.chat.channel_sid}/Members/{desk.chat.customer.identity}"
    assert (await desk.account.post(member, data={"RoleSid": role["sid"]})).status_code == 200
    refused = await desk.account.delete(role["url"])

    assert (refused.status_code, refused.json()["reason"]) == (409, "role_in_use")
    assert (await desk.account.get(role["url"])).status_code == 200


async def test_a_changed_role_holds_at_the_very_next_request(desk: Desk) -> None:
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    roles = (await desk.account.get(f"{desk.service}/Roles")).json()["roles"]
    url = next(role["url"] for role in roles if role["friendly_name"] == "channel user")
    assert (await desk.customer.post(messages, data={"Body": "Hi"})).status_code == 201
    await desk.account.post(url, data={"Permission": "leaveChannel"})
    refused = await desk.customer.post(messages, data={"Body": "Hi"})

    assert (refused.status_code, refused.json()["code"]) == (403, 50107)


async def test_nobody_makes_roles_for_themselves(desk: Desk) -> None:
    role = await a_role(desk)
    for person in (desk.customer, desk.agent):
        for answer in (
            await person.post(f"{desk.service}/Roles", data=NEW),
            await person.post(role["url"], data={"Permission": "sendMessage"}),
            await person.delete(role["url"]),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, 50107)
