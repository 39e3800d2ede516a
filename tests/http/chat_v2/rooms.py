"""Channels for tests, made by account credentials, and how their lists are read."""

from __future__ import annotations

from typing import Any

import httpx

from tests.http.desk import PDF, Desk


async def a_channel(desk: Desk, **fields: Any) -> dict[str, Any]:
    return await made(desk, f"{desk.service}/Channels", **fields)


async def a_member(desk: Desk, channel: dict[str, Any], identity: str, **fields: Any) -> dict[str, Any]:
    return await made(desk, f"{channel['url']}/Members", Identity=identity, **fields)


async def made(desk: Desk, url: str, **fields: Any) -> dict[str, Any]:
    answer = await desk.account.post(url, data=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def changed(desk: Desk, row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await desk.account.post(row["url"], data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def fetched(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    answer = await desk.account.get(row["url"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def role_sid(desk: Desk, name: str) -> str:
    roles = (await desk.account.get(f"{desk.service}/Roles")).json()["roles"]
    return next(role["sid"] for role in roles if role["friendly_name"] == name)


async def a_file(desk: Desk, who: httpx.AsyncClient) -> str:
    """The sid of a clean file that no message has yet."""
    media_url = f"/v1/Services/{desk.house.service_sid}/Media?Filename=x.pdf"
    answer = await who.post(media_url, content=PDF, headers={"content-type": "application/pdf"})
    assert answer.status_code == 201, answer.text
    return answer.json()["sid"]


async def pages(desk: Desk, url: str | None, way: str = "next") -> list[dict[str, Any]]:
    """Every page from this one on."""
    read = []
    while url:
        page = (await desk.account.get(url)).json()
        read.append(page)
        url = page["meta"][f"{way}_page_url"]
    return read


async def rows(desk: Desk, url: str) -> list[dict[str, Any]]:
    """Every row, page after page."""
    return [row for page in await pages(desk, url) for row in page[page["meta"]["key"]]]


def refused(answer: httpx.Response, status: int, code: int) -> bool:
    """Whether it was, with these numbers; shown where not."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    return True
