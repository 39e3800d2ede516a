"""Messages: what stands in a channel."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vestibule.models.media import Media


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in a channel. `index` counts from 0 and is never used twice."""

    sid: str
    service_sid: str
    channel_sid: str
    index: int
    author: str
    body: str
    attributes: str
    media: Media | None = None
    was_edited: bool
    last_updated_by: str | None
    date_created: datetime
    date_updated: datetime
