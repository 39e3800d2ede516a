"""A file's record as Programmable Chat's media service writes it, with what became of the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vestibule.errors import NotFound
from vestibule.http.calls import Call
from vestibule.models import Copy, Link, Media
from vestibule.payloads import DownloadMedia, FindMedia
from vestibule.refusals import refusal


async def found(call: Call, media_sid: str) -> Media:
    """A file that is there, for whoever may know of it. Raises `NotFound`."""
    media = await call.ctx.invoke(FindMedia(media_sid))
    if media.state == "gone":
        raise NotFound(f"There is no file {media_sid}.")
    return media


async def minted(call: Call, media: Media) -> Link:
    """A new link for whoever asks. Raises why nobody may have this file now."""
    return await call.ctx.invoke(DownloadMedia(media.channel_sid or "", media.sid))


def absolute(call: Call, link: Link) -> str:
    """A link's address, as whoever asks reaches it."""
    return f"{call.base}{link.url}" if link.url.startswith("/") else link.url


async def full_record(call: Call, media: Media) -> dict[str, Any]:
    """The record, with a new link to the bytes of a clean file."""
    shown = record(call, media)
    if media.state == "clean":
        shown["links"]["content_direct_temporary"] = absolute(call, await minted(call, media))
    return shown


def delivered(media: Media) -> Copy | Media:
    """What people are given, with its type and size: our copy or, until it is made, the file itself."""
    return next((copy for copy in media.renditions if copy.name == "safe"), media)


def record(call: Call, media: Media) -> dict[str, Any]:
    """The record. `state` and `refusal` are ours: a file is sent once its state is `clean`."""
    url = f"/v1/Services/{media.service_sid}/Media/{media.sid}"
    return {
        "sid": media.sid,
        "service_sid": media.service_sid,
        "account_sid": call.front.account_sid,
        "channel_sid": media.channel_sid,
        "message_sid": media.message_sid,
        "author": media.author,
        "category": "media",
        "filename": media.filename or None,
        "content_type": delivered(media).content_type,
        "size": delivered(media).size,
        "date_created": _date(media.date_created),
        "date_updated": _date(media.date_updated),
        "date_upload_updated": _date(media.date_updated),
        "is_multipart_upstream": False,  # storage has each file in one piece, however it was sent
        "state": media.state,
        "refusal": _refusal(call, media),
        "url": url,
        "links": {"content": f"{url}/Content"},
    }


def _refusal(call: Call, media: Media) -> dict[str, str] | None:
    """Why a file is held, or was refused or recalled; its sender is told what to do about it, too."""
    if not media.reason:
        return None
    text = refusal(media.reason)
    if media.author == call.ctx.identity or call.ctx.is_system:
        return {"reason": text.reason, "message": text.to_sender, "advice": text.advice}
    return {"reason": text.reason, "message": text.to_others, "advice": ""}


def _date(value: datetime) -> str:
    """With microseconds and an offset, as this service writes it."""
    return value.isoformat(timespec="microseconds")
