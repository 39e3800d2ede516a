"""Files' records: finding one within a channel, and what is answered about it."""

from __future__ import annotations

from msgspec import structs

from vestibule.context import MEMBER, OWN, Context
from vestibule.errors import MediaChecking, NotFound
from vestibule.models import Media, Verdict
from vestibule.objections import objection
from vestibule.ports import Transaction

READERS = (MEMBER, "readAnyChannel", OWN)


def found(tx: Transaction, ctx: Context, channel_sid: str, media_sid: str) -> Media:
    """A file of this channel, or with an empty `channel_sid` a loose one of one's own.

    Raises `NotFound`, also for a file that another member uploaded and has not sent.
    """
    media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=media_sid)
    if media is None or (media.channel_sid or "") != channel_sid or not _may_know(tx, ctx, media):
        raise NotFound(f"There is no file {media_sid} here.")
    return media


def _may_know(tx: Transaction, ctx: Context, media: Media) -> bool:
    """What was sent is the whole channel's; what was not is its uploader's, and a reviewer's."""
    if media.message_sid is not None or media.author == ctx.identity:
        return True
    return ctx.may(tx, "reviewMedia")


def keep_verdict(tx: Transaction, media_sid: str, verdict: Verdict) -> None:
    """Put a verdict into the file's timeline."""
    tx.run("add_verdict", media_sid=media_sid, **structs.asdict(verdict))


def accepted(media: Media) -> Media:
    """The file itself if it may be sent now or soon. Else raises what is the case."""
    if (error := objection(media)) and not isinstance(error, MediaChecking):
        raise error
    return media


def opened(media: Media) -> Media:
    """The file itself if its bytes may be read. Else raises what is the case."""
    if error := objection(media):
        raise error
    return media
