"""Files: the bytes behind a link. Whether the viewer may have them is asked anew at each request."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from msgspec import structs
from starlette.responses import Response, StreamingResponse

from vestibule.context import Context
from vestibule.errors import NotFound
from vestibule.http.addresses import origin_of
from vestibule.http.calls import Call
from vestibule.http.dispositions import disposition, is_inline, served_type
from vestibule.http.ranges import RANGES, Span, wanted
from vestibule.http.routes import Routes
from vestibule.links import Ticket
from vestibule.models import Copy, Media
from vestibule.payloads import FindMedia, ReadMedia

routes = Routes()

# Of an answer to a link: whoever has it needs no more to read it, from whatever page.
SHARED = {
    "cross-origin-resource-policy": "cross-origin",  # the widget shows them in other sites' pages
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Disposition, Content-Length, Content-Range, ETag",
}


@routes.get(
    "/files/{ticket}/{filename}",
    access="anybody",
    limit="files",
    sends="*/*",
    also=(206, 304),
    headers=RANGES,
)
async def read_file(call: Call, ticket: str, filename: str) -> Response:
    """The bytes behind a link, or a range of them."""
    told = call.front.links.read(ticket)
    viewer = replace(call.ctx, service_sid=told.service_sid, identity=told.viewer)
    if not told.channel_sid:  # it was loose when the link was minted; its message may have come since
        media = await viewer.invoke(FindMedia(told.media_sid))
        told = structs.replace(told, channel_sid=media.channel_sid or "")
    return await serve(call, viewer, told, SHARED)


async def serve(call: Call, viewer: Context, told: Ticket, more: Mapping[str, str]) -> Response:
    """The bytes that a ticket names, or a range of them, if the viewer may have them now."""
    mark = f"{told.expires} {told.disposition} {told.mark}"
    media = await viewer.invoke(ReadMedia(told.channel_sid, told.media_sid, told.rendition, mark))
    copy = _copy(media, told)
    key = _key(media, told)
    size = await viewer.storage.size(key)
    headers = {**_headers(call, told, media, copy, size), **more}
    if headers["etag"] in _listed(call.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    span = wanted(call.headers.get("range"), call.headers.get("if-range"), headers["etag"], size)
    if span is not None:
        headers["content-range"] = span.content_range(size)
    return _stream(call, viewer, key, span or Span(0, size), headers, 206 if span else 200)


def _copy(media: Media, ticket: Ticket) -> Copy:
    for copy in media.renditions:
        if copy.name == ticket.rendition:
            return copy
    raise NotFound("This file has no such copy.")


def _key(media: Media, ticket: Ticket) -> str:
    """Where the copy lies. What is held, and an original, never left quarantine."""
    is_out = media.state == "clean" and ticket.rendition != "original"
    return f"{'available' if is_out else 'quarantine'}/{media.sid}/{ticket.rendition}"


def _headers(call: Call, ticket: Ticket, media: Media, copy: Copy, size: int) -> dict[str, str]:
    return {
        "etag": _etag(media, copy, size),
        "accept-ranges": "bytes",
        "content-type": served_type(copy.content_type),
        "content-disposition": disposition(ticket.disposition, copy.content_type, media.filename),
        "cache-control": "private, no-store",
        "content-security-policy": _policy(call, copy.content_type),
        "referrer-policy": "no-referrer",
    }


def _policy(call: Call, content_type: str) -> str:
    """Nothing in the file may run, load or send; only the desk's own pages may frame it."""
    pages = " ".join(filter(None, ("'self'", origin_of(call.front.public_url))))
    ancestors = pages if is_inline(content_type) else "'none'"
    # The browser's own players and viewers are pages with a style and the file as their medium.
    own = "img-src 'self'; media-src 'self'; object-src 'self'; style-src 'unsafe-inline'"
    return f"sandbox; default-src 'none'; {own}; frame-ancestors {ancestors}"


def _etag(media: Media, copy: Copy, size: int) -> str:
    """Of this copy, and of nothing that could be compared with another file's digest."""
    mark = f"{media.sid}/{copy.name}/{size}/{media.date_created.timestamp()}"
    return f'"{hashlib.blake2b(mark.encode(), digest_size=12).hexdigest()}"'


def _listed(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def _stream(
    call: Call, viewer: Context, key: str, span: Span, headers: dict[str, str], status: int
) -> Response:
    headers["content-length"] = str(span.end - span.start)
    if call.method == "HEAD":
        return Response(status_code=status, headers=headers)
    chunks: AsyncIterator[bytes] = viewer.storage.get(key, span.start, span.end)
    return StreamingResponse(chunks, status, headers)
