"""Media: sending a file, looking after it, taking it back."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta

from vestibule.context import Context
from vestibule.errors import VestibuleError
from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.http.schemas import upload_body
from vestibule.http.uploads import UploadQuery, read_upload
from vestibule.models import Decision, Media, Timeline
from vestibule.payloads import (
    AttachFile,
    FetchMedia,
    FetchTimeline,
    FindMedia,
    RemoveMedia,
    ReviewMedia,
)

routes = Routes()


class NewReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a reviewer decides, and why: staff read the reason in the file's timeline."""

    decision: Decision
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


@routes.post("/v1/channels/{channel_sid}/media", status=201, limit="uploads", takes=upload_body())
async def attach_file(call: Call, query: UploadQuery, channel_sid: str) -> Media:
    """Send a file: the raw body, or a multipart form with one."""
    return await attach(call, call.ctx, query, channel_sid)


@routes.get("/v1/channels/{channel_sid}/media/{media_sid}")
async def fetch_media(call: Call, channel_sid: str, media_sid: str) -> Media:
    """A file's record."""
    return await call.ctx.invoke(FetchMedia(channel_sid, media_sid))


@routes.delete("/v1/channels/{channel_sid}/media/{media_sid}")
async def remove_media(call: Call, channel_sid: str, media_sid: str) -> None:
    """Take back a file that was not sent."""
    await call.ctx.invoke(RemoveMedia(channel_sid, media_sid))


@routes.get("/v1/media/{media_sid}/timeline")
async def fetch_timeline(call: Call, media_sid: str) -> Timeline:
    """A file's whole way: with `reviewMedia` in every detail, for its uploader in outline."""
    return await call.ctx.invoke(FetchTimeline(media_sid))


@routes.post("/v1/media/{media_sid}/review")
async def review_media(call: Call, body: NewReview, media_sid: str) -> Media:
    """Decide about a held file, in a channel or loose."""
    media = await call.ctx.invoke(FindMedia(media_sid))
    place = (media.channel_sid or "", media.sid)
    return await call.ctx.invoke(ReviewMedia(*place, body.decision, body.reason))


async def attach(call: Call, ctx: Context, query: UploadQuery, channel_sid: str | None) -> Media:
    """Receive the call's file, and count it. A loose one may be in the name of a form's `Author`."""
    outcome = "broken"
    try:
        upload = await read_upload(call, query.filename)
        author = None if channel_sid else partial(upload.field, "Author")
        what = (upload.filename, upload.content_type, upload.chunks)
        media = await ctx.invoke(AttachFile(*what, channel_sid, upload.size, author))
        outcome = media.state
    except VestibuleError as error:
        outcome = error.reason
        raise
    finally:
        call.front.metrics.upload(outcome, call.incoming.taken)
    return media
