"""Bindings and credentials over Programmable Chat's REST API: none, and code that asks goes on."""

from __future__ import annotations

import pytest

from tests.http.desk import Desk

BINDING, CREDENTIAL = f"BS{'0' * 32}", f"CR{'0' * 32}"


@pytest.mark.parametrize(
    ("path", "key", "most"),
    [
        ("{service}/Bindings", "bindings", 50),
        ("{service}/Users/grace/Bindings", "bindings", 50),
        ("/v2/Credentials", "credentials", 1000),
    ],
)
async def test_there_are_none_and_the_list_says_so(desk: Desk, path: str, key: str, most: int) -> None:
    answer = await desk.account.get(path.format(service=desk.service), params={"PageSize": 2000})
    meta = answer.json()["meta"]

    assert (answer.status_code, answer.json()[key]) == (200, [])
    assert (meta["key"], meta["page_size"], meta["next_page_url"]) == (key, most, None)
    assert meta["first_page_url"].endswith(f"PageSize={most}&Page=0")


async def test_filters_stay_in_the_pages_addresses(desk: Desk) -> None:
    wanted = {"BindingType": ["apn", "fcm"], "Identity": ["grace"]}
    meta = (await desk.account.get(f"{desk.service}/Bindings", params=wanted)).json()["meta"]

    assert "BindingType=apn&BindingType=fcm&Identity=grace" in meta["url"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        f"{{service}}/Bindings/{BINDING}",
        f"{{service}}/Users/grace/Bindings/{BINDING}",
        f"/v2/Credentials/{CREDENTIAL}",
        "{service}/Users/nobody/Bindings",
    ],
)
async def test_one_of_them_is_not_found(desk: Desk, method: str, path: str) -> None:
    if path.endswith("Bindings"):
        method = "GET"
    answer = await desk.account.request(method, path.format(service=desk.service))

    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_a_credential_is_refused_in_plain_words(desk: Desk) -> None:
    new = {"Type": "fcm", "Secret": "not-a-secret"}
    refused = await desk.account.post("/v2/Credentials", data=new)

    assert (refused.status_code, refused.json()["reason"]) == (400, "push_not_offered")
    assert "no push notifications" in refused.json()["message"]
    updated = await desk.account.post(f"/v2/Credentials/{CREDENTIAL}", data=new)
    assert (updated.status_code, updated.json()["code"]) == (404, 20404)


async def test_users_ask_for_their_own_bindings_alone(desk: Desk) -> None:
    own = f"{desk.service}/Users/{desk.chat.customer.identity}/Bindings"

    assert (await desk.customer.get(own)).json()["bindings"] == []
    for path in (f"{desk.service}/Bindings", f"{desk.service}/Users/grace/Bindings", "/v2/Credentials"):
        answer = await desk.customer.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, 50107)
