"""Channel webhooks of Programmable Chat, over REST."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.http.desk import BASE, Desk

KEYS = "sid account_sid service_sid channel_sid type configuration date_created date_updated url"
URL = "https://hook.example/told"
WEBHOOK = {"Type": "webhook", "Configuration.Url": URL, "Configuration.Filters": ["onMessageSent"]}
TRIGGER = {"Type": "trigger", "Configuration.Url": URL, "Configuration.Triggers": ["help", "refund"]}
STUDIO = {"Type": "studio", "Configuration.FlowSid": "FW" + "a" * 32}


@pytest.fixture
def place(desk: Desk) -> str:
    return f"{desk.service}/Channels/{desk.chat.channel_sid}/Webhooks"


async def made(desk: Desk, place: str, **fields: Any) -> dict[str, Any]:
    answer = await desk.account.post(place, data=fields or WEBHOOK)
    assert answer.status_code == 201, answer.text
    return answer.json()


def told(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_a_webhook_is_made_read_changed_and_deleted(desk: Desk, place: str) -> None:
    account = desk.account
    webhook = await made(desk, place, **WEBHOOK, **{"Configuration.RetryCount": "2"})
    one = webhook["url"]
    assert set(webhook) == set(KEYS.split())
    assert one == f"{BASE}{place}/{webhook['sid']}"
    assert webhook["configuration"] == {
        "url": URL,
        "method": "POST",
        "filters": ["onMessageSent"],
        "triggers": [],
        "flow_sid": None,
        "retry_count": 2,
    }
    assert (await account.get(one)).json() == webhook

    changes = {"Configuration.Method": "GET", "Configuration.Filters": ["onMemberAdded", "onMemberRemoved"]}
    changed = (await account.post(one, data=changes)).json()["configuration"]
    assert (changed["method"], changed["url"]) == ("GET", URL)
    assert changed["filters"] == ["onMemberAdded", "onMemberRemoved"]

    gone = await account.delete(one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert told(await account.get(one)) == (404, 50320)
    assert told(await account.delete(one)) == (404, 50320)


async def test_a_triggers_words_are_under_either_name(desk: Desk, place: str) -> None:
    configuration = (await made(desk, place, **TRIGGER))["configuration"]
    assert configuration["filters"] == configuration["triggers"] == ["help", "refund"]


async def test_a_flow_of_studios_is_kept_and_shown(desk: Desk, place: str) -> None:
    configuration = (await made(desk, place, **STUDIO))["configuration"]
    assert configuration["flow_sid"] == STUDIO["Configuration.FlowSid"]
    assert (configuration["url"], configuration["method"]) == (None, None)


async def test_more_retries_than_there_are_is_cut(desk: Desk, place: str) -> None:
    webhook = await made(desk, place, **WEBHOOK, **{"Configuration.RetryCount": "5"})
    assert webhook["configuration"]["retry_count"] == 3


async def test_a_channel_has_five_and_a_page_as_well(desk: Desk, place: str) -> None:
    sids = [(await made(desk, place))["sid"] for _ in range(5)]
    assert told(await desk.account.post(place, data=WEBHOOK)) == (400, 50321)
    listed = (await desk.account.get(place, params={"PageSize": 50})).json()
    assert [row["sid"] for row in listed["webhooks"]] == sids
    assert (listed["meta"]["page_size"], listed["meta"]["key"]) == (5, "webhooks")
    assert listed["meta"]["next_page_url"] is None

    first = (await desk.account.get(place, params={"PageSize": 3})).json()
    second = (await desk.account.get(first["meta"]["next_page_url"])).json()
    assert [row["sid"] for row in first["webhooks"] + second["webhooks"]] == sids


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 50328),
        ({"Type": "fax"}, 50324),
        ({"Type": "webhook", "Configuration.Filters": "onMessageSent"}, 50329),
        ({"Type": "webhook", "Configuration.Url": URL}, 50330),
        ({**WEBHOOK, "Configuration.Filters": "onMessageSend"}, 50325),
        ({**WEBHOOK, "Configuration.Url": URL + "x" * 2048}, 50332),
        ({**WEBHOOK, "Configuration.Url": "ftp://hook.example"}, 20001),
        ({**WEBHOOK, "Configuration.Url": "https://me:secret@hook.example"}, 20001),
        ({**WEBHOOK, "Configuration.Url": "https://hook.example:99999"}, 20001),
        ({**WEBHOOK, "Configuration.Method": "PUT"}, 20001),
        ({**WEBHOOK, "Configuration.RetryCount": "many"}, 20001),
        ({"Type": "trigger", "Configuration.Url": URL}, 50331),
        ({**TRIGGER, "Configuration.Triggers": ["a", "b", "c", "d", "e", "f"]}, 50322),
        ({**TRIGGER, "Configuration.Triggers": " "}, 50326),
        ({"Type": "studio", "Configuration.FlowSid": "flow"}, 50327),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
async def test_what_is_wrong_with_a_webhook_has_its_code(
    desk: Desk, place: str, fields: dict[str, Any], code: int
) -> None:
    assert told(await desk.account.post(place, data=fields)) == (400, code)


async def test_an_update_is_looked_at_as_closely(desk: Desk, place: str) -> None:
    one = (await made(desk, place))["url"]
    assert told(await desk.account.post(one, data={})) == (400, 20161)
    assert told(await desk.account.post(one, data={"Configuration.Url": ""})) == (400, 50329)
    assert told(await desk.account.post(one, data={"Configuration.Filters": "onNothing"})) == (400, 50325)


async def test_what_is_not_there_is_not_found(desk: Desk, place: str) -> None:
    webhook = await made(desk, place)
    other = (await desk.account.post(f"{desk.service}/Channels", data={"UniqueName": "other"})).json()
    elsewhere = f"{other['links']['webhooks']}/{webhook['sid']}"
    assert told(await desk.account.get(elsewhere)) == (404, 50320)
    assert told(await desk.account.get(f"{place}/WHnone")) == (400, 50323)
    nowhere = f"{desk.service}/Channels/CH{'0' * 32}/Webhooks"
    assert told(await desk.account.get(nowhere)) == (404, 20404)
    named = await desk.account.get(f"{desk.service}/Channels/other/Webhooks")
    assert named.json()["webhooks"] == []


async def test_nobody_but_the_account_has_to_do_with_them(desk: Desk, place: str) -> None:
    one = (await made(desk, place))["url"]
    for who in (desk.customer, desk.agent):
        for asking in (who.get(place), who.post(place, data=WEBHOOK), who.get(one), who.delete(one)):
            assert told(await asking) == (403, 50107)
    assert (await desk.account.get(one)).status_code == 200
