"""What the media service's routes answer. Its addresses are relative, its dates precise."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vestibule.http.chat_v2.answers import Count, Sid
from vestibule.models import MediaState

PreciseDate = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class RecordLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file's bytes are."""

    content: str
    content_direct_temporary: str | UnsetType = UNSET  # while the file is clean


class RecordRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a file is held, or was refused or recalled."""

    reason: str
    message: str
    advice: str


class RecordAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file's record."""

    sid: Sid
    account_sid: str
    service_sid: Sid
    channel_sid: Sid | None
    message_sid: Sid | None
    author: str
    category: str
    filename: str | None
    content_type: str
    size: Count  # bytes
    date_created: PreciseDate
    date_updated: PreciseDate
    date_upload_updated: PreciseDate
    is_multipart_upstream: bool
    state: MediaState
    refusal: RecordRefusal | None
    url: str
    links: RecordLinks


class RecordInSet(msgspec.Struct, frozen=True, kw_only=True):
    """One of several files."""

    code: int
    media_record: Annotated[
        dict[str, Any], Meta(description="The record; where `code` is not 200 its `sid` alone.")
    ]
