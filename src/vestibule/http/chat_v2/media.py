"""Programmable Chat's media service: files before and after a message takes them."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import RedirectResponse, Response

from vestibule.http.calls import Call
from vestibule.http.chat_v2.media_records import absolute, found, full_record, minted, record
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.files import serve
from vestibule.http.media import attach
from vestibule.http.routes import Routes
from vestibule.http.uploads import UploadQuery
from vestibule.links import LIFETIME, Ticket
from vestibule.payloads import ListMedia, RemoveMedia

routes = Routes(CHAT_V2)

LIST = "/v1/Services/{service_sid}/Media"
ONE = "/v1/Services/{service_sid}/Media/{media_sid}"


@routes.get(LIST)
async def list_media(call: Call, query: PageQuery, service_sid: str) -> dict[str, Any]:
    """The files of the service, oldest first. Links to their bytes are in each one's own record."""
    rows = await call.ctx.invoke(ListMedia(query.size + 1, query.after()))
    return page_of(call, "media", query, rows, [record(call, row) for row in rows])


@routes.post(LIST, status=201, limit="uploads")
async def upload(call: Call, query: UploadQuery, service_sid: str) -> dict[str, Any]:
    """Receive a file that no channel has yet: the raw body, or a multipart form with one.

    A form sent with account credentials may say in `Author` whose file it is: whoever is to send it.
    """
    return await full_record(call, await attach(call, call.ctx, query, None))


@routes.get(ONE)
async def fetch(call: Call, service_sid: str, media_sid: str) -> dict[str, Any]:
    """A file's record, with a new link to its bytes."""
    return await full_record(call, await found(call, media_sid))


@routes.get(f"{ONE}/Content", limit="files")
async def content(call: Call, service_sid: str, media_sid: str) -> Response:
    """A file's bytes; where files have an origin of their own, the way there."""
    media = await found(call, media_sid)
    if call.front.files_origin:
        return RedirectResponse(absolute(call, await minted(call, media)), 307)
    ends = (int(time.time()) // LIFETIME + 1) * LIFETIME  # noted as one opening for each such while
    place = (media.service_sid, media.channel_sid or "", media.sid)
    return await serve(call, call.ctx, Ticket(*place, "safe", "inline", call.ctx.identity, ends), {})


@routes.delete(ONE)
async def remove(call: Call, service_sid: str, media_sid: str) -> None:
    """Take back a file that no message has."""
    media = await found(call, media_sid)
    await call.ctx.invoke(RemoveMedia(media.channel_sid or "", media.sid))
