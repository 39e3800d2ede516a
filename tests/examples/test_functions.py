"""The example functions, from their files and from the page, asked as the guide's browser code asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.docs.committed import ROOT, examples
from tests.http.desk import Desk, open_desk
from vestibule import extensions
from vestibule.payloads import FetchMember

PAGE = "docs/do/bring-your-twilio-functions.md"
FOLDER = ROOT / "examples" / "functions"
NAMES = ("block_user", "opening_hours")
SHOWN = [text for place, text in examples("python") if place.startswith(PAGE)]

# As `new URLSearchParams(body)` goes out with the guide's header.
FORM = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}


@pytest.fixture(params=["file", "page"])
async def desk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A house with both examples."""
    desk = await open_desk(tmp_path)
    for name, text in zip(NAMES, SHOWN, strict=True):
        file = FOLDER / f"{name}.py"
        if request.param == "page":
            file = tmp_path / f"{name}.py"
            file.write_text(text, encoding="utf-8")
        extensions.include([str(file)], desk.house.actions, desk.front.functions)
    yield desk
    await desk.close()


async def member_sid(desk: Desk) -> str:
    who = FetchMember(desk.chat.channel_sid, desk.chat.customer.identity)
    return (await desk.house.system.invoke(who)).sid


async def block(who: httpx.AsyncClient, desk: Desk, **other: str) -> tuple[int, Any]:
    """What the button's `fetch` reads: the status, and `resp.json()`."""
    fields = {"chatChannelSid": desk.chat.channel_sid, "memberSid": await member_sid(desk), **other}
    answer = await who.post("/functions/block-user", data=fields, headers=FORM)
    return answer.status_code, answer.json()


async def can_write(desk: Desk) -> bool:
    answer = await desk.customer.post(f"{desk.channel}/messages", json={"body": "But"})
    assert answer.status_code == 201 or answer.json()["code"] == 50107
    return answer.status_code == 201


async def test_the_button_blocks_by_the_desk_s_cookie_alone(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    assert await block(browser, desk) == (200, await member_sid(desk))
    assert not await can_write(desk)
    assert (await desk.customer.get(f"{desk.channel}/messages")).status_code == 200


async def test_a_plugin_s_token_in_the_body_blocks_too(desk: Desk) -> None:
    status, sid = await block(desk.client(), desk, Token=desk.token("grace"))
    assert (status, sid) == (200, await member_sid(desk))


async def test_a_customer_cannot_block_anybody(desk: Desk) -> None:
    for member in (await member_sid(desk), "grace"):
        status, told = await block(desk.customer, desk, memberSid=member)
        assert (status, told["code"]) == (403, 50107)
    assert await can_write(desk)


async def test_nobody_is_blocked_by_the_wrong_channel_s_name(desk: Desk) -> None:
    other = (await desk.client().post("/v1/chats", json={})).json()["channel_sid"]
    for wrong in ({"chatChannelSid": other}, {"memberSid": "MB" + "0" * 32}, {"memberSid": ""}):
        status, told = await block(desk.agent, desk, **wrong)
        assert (status, told["code"]) == (404, 20404), wrong
    assert await can_write(desk)


async def test_a_page_of_another_site_blocks_nobody(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    for origin in ("https://evil.example", "null"):
        browser.headers["origin"] = origin
        status, told = await block(browser, desk)
        assert (status, told["code"]) == (403, 60001)
    del browser.headers["origin"]
    assert (await block(browser, desk))[0] == 403
    assert await can_write(desk)


async def test_a_field_that_is_missing_is_named(desk: Desk) -> None:
    answer = await desk.agent.post("/functions/block-user", data={"memberSid": "MB1"}, headers=FORM)
    assert answer.status_code == 400
    assert answer.json()["message"] == "/block-user: The field 'chatChannelSid' is missing."


async def ask_for_hours(who: httpx.AsyncClient, desk: Desk) -> httpx.Response:
    return await who.post("/functions/opening-hours", data={"ChannelSid": desk.chat.channel_sid})


async def test_an_agent_has_the_bot_speak(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENING_HOURS", "9 to 5")
    answer = await ask_for_hours(desk.agent, desk)
    assert answer.status_code == 201
    (message,) = (await desk.customer.get(f"{desk.channel}/messages")).json()["messages"]
    assert (message["author"], message["body"]) == ("opening-hours", "9 to 5")
    assert answer.json() == {"sid": message["sid"], "index": message["index"]}


async def test_a_customer_does_not_have_the_bot_speak(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENING_HOURS", "9 to 5")
    answer = await ask_for_hours(desk.customer, desk)
    assert (answer.status_code, answer.json()["code"]) == (403, 50107)


async def test_a_bot_without_words_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENING_HOURS", raising=False)
    assert (await ask_for_hours(desk.agent, desk)).status_code == 409
