"""Programmable Chat's media service: files before and after a message takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response

from vestibule.http.calls import Call
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.media import attach
from vestibule.http.routes import Routes
from vestibule.http.uploads import UploadQuery
from vestibule.models import Link, Media
from vestibule.payloads import DownloadMedia, FindMedia, RemoveMedia

routes = Routes(CHAT_V2)

LIST = "/v1/Services/{service_sid}/Media"
ONE = "/v1/Services/{service_sid}/Media/{media_sid}"


@routes.post(LIST, status=201, limit="uploads")
async def upload(call: Call, query: UploadQuery, service_sid: str) -> dict[str, Any]:
    """Receive a file that no channel has yet: the raw body, or a multipart form with one."""
    media = await attach(call, call.ctx, query, None)
    is_form = call.content_type.lower().startswith("multipart/")
    return await _shape(call, media, is_form)


@routes.get(ONE)
async def fetch(call: Call, service_sid: str, media_sid: str) -> dict[str, Any]:
    """A file's record, with a new link to its bytes."""
    return await _shape(call, await call.ctx.invoke(FindMedia(media_sid)))


@routes.get(f"{ONE}/Content")
async def content(call: Call, service_sid: str, media_sid: str) -> Response:
    """The way to a file's bytes."""
    link = await _link(call, await call.ctx.invoke(FindMedia(media_sid)))
    return RedirectResponse(_absolute(call, link), 307)


@routes.delete(ONE)
async def remove(call: Call, service_sid: str, media_sid: str) -> None:
    """Take back a file that no message has."""
    media = await call.ctx.invoke(FindMedia(media_sid))
    await call.ctx.invoke(RemoveMedia(media.channel_sid or "", media.sid))


async def _link(call: Call, media: Media) -> Link:
    return await call.ctx.invoke(DownloadMedia(media.channel_sid or "", media.sid))


def _absolute(call: Call, link: Link) -> str:
    return f"{call.base}{link.url}" if link.url.startswith("/") else link.url


async def _shape(call: Call, media: Media, is_form: bool = False) -> dict[str, Any]:
    url = f"/v1/Services/{media.service_sid}/Media/{media.sid}"
    links = {"content": f"{url}/Content"}
    if media.state == "clean":
        links["content_direct_temporary"] = _absolute(call, await _link(call, media))
    return {
        "sid": media.sid,
        "service_sid": media.service_sid,
        "account_sid": call.front.account_sid,
        "channel_sid": media.channel_sid,
        "message_sid": media.message_sid,
        "author": media.author,
        "category": "media",
        "filename": media.filename or None,
        "content_type": media.content_type,
        "size": media.size,
        "date_created": _date(media.date_created),
        "date_updated": _date(media.date_updated),
        "date_upload_updated": _date(media.date_updated),
        "is_multipart_upstream": is_form,
        "url": url,
        "links": links,
    }


def _date(value: datetime) -> str:
    """With microseconds and an offset, as this service writes it."""
    return value.isoformat(timespec="microseconds")
