"""From an upload to its end: who deletes what, and that old links die with it at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.http.chat_v2.uploading import left, messages, place, raw, sent, temporary, uploaded
from tests.http.desk import PDF, Desk, open_desk
from vestibule.context import SYSTEM, Context
from vestibule.media.retention import Retention
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

DEAD = (404, 410)


class Slow:
    """A check that takes its time."""

    name, seconds = "slow", 30.0

    def __init__(self) -> None:
        self.is_through = asyncio.Event()
        self.outcome: Outcome = "clean"

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        await self.is_through.wait()
        return Finding(verdict=Verdict(outcome=self.outcome, check=self.name))


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def hurried(tmp_path: Path, slow: Slow) -> AsyncIterator[Desk]:
    """A house with a slow check, in which no upload waits for its verdict."""
    desk = await open_desk(tmp_path, slow, patience=0.0)
    yield desk
    await desk.close()


async def shown(desk: Desk, message: dict[str, Any]) -> list[str]:
    """Links to a message's file, of whoever reads there."""
    media = {"url": f"{place(desk)}/{message['media']['sid']}"}
    return [await temporary(who, media) for who in (desk.customer, desk.agent, desk.account)]


async def opened(desk: Desk, links: list[str]) -> list[int]:
    return [(await desk.client().get(link)).status_code for link in links]


async def through(desk: Desk) -> None:
    """Every check has answered."""
    while len(desk.judge):
        await asyncio.sleep(0.005)


async def a_message(desk: Desk, who: httpx.AsyncClient) -> dict[str, Any]:
    media = await uploaded(desk, who)
    answer = await sent(desk, who, media["sid"])
    assert answer.status_code == 201, answer.text
    return answer.json()


# Before the verdict


async def test_a_file_in_check_is_answered_and_not_sent_before_it_is_clean(hurried: Desk, slow: Slow) -> None:
    media = await uploaded(hurried, hurried.customer)
    early = await sent(hurried, hurried.customer, media["sid"])
    early_for_them = await sent(hurried, hurried.account, media["sid"], From=media["author"])

    assert (media["state"], "content_direct_temporary" in media["links"]) == ("checking", False)
    for answer in (early, early_for_them, await hurried.customer.get(media["links"]["content"])):
        assert (answer.status_code, answer.json()["code"]) == (409, 60032)
    slow.is_through.set()
    await through(hurried)
    record = (await hurried.customer.get(media["url"])).json()
    assert record["state"] == "clean"
    assert (await hurried.client().get(record["links"]["content_direct_temporary"])).content == PDF
    assert (await sent(hurried, hurried.customer, media["sid"])).status_code == 201


async def test_a_file_that_is_refused_later_says_so_in_its_record(hurried: Desk, slow: Slow) -> None:
    media = await uploaded(hurried, hurried.customer)
    slow.outcome = "infected"
    slow.is_through.set()
    await through(hurried)
    record = (await hurried.customer.get(media["url"])).json()

    assert (record["state"], record["refusal"]["reason"]) == ("refused", "infected")
    assert record["refusal"]["advice"]
    assert (await sent(hurried, hurried.customer, media["sid"])).json()["code"] == 60030
    assert (await hurried.customer.get(media["links"]["content"])).status_code == 422
    assert left(hurried) == []


async def test_a_file_taken_back_while_it_is_checked_stays_gone(hurried: Desk, slow: Slow) -> None:
    media = await uploaded(hurried, hurried.customer)
    assert (await hurried.customer.delete(media["url"])).status_code == 204
    slow.is_through.set()
    await through(hurried)
    assert (await hurried.customer.get(media["url"])).status_code == 404
    assert left(hurried) == []


async def test_a_held_file_is_a_refusal_to_clients_and_names_its_sid(hurried: Desk, slow: Slow) -> None:
    slow.outcome = "suspicious"
    media = await uploaded(hurried, hurried.customer)  # nobody waited for the verdict
    slow.is_through.set()
    await through(hurried)
    record = (await hurried.customer.get(media["url"])).json()
    tried = await sent(hurried, hurried.customer, media["sid"])

    assert (record["state"], record["refusal"]["reason"]) == ("held", "check_pending")
    assert (tried.status_code, tried.json()["code"]) == (409, 60031)


async def test_an_upload_that_is_held_at_once_is_answered_409(tmp_path: Path, slow: Slow) -> None:
    slow.outcome = "suspicious"
    slow.is_through.set()
    desk = await open_desk(tmp_path, slow)
    answer = await raw(desk, desk.customer)
    assert (answer.status_code, answer.json()["code"]) == (409, 60031)
    held = f"{place(desk)}/{answer.json()['details']['media_sid']}"
    assert (await desk.customer.get(held)).json()["state"] == "held"
    assert (await desk.customer.delete(held)).status_code == 204
    await desk.close()


# The end


@pytest.mark.parametrize("what", ["message", "channel", "file"])
async def test_what_is_deleted_takes_the_file_and_every_old_link_along(desk: Desk, what: str) -> None:
    message = await a_message(desk, desk.customer)
    links = await shown(desk, message)
    assert await opened(desk, links) == [200, 200, 200]
    ways = {
        "message": message["url"],
        "channel": f"{desk.service}/Channels/{desk.chat.channel_sid}",
        "file": f"/v1/media/{message['media']['sid']}/recall",
    }
    if what == "file":
        assert (await desk.agent.post(ways[what], json={"reason": "recalled"})).status_code == 200
    else:
        assert (await desk.account.delete(ways[what])).status_code == 204

    assert set(await opened(desk, links)) <= {*DEAD, 422}
    assert left(desk) == []
    record = await desk.account.get(f"{place(desk)}/{message['media']['sid']}")
    if what == "file":
        seen = await desk.agent.get(f"{place(desk)}/{message['media']['sid']}")
        assert [answer.json()["state"] for answer in (record, seen)] == ["recalled", "recalled"]
        assert (bool(record.json()["refusal"]["advice"]), seen.json()["refusal"]["advice"]) == (True, "")
    else:
        assert (record.status_code, record.json()["code"]) == (404, 20404)


async def test_taking_a_loose_file_back_kills_its_links(desk: Desk) -> None:
    media = await uploaded(desk, desk.account)
    link = media["links"]["content_direct_temporary"]
    assert await opened(desk, [link]) == [200]
    assert (await desk.account.delete(media["url"])).status_code == 204
    assert (await opened(desk, [link]))[0] in DEAD
    assert left(desk) == []


async def test_a_block_leaves_everybodys_files_where_they_are(desk: Desk) -> None:
    message = await a_message(desk, desk.customer)
    links = await shown(desk, message)
    loose = await uploaded(desk, desk.customer)
    await desk.chat.block()

    assert await opened(desk, links) == [200, 200, 200]
    assert (await raw(desk, desk.customer)).status_code == 403
    refused = await sent(desk, desk.customer, loose["sid"])
    assert (refused.status_code, refused.json()["code"]) == (403, 50107)


async def test_whoever_leaves_a_channel_leaves_its_files_behind(desk: Desk) -> None:
    message = await a_message(desk, desk.account)
    link = await temporary(desk.customer, {"url": f"{place(desk)}/{message['media']['sid']}"})
    assert await opened(desk, [link]) == [200]
    customer = f"{desk.service}/Channels/{desk.chat.channel_sid}/Members/{desk.chat.customer.identity}"
    assert (await desk.account.delete(customer)).status_code == 204
    assert (await opened(desk, [link]))[0] in DEAD


async def test_a_loose_file_is_swept_after_a_while_and_a_sent_one_is_not(desk: Desk) -> None:
    loose, message = await uploaded(desk, desk.customer), await a_message(desk, desk.customer)
    link, kept = loose["links"]["content_direct_temporary"], await shown(desk, message)

    def house(service_sid: str) -> Context:
        return Context(desk.house.parts, service_sid, SYSTEM)

    await Retention(desk.judge, house, unsent=3600).sweep()
    assert await opened(desk, [link]) == [200]
    await Retention(desk.judge, house, unsent=0).sweep()
    assert (await opened(desk, [link]))[0] in DEAD
    assert (await desk.customer.get(loose["url"])).status_code == 404
    assert (await sent(desk, desk.customer, loose["sid"])).status_code == 410
    assert await opened(desk, kept) == [200, 200, 200]
    assert left(desk) == [message["media"]["sid"]]


async def test_of_two_messages_at_once_one_takes_the_file(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    answers = await asyncio.gather(*(sent(desk, desk.customer, media["sid"]) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    assert len((await desk.customer.get(messages(desk))).json()["messages"]) == 1
