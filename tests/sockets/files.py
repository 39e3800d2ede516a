"""A file that passed its checks, without the checks."""

from __future__ import annotations

from vestibule import sids
from vestibule.context import Context
from vestibule.models import Media
from vestibule.ports import Transaction


async def clean_file(owner: Context, channel_sid: str, flags: str = "[]") -> Media:
    sid = sids.make(sids.MEDIA)
    names = {"filename": "cat.png", "raw_filename": "cat.png", "declared_type": "image/png"}
    judged = {"state": "clean", "reason": "", "renditions": "[]", "flags": flags, "content_type": "image/png"}
    sizes = {"width": 1, "height": 1, "duration": None, "pages": None}

    def change(tx: Transaction) -> Media | None:
        where = {"service_sid": owner.service_sid, "channel_sid": channel_sid}
        tx.run("add_media", sid=sid, author=owner.identity, **where, **names)
        tx.run("media_judged", sid=sid, **judged, **sizes)
        return tx.one(Media, "media_by_sid", service_sid=owner.service_sid, sid=sid)

    media = await owner.database.write(change)
    assert media is not None
    return media
