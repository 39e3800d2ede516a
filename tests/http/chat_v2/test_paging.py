"""Pages of Programmable Chat's lists, forth and back, while the lists change."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.http.chat_v2.rooms import a_channel, a_member, made, pages, refused, rows
from tests.http.desk import BASE, Desk
from vestibule.payloads import SendMessage

NOUNS = ("channels", "members", "invites", "messages", "messages-desc")


async def filled(desk: Desk, noun: str, count: int) -> tuple[str, list[str]]:
    """A list's address and the sids in it, in its order."""
    if noun == "channels":
        made_ones = [await a_channel(desk, FriendlyName=str(number)) for number in range(count)]
        return f"{desk.service}/Channels?Type=public", [row["sid"] for row in made_ones]
    channel = await a_channel(desk)
    if noun == "members":
        people = [await a_member(desk, channel, f"user-{number}") for number in range(count)]
        return f"{channel['url']}/Members?", [row["sid"] for row in people]
    if noun == "invites":
        url = f"{channel['url']}/Invites"
        return f"{url}?", [(await made(desk, url, Identity=str(number)))["sid"] for number in range(count)]
    url = f"{channel['url']}/Messages"
    sids = [(await made(desk, url, Body=str(number)))["sid"] for number in range(count)]
    return (f"{url}?Order=desc", sids[::-1]) if noun.endswith("desc") else (f"{url}?", sids)


def sids_of(page: dict[str, Any]) -> list[str]:
    return [row["sid"] for row in page[page["meta"]["key"]]]


@pytest.mark.parametrize("noun", NOUNS)
async def test_every_list_is_read_forth_and_back(desk: Desk, noun: str) -> None:
    url, sids = await filled(desk, noun, 7)
    forth = await pages(desk, f"{url}&PageSize=3")
    assert [sids_of(page) for page in forth] == [sids[:3], sids[3:6], sids[6:]]
    assert [page["meta"]["page"] for page in forth] == [0, 1, 2]
    assert forth[0]["meta"]["previous_page_url"] is None
    assert forth[-1]["meta"]["next_page_url"] is None

    back = await pages(desk, forth[-1]["meta"]["previous_page_url"], "previous")
    assert [sids_of(page) for page in back] == [sids[3:6], sids[:3]]
    assert [page["meta"]["page"] for page in back] == [1, 0]
    again = await pages(desk, back[-1]["meta"]["next_page_url"])
    assert [sids_of(page) for page in again] == [sids[3:6], sids[6:]]
    for page in (*forth, *back):
        addresses = [value for name, value in page["meta"].items() if name.endswith("url") and value]
        assert all(address.startswith(f"{BASE}/v2/Services/") for address in addresses)
        assert sids_of((await desk.account.get(page["meta"]["url"])).json()) == sids_of(page)


async def _a_list(desk: Desk, noun: str) -> str:
    """The address of a list of five or more that the house or its service has."""
    if noun in ("Roles", "Users"):
        for number in range(4):
            new = {
                "Type": "channel",
                "Permission": "sendMessage",
                "FriendlyName": "x",
                "Identity": f"u{number}",
            }
            await made(desk, f"{desk.service}/{noun}", **new)
        return f"{desk.service}/{noun}"
    if noun == "Services":
        for number in range(4):
            await made(desk, f"{BASE}/v2/Services", FriendlyName=str(number))
        return f"{BASE}/v2/Services"
    channel = await a_channel(desk)
    if noun == "Webhooks":
        hook = {"Type": "trigger", "Configuration.Url": "https://a.test", "Configuration.Triggers": "x"}
        for _ in range(5):
            await made(desk, f"{channel['url']}/Webhooks", **hook)
        return f"{channel['url']}/Webhooks"
    for number in range(5):
        url = (await a_channel(desk))["url"]
        await made(desk, f"{url}/{'Members' if number % 2 else 'Invites'}", Identity="linus")
    return f"{desk.service}/Users/linus/Channels"


@pytest.mark.parametrize("noun", ["Services", "Roles", "Users", "User channels", "Webhooks"])
async def test_a_list_of_the_service_is_read_forth_and_back(desk: Desk, noun: str) -> None:
    url = await _a_list(desk, noun)
    forth = await pages(desk, f"{url}?PageSize=2")
    listed = [row["url"] for page in forth for row in page[page["meta"]["key"]]]
    assert len(forth) > 2
    assert listed == list(dict.fromkeys(listed))
    back = await pages(desk, forth[-1]["meta"]["previous_page_url"], "previous")
    assert [_urls_of(page) for page in back] == [_urls_of(page) for page in forth[-2::-1]]
    again = await pages(desk, back[-1]["meta"]["next_page_url"])
    assert [_urls_of(page) for page in again] == [_urls_of(page) for page in forth[1:]]


def _urls_of(page: dict[str, Any]) -> list[str]:
    return [row["url"] for row in page[page["meta"]["key"]]]


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_page_that_is_just_full_is_the_last(desk: Desk, noun: str) -> None:
    url, sids = await filled(desk, noun, 4)
    read = await pages(desk, f"{url}&PageSize=2")
    assert [len(sids_of(page)) for page in read] == [2, 2]
    back = await pages(desk, read[-1]["meta"]["previous_page_url"], "previous")
    assert [sids_of(page) for page in back] == [sids[:2]]


@pytest.mark.parametrize("noun", NOUNS[:4])
async def test_a_list_that_changes_while_it_is_read_loses_and_repeats_nothing(desk: Desk, noun: str) -> None:
    url, sids = await filled(desk, noun, 6)
    first = (await desk.account.get(f"{url}&PageSize=2")).json()
    bare, _, query = url.partition("?")
    for sid in sids[:2]:  # of them one is the row that the token names
        assert (await desk.account.delete(f"{bare}/{sid}")).status_code == 204
    new = {"Identity": "late", "Body": "late"} if noun != "channels" else {"FriendlyName": "late"}
    added = await made(desk, bare, **new)
    rest = await rows(desk, first["meta"]["next_page_url"])
    assert [row["sid"] for row in rest] == [*sids[2:], added["sid"]]
    assert [row["sid"] for row in await rows(desk, f"{bare}?{query}")] == [*sids[2:], added["sid"]]


async def test_new_messages_do_not_move_the_pages_of_those_before(desk: Desk) -> None:
    url, sids = await filled(desk, "messages-desc", 4)
    first = (await desk.account.get(f"{url}&PageSize=2")).json()
    newest = await made(desk, url.partition("?")[0], Body="new")
    second = (await desk.account.get(first["meta"]["next_page_url"])).json()
    assert (sids_of(first), sids_of(second)) == (sids[:2], sids[2:])
    back = (await desk.account.get(second["meta"]["previous_page_url"])).json()
    assert sids_of(back) == sids[:2]
    before = (await desk.account.get(back["meta"]["previous_page_url"])).json()
    assert (sids_of(before), before["meta"]["previous_page_url"]) == ([newest["sid"]], None)


async def test_what_one_asked_for_stays_asked_for(desk: Desk) -> None:
    channel = await a_channel(desk)
    for name in ("a&b=c", "d e", "x"):
        await a_member(desk, channel, name)
    url = f"{channel['url']}/Members?Identity=a%26b%3Dc&Identity=d+e&PageSize=1"
    first = (await desk.account.get(url)).json()
    assert [row["identity"] for row in first["members"]] == ["a&b=c"]
    for name in ("first_page_url", "url", "next_page_url"):
        query = parse_qs(urlsplit(first["meta"][name]).query)
        assert (query["Identity"], query["PageSize"]) == (["a&b=c", "d e"], ["1"])
    second = (await desk.account.get(first["meta"]["next_page_url"])).json()
    assert [row["identity"] for row in second["members"]] == ["d e"]
    assert second["meta"]["next_page_url"] is None
    assert "Identity=d+e" in second["meta"]["previous_page_url"]


async def test_a_size_that_is_too_large_or_too_small_is_cut(desk: Desk) -> None:
    url, sids = await filled(desk, "messages", 3)
    for asked, given in (("1000", 100), ("101", 100), ("100", 100), ("0", 1), ("-3", 1)):
        page = (await desk.account.get(f"{url}PageSize={asked}")).json()
        assert (page["meta"]["page_size"], sids_of(page)) == (given, sids[:given])
    assert (await desk.account.get(url)).json()["meta"]["page_size"] == 50
    assert (await desk.account.get(f"{url}PageSize=")).status_code == 400
    assert (await desk.account.get(f"{url}PageSize=many")).status_code == 400


async def test_more_than_a_hundred_are_read_by_fifty(desk: Desk) -> None:
    channel = await a_channel(desk)
    for number in range(120):
        await desk.house.system.invoke(SendMessage(channel["sid"], str(number)))
    read = await pages(desk, f"{channel['url']}/Messages")
    assert [len(page["messages"]) for page in read] == [50, 50, 20]
    assert [row["body"] for page in read for row in page["messages"]] == [str(n) for n in range(120)]


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_token_that_nobody_gave_is_refused(desk: Desk, noun: str) -> None:
    url, _ = await filled(desk, noun, 1)
    for token in ("-1", "x", "PT", "PTx", "PBüü", "B", "B-1", "9" * 30):
        answer = await desk.account.get(url, params={**_query(url), "PageToken": token})
        assert refused(answer, 400, 19038)


def _query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
