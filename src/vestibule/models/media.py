"""Files: their records, their copies, and the links to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.refusals import Refusal

MediaState = Literal["received", "checking", "clean", "held", "refused", "recalled", "gone"]
Rendition = Literal["original", "safe", "preview", "poster"]


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition of a file: a copy made by us, with its place in storage."""

    name: Rendition
    content_type: str
    size: int  # bytes
    width: int | None = None  # pixels
    height: int | None = None  # pixels


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A received file's record. Its bytes are in storage, under keys made from `sid`."""

    sid: str
    service_sid: str
    channel_sid: str | None  # where it was uploaded to; None: loose, until a message takes it
    message_sid: str | None
    author: str
    filename: str  # safe to show
    declared_type: str  # what the sender said, as advice only
    content_type: str  # what the bytes are; the declared one until they were looked at
    size: int  # bytes
    state: MediaState
    reason: str  # why held or refused: a key of the catalogue of refusals; else empty
    width: int | None  # pixels
    height: int | None  # pixels
    duration: float | None  # seconds
    pages: int | None
    renditions: tuple[Copy, ...] = ()
    flags: tuple[str, ...] = ()  # what agents are told of a clean file: `card_number`, `blur`, ...
    date_created: datetime
    date_updated: datetime


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address of one file, for one viewer, for minutes."""

    media_sid: str
    rendition: Rendition
    url: str
    content_type: str
    date_expires: datetime


class NotAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was held or refused, and what people read about it."""

    media: Media
    refusal: Refusal
    date: datetime
