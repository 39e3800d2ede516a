"""Reviewing over HTTP, and what each side reads of it: staff the detail, visitors the class."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.checks.lying_http import answer, scanning
from tests.http.desk import PDF, Desk, open_desk
from tests.media.rebuilding import PREVIEW, Rebuilder
from vestibule.checks.webhook import WebhookCheck
from vestibule.payloads import ReadChannelStream
from vestibule.sockets.frames import encode_notice

INSIDE = ("Trojan.Parcel", "scanner 7.1", "webhook", "Because I say so")


@pytest.fixture
async def doubting(tmp_path: Path) -> AsyncIterator[Desk]:
    """A house that rebuilds files, with a scanner that is not sure about them."""
    async with scanning(answer("suspicious", detail="Trojan.Parcel", version="scanner 7.1")) as scanner:
        desk = await open_desk(tmp_path, Rebuilder(), WebhookCheck(scanner.url, "secret"))
        yield desk
        await desk.close()


async def held(desk: Desk) -> str:
    sent = await desk.customer.post(f"{desk.channel}/media?Filename=a.pdf", content=PDF)
    assert (sent.status_code, sent.json()["reason"]) == (409, "media_held"), sent.text
    return str(sent.json()["details"]["media_sid"])


async def review(desk: Desk, media_sid: str, decision: str, **more: Any) -> httpx.Response:
    body = {"decision": decision, "reason": "Because I say so.", **more}
    return await desk.agent.post(f"/v1/media/{media_sid}/review", json=body)


async def test_an_agent_releases_a_file_and_the_customer_sends_it(doubting: Desk) -> None:
    media_sid = await held(doubting)
    released = await review(doubting, media_sid, "release")
    assert (released.status_code, released.json()["state"]) == (200, "clean")
    sent = await doubting.customer.post(f"{doubting.channel}/messages", json={"media_sid": media_sid})
    assert sent.status_code == 201


async def test_a_loose_file_can_be_released_as_well(doubting: Desk) -> None:
    place = f"/v1/Services/{doubting.house.service_sid}/Media?Filename=a.pdf"
    sent = await doubting.customer.post(place, content=PDF)
    assert sent.json()["reason"] == "media_held", sent.text
    media_sid = sent.json()["details"]["media_sid"]
    assert (await review(doubting, media_sid, "release")).json()["state"] == "clean"


async def test_a_decision_over_http_is_one_of_two_with_a_reason(doubting: Desk) -> None:
    media_sid = await held(doubting)
    for wrong in ({"decision": "open"}, {"reason": ""}, {"reason": "x" * 501}, {"by": "me"}):
        answered = await review(doubting, media_sid, **{"decision": "release", **wrong})
        assert answered.status_code == 400, wrong
    assert (await review(doubting, media_sid, "refuse")).json()["state"] == "refused"
    assert (await review(doubting, media_sid, "release")).status_code == 409


async def test_staff_read_the_detail(doubting: Desk) -> None:
    media_sid = await held(doubting)
    await review(doubting, media_sid, "refuse")
    told = (await doubting.agent.get(f"/v1/media/{media_sid}/timeline")).text
    for inside in INSIDE:
        assert inside in told


async def test_a_visitor_reads_the_class_wherever_they_look(doubting: Desk) -> None:
    """In the error, the record, the channel, the timeline, the stream, and Chat v2."""
    desk, service = doubting, doubting.house.service_sid
    first = await desk.customer.post(f"{desk.channel}/media?Filename=a.pdf", content=PDF)
    loose = await desk.customer.post(f"/v1/Services/{service}/Media?Filename=a.pdf", content=PDF)
    assert loose.json()["reason"] == "media_held"
    media_sid = first.json()["details"]["media_sid"]
    await review(desk, media_sid, "refuse")
    told = [first.text, loose.text]
    for path in (
        f"{desk.channel}/media/{media_sid}",
        desk.channel,
        f"/v1/media/{media_sid}/timeline",
        f"/v1/Services/{service}/Media/{media_sid}",
        f"/v1/Services/{service}/Media/{media_sid}/Content",
    ):
        told.append((await desk.customer.get(path)).text)
    told.append((await desk.customer.post(f"{desk.channel}/media/{media_sid}/link", json={})).text)
    page = await desk.chat.customer.invoke(ReadChannelStream(desk.chat.channel_sid, 0))
    happened = [one for one in (*page.events, *desk.house.notices) if "Media" in type(one).__name__]
    told += [encode_notice("event", one) for one in happened]
    assert len(happened) >= 4  # held and refused, from the log and live
    for text in told:
        assert [inside for inside in INSIDE if inside in text] == [], text
    assert "not_released" in told[3]


async def test_a_reviewer_sees_a_small_picture_with_the_headers_of_every_file(doubting: Desk) -> None:
    media_sid = await held(doubting)
    place = f"{doubting.channel}/media/{media_sid}/link"
    link = await doubting.agent.post(place, json={"rendition": "preview"})
    shown = await doubting.client().get(link.json()["url"])
    assert (shown.status_code, shown.content) == (200, PREVIEW)
    assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    refused = await doubting.customer.post(place, json={"rendition": "preview"})
    assert refused.json()["reason"] == "media_held"
    for rendition in ("safe", "original"):
        assert (await doubting.agent.post(place, json={"rendition": rendition})).status_code == 409
    await review(doubting, media_sid, "refuse")
    assert (await doubting.client().get(link.json()["url"])).status_code == 422


async def test_an_original_is_saved_and_never_shown(tmp_path: Path) -> None:
    desk = await open_desk(tmp_path, Rebuilder())
    desk.judge.gate = replace(desk.judge.gate, keep_originals=60.0)
    message = await desk.sent_file()
    await desk.house.agent("root", role="service admin")
    url = await desk.link(message, desk.holding("root"), rendition="original", disposition="inline")
    saved = await desk.client().get(url)
    assert (saved.status_code, saved.content) == (200, PDF)
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith('attachment; filename="bill.pdf"')
    assert "frame-ancestors 'none'" in saved.headers["content-security-policy"]
    assert saved.headers["cache-control"] == "private, no-store"
    place = f"{desk.channel}/media/{message['media']['sid']}/link"
    assert (await desk.agent.post(place, json={"rendition": "original"})).status_code == 404
    await desk.agent.delete(f"{desk.channel}/messages/{message['sid']}")
    assert (await desk.client().get(url)).status_code in (404, 410)
    await desk.close()
