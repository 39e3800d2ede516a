"""Sending files to the media service, and what is left of them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.http.desk import PDF, Desk
from vestibule import sids


def place(desk: Desk) -> str:
    """Where the service's files are."""
    return f"/v1/Services/{desk.house.service_sid}/Media"


def messages(desk: Desk) -> str:
    return f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"


async def raw(desk: Desk, who: httpx.AsyncClient, data: bytes = PDF, **query: str) -> httpx.Response:
    """A file as the body of a request; without a name `bill.pdf`."""
    kind = {"content-type": "application/pdf"}
    return await who.post(place(desk), params={"Filename": "bill.pdf", **query}, content=data, headers=kind)


async def formed(desk: Desk, who: httpx.AsyncClient, author: str = "", data: bytes = PDF) -> httpx.Response:
    """A file in a form; its author, where one is named, comes after it as `curl -F` sends it."""
    parts: dict[str, Any] = {"Media": ("bill.pdf", data, "application/pdf")}
    if author:
        parts["Author"] = (None, author)
    return await who.post(place(desk), files=parts)


async def uploaded(desk: Desk, who: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    """The record of a loose file."""
    answer = await raw(desk, who, **query)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def sent(desk: Desk, who: httpx.AsyncClient, media_sid: str, **more: str) -> httpx.Response:
    """A message that takes the file."""
    return await who.post(messages(desk), data={"MediaSid": media_sid, **more})


async def temporary(who: httpx.AsyncClient, media: dict[str, Any]) -> str:
    """A new link to a file's bytes."""
    return str((await who.get(media["url"])).json()["links"]["content_direct_temporary"])


def left(desk: Desk) -> list[str]:
    """Whatever of files lies in storage, by their sids."""
    names = [part for path in (desk.folder / "files").rglob("*") for part in path.parts]
    return sorted({name for name in names if sids.is_sid(name, sids.MEDIA)})
