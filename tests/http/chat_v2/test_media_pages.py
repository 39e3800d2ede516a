"""The media service from a page of another site, and what its bytes may do there."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.http.chat_v2.uploading import place, raw, uploaded
from tests.http.desk import PDF, Desk

SITE, OTHER = "https://shop.example", "https://elsewhere.example"
ALLOWED, SHOWN = "access-control-allow-origin", "access-control-expose-headers"


def page(desk: Desk, origin: str = SITE) -> httpx.AsyncClient:
    """A page of a site, where a client of the media service holds the customer's token."""
    front = desk.changed(cors_origins=(SITE,))
    token = desk.token(desk.chat.customer.identity)
    return desk.client(front, origin=origin, **{"x-twilio-token": token})


async def asked(desk: Desk, path: str, method: str, *headers: str, origin: str = SITE) -> httpx.Headers:
    """What a browser is told before the real request."""
    told = {"access-control-request-method": method, "access-control-request-headers": ", ".join(headers)}
    browser = desk.client(desk.changed(cors_origins=(SITE,)), origin=origin)
    return (await browser.options(path, headers=told)).headers


@pytest.mark.parametrize(
    ("path", "method"),
    [("", "POST"), ("Set", "POST"), ("/ME1", "GET"), ("/ME1", "DELETE"), ("/ME1/Content", "GET")],
)
async def test_a_page_of_an_allowed_site_may_ask_and_others_may_not(
    desk: Desk, path: str, method: str
) -> None:
    path = place(desk) + path
    told = await asked(desk, path, method, "x-twilio-token", "content-type")
    assert told[ALLOWED] == SITE
    assert method in told["access-control-allow-methods"]
    taken = told["access-control-allow-headers"].lower().split(", ")
    assert {"x-twilio-token", "content-type", "range"} <= set(taken)
    assert ALLOWED not in await asked(desk, path, method, "x-twilio-token", origin=OTHER)


async def test_every_answer_is_json_that_the_page_may_read(desk: Desk) -> None:
    browser = page(desk)
    media = (await raw(desk, browser)).json()
    item = {"command": "get", "list": [{"media_sid": media["sid"]}]}
    answers = [
        await browser.get(media["url"]),
        await browser.post(f"{place(desk)}Set", json=item),
        await raw(desk, browser, b"MZ", Filename="a.exe"),
        await browser.get(f"{place(desk)}/ME1"),
        await desk.client(desk.changed(cors_origins=(SITE,)), origin=SITE).get(media["url"]),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 404, 401]
    for answer in answers:
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers[ALLOWED] == SITE
        assert "origin" in answer.headers["vary"].lower()


async def test_a_page_may_read_the_bytes_of_a_link_and_that_it_is_dead(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    link = media["links"]["content_direct_temporary"]
    for origin in (SITE, OTHER):
        answer = await page(desk, origin).get(link)
        assert (answer.content, answer.headers[ALLOWED]) == (PDF, "*")
    await desk.customer.delete(media["url"])
    for dead in (link, f"{link[:-20]}x/a.pdf"):
        answer = await page(desk).get(dead)
        assert (answer.status_code in (403, 410), answer.headers[ALLOWED] in (SITE, "*")) == (True, True)


async def test_content_is_for_pages_of_allowed_sites_alone(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    own = await page(desk).get(media["links"]["content"])
    other = await page(desk, OTHER).get(media["links"]["content"])

    assert own.headers[ALLOWED] == SITE
    assert {"Content-Disposition", "Content-Range"} <= set(own.headers[SHOWN].split(", "))
    assert ALLOWED not in other.headers
    for answer in (own, other):
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_files_bytes_can_do_nothing_in_a_browser(desk: Desk) -> None:
    text = await desk.customer.post(f"{place(desk)}?Filename=a.txt", content=b"See you.")
    media: dict[str, Any] = text.json()
    assert text.status_code == 201, text.text
    for way in media["links"].values():
        headers = (await desk.customer.get(way)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["content-disposition"].startswith("attachment; ")
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert headers["cache-control"] == "private, no-store"
