"""Users over Programmable Chat's REST API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.http.desk import BASE, Desk
from vestibule.events import MemberRemoved, RightsChanged, TaskUpdated

KEYS = """sid account_sid service_sid identity friendly_name attributes role_sid is_online is_notifiable
joined_channels_count date_created date_updated url links"""


async def a_user(desk: Desk, identity: str, **fields: Any) -> dict[str, Any]:
    answer = await desk.account.post(f"{desk.service}/Users", data={"Identity": identity, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_user_has_every_field(desk: Desk) -> None:
    user = await a_user(desk, "ada")
    service = (await desk.account.get(desk.service)).json()

    assert set(user) == set(KEYS.split())
    assert (user["attributes"], user["friendly_name"], user["joined_channels_count"]) == ("{}", None, 0)
    assert (user["is_online"], user["is_notifiable"]) == (None, None)
    assert user["role_sid"] == service["default_service_role_sid"]
    assert user["url"] == f"{BASE}{desk.service}/Users/{user['sid']}"
    assert user["links"] == {
        "user_channels": f"{user['url']}/Channels",
        "user_bindings": f"{user['url']}/Bindings",
    }


@pytest.mark.parametrize(
    "identity",
    ["alice+tag@example.com", "a/b", "a b", "José", "客人", "50%", "a%2Fb", "who?me", "#1", ".", "null"],
)
async def test_a_user_goes_by_sid_or_identity_whatever_is_in_it(desk: Desk, identity: str) -> None:
    user = await a_user(desk, identity)
    segment = "%2E" if identity == "." else quote(identity, safe="+@")

    assert user["identity"] == identity
    for url in (user["url"], f"{desk.service}/Users/{segment}"):
        answer = await desk.account.get(url)
        assert (answer.status_code, answer.json()) == (200, user)


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("", 50204),
        ("system", 50203),
        (f"US{'a' * 32}", 50206),
        (f"MB{'a' * 32}", 50206),
        ("x" * 257, 50207),
    ],
    ids=["empty", "reserved", "a user's sid", "a member's sid", "too long"],
)
async def test_an_identity_that_cannot_be_is_refused(desk: Desk, identity: str, code: int) -> None:
    answer = await desk.account.post(f"{desk.service}/Users", data={"Identity": identity})

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_an_identity_is_there_once_and_small_letters_are_others(desk: Desk) -> None:
    await a_user(desk, "Ada")
    again = await desk.account.post(f"{desk.service}/Users", data={"Identity": "Ada"})

    assert (again.status_code, again.json()["code"]) == (409, 50201)
    assert again.json()["message"] == "User already exists"
    assert (await a_user(desk, "ada"))["identity"] == "ada"


async def test_what_is_absent_stays_and_what_is_empty_goes(desk: Desk) -> None:
    user = await a_user(desk, "ada", FriendlyName="Ada", Attributes='{"a": 1}')
    changed = (await desk.account.post(user["url"], data={"Attributes": '{"b": "ü"}'})).json()
    emptied = (await desk.account.post(user["url"], data={"FriendlyName": "", "Attributes": ""})).json()

    assert (changed["friendly_name"], changed["attributes"]) == ("Ada", '{"b": "ü"}')
    assert (emptied["friendly_name"], emptied["attributes"]) == (None, "{}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"FriendlyName": "x" * 257}, 50003),
        ({"Attributes": "{"}, 50304),
        ({"RoleSid": f"RL{'0' * 32}"}, 50102),
        ({"Nonsense": "x"}, 20161),
    ],
    ids=["long name", "attributes", "role", "nothing"],
)
async def test_a_change_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], code: int) -> None:
    answer = await desk.account.post(f"{desk.service}/Users/grace", data=changes)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_users_role_is_a_deployment_role(desk: Desk) -> None:
    service = (await desk.account.get(desk.service)).json()
    channel_role = {"RoleSid": service["default_channel_role_sid"]}
    made = await desk.account.post(f"{desk.service}/Users", data={"Identity": "ada", **channel_role})
    changed = await desk.account.post(f"{desk.service}/Users/grace", data=channel_role)

    assert [answer.json()["code"] for answer in (made, changed)] == [50102, 50102]


async def test_users_are_paged_in_the_order_of_their_making(desk: Desk) -> None:
    made = [(await a_user(desk, f"user-{number}"))["sid"] for number in range(4)]
    url, read = f"{BASE}{desk.service}/Users?PageSize=2", []
    while url:
        page = (await desk.account.get(url)).json()
        assert page["meta"]["key"] == "users"
        assert all(set(user) == set(KEYS.split()) for user in page["users"])
        read += [user["sid"] for user in page["users"]]
        url = page["meta"]["next_page_url"]

    assert read[-4:] == made
    assert len(read) == len(set(read))


async def test_who_is_here_is_told_where_the_service_wants_it(desk: Desk) -> None:
    account = desk.client(desk.changed(is_online=lambda identity: identity == "grace"))
    account.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    await account.post(desk.service, data={"ReachabilityEnabled": "true"})
    await a_user(desk, "ada")
    shown = [(await account.get(f"{desk.service}/Users/{identity}")).json() for identity in ("grace", "ada")]
    listed = (await account.get(f"{desk.service}/Users")).json()["users"]

    assert [(user["is_online"], user["is_notifiable"]) for user in shown] == [(True, False), (False, False)]
    assert {(user["is_online"], user["is_notifiable"]) for user in listed} == {(None, None)}


async def test_who_is_here_is_not_here_in_another_service(desk: Desk) -> None:
    account = desk.client(desk.changed(is_online=lambda identity: True))
    account.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    other = (await account.post("/v2/Services", data={"FriendlyName": "Second"})).json()
    await account.post(other["url"], data={"ReachabilityEnabled": "true"})
    namesake = await account.post(other["links"]["users"], data={"Identity": "grace"})

    assert namesake.json()["is_online"] is False


async def test_people_read_and_name_themselves_and_nobody_else(desk: Desk) -> None:
    own, grace = f"{desk.service}/Users/{desk.chat.customer.identity}", f"{desk.service}/Users/grace"
    renamed = await desk.customer.post(own, data={"FriendlyName": "Ada L."})

    assert (await desk.customer.get(own)).json() == renamed.json()
    assert renamed.json()["friendly_name"] == "Ada L."
    for answer in (
        await desk.customer.get(grace),
        await desk.customer.get(f"{desk.service}/Users/nobody"),
        await desk.customer.get(f"{desk.service}/Users"),
        await desk.customer.post(grace, data={"FriendlyName": "Mallory"}),
        await desk.customer.post(f"{desk.service}/Users", data={"Identity": "new"}),
        await desk.customer.delete(own),
        await desk.customer.delete(grace),
        await desk.agent.delete(own),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, 50107)


async def test_a_user_whose_role_is_taken_to_the_bone_still_reads_themselves(desk: Desk) -> None:
    new = {"FriendlyName": "bare", "Type": "deployment", "Permission": "joinChannel"}
    role = (await desk.account.post(f"{desk.service}/Roles", data=new)).json()
    own = f"{desk.service}/Users/{desk.chat.customer.identity}"
    await desk.account.post(own, data={"RoleSid": role["sid"]})

    assert (await desk.customer.get(own)).json()["role_sid"] == role["sid"]
    refused = await desk.customer.post(own, data={"FriendlyName": "Ada"})
    assert (refused.status_code, refused.json()["code"]) == (403, 50107)


async def test_nobody_gives_themselves_a_role(desk: Desk) -> None:
    service = (await desk.account.get(desk.service)).json()
    role = {"RoleSid": service["default_service_role_sid"]}
    for person in (desk.chat.customer.identity, "grace"):
        refused = await desk.holding(person).post(f"{desk.service}/Users/{person}", data=role)
        assert (refused.status_code, refused.json()["code"]) == (403, 50205)


async def test_a_deleted_user_leaves_every_channel_and_their_words_stay(desk: Desk) -> None:
    channel = f"{desk.service}/Channels/{desk.chat.channel_sid}"
    identity = desk.chat.customer.identity
    await desk.customer.post(f"{channel}/Messages", data={"Body": "Hello"})
    gone = await desk.account.delete(f"{desk.service}/Users/{identity}")

    assert (gone.status_code, gone.content) == (204, b"")
    assert (await desk.account.get(f"{desk.service}/Users/{identity}")).status_code == 404
    assert (await desk.account.get(channel)).json()["members_count"] == 1
    messages = (await desk.account.get(f"{channel}/Messages")).json()["messages"]
    assert [(message["from"], message["body"]) for message in messages] == [(identity, "Hello")]
    removed = [notice for notice in desk.house.notices if isinstance(notice, MemberRemoved)]
    assert [(notice.stream, notice.identity) for notice in removed] == [(desk.chat.channel_sid, identity)]
    assert RightsChanged(stream=desk.house.service_sid, identity=identity) in desk.house.notices


async def test_a_deleted_user_who_comes_again_is_somebody_new(desk: Desk) -> None:
    own = f"{desk.service}/Users/{desk.chat.customer.identity}"
    ada = desk.customer
    before = (await ada.get(own)).json()
    await desk.account.delete(own)
    after = (await ada.get(own)).json()

    assert after["identity"] == before["identity"]
    assert after["sid"] != before["sid"]
    assert (await ada.get(f"{desk.service}/Channels/{desk.chat.channel_sid}")).status_code == 404


async def test_a_deleted_agent_is_signed_out_and_their_customer_offered_to_all(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    assert (await desk.account.delete(f"{desk.service}/Users/grace")).status_code == 204

    assert (await browser.get("/v1/tasks")).status_code == 401
    again = await desk.client(origin=BASE).post("/v1/session", json={"name": "grace", "password": "x" * 20})
    assert again.status_code == 401
    told = [notice.task for notice in desk.house.notices if isinstance(notice, TaskUpdated)]
    assert told[-1] is not None
    assert (told[-1].sid, told[-1].state, told[-1].agent) == (desk.chat.task.sid, "pending", None)


async def test_what_a_deleted_agent_wrapped_up_is_done(desk: Desk) -> None:
    await desk.agent.post(f"/v1/tasks/{desk.chat.task.sid}/wrapup")
    await desk.account.delete(f"{desk.service}/Users/grace")
    told = [notice.task for notice in desk.house.notices if isinstance(notice, TaskUpdated)]

    assert told[-1] is not None
    assert (told[-1].state, told[-1].agent) == ("completed", "grace")
