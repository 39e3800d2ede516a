"""Originals: what a sender gave, byte by byte, kept beside its rebuilt copy where the policy says so.

It passed every check, but it holds what the copy leaves out: places, names, scripts. So it is read only by
whoever has `downloadOriginal`, saved and never shown, and every read is in the log.
"""

from __future__ import annotations

from msgspec import structs

from vestibule.context import Context
from vestibule.models import Copy, Media
from vestibule.ports import Storage, Transaction

PERMISSION = "downloadOriginal"
# Whatever it is: told as bytes without meaning, so that no browser opens it by itself.
CONTENT_TYPE = "application/octet-stream"


def place(media_sid: str) -> str:
    """Where it lies. It never leaves quarantine: what is available may be shown in a page."""
    return f"quarantine/{media_sid}/original"


def shown(tx: Transaction, ctx: Context, media: Media) -> Media:
    """The file with its original among the copies, where there is one and whoever asks may have it."""
    if media.state != "clean" or not is_kept(tx, media.sid) or not ctx.may(tx, PERMISSION):
        return media
    original = Copy(name="original", content_type=CONTENT_TYPE, size=media.size)
    return structs.replace(media, renditions=(*media.renditions, original))


def is_kept(tx: Transaction, media_sid: str) -> bool:
    return tx.value("original_since", sid=media_sid) is not None


async def clear_beside(media_sid: str, storage: Storage) -> None:
    """Throw away what else lies in quarantine."""
    others = [key async for key in storage.list(f"quarantine/{media_sid}/") if key != place(media_sid)]
    for key in others:
        await storage.delete(key)
