"""What is taken here, as strangers are told. What decides is the gate, not this."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class TypeTaken(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of file that is taken."""

    extension: str
    content_type: str
    max_bytes: int


class Unpacked(msgspec.Struct, frozen=True, kw_only=True):
    """What a file may hold once it is opened."""

    archive_members: int
    archive_bytes: int
    archive_depth: int
    picture_pixels: int
    document_pages: int
    recording_seconds: float


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What this house takes of its visitors."""

    version: str = ""
    types: tuple[TypeTaken, ...] = ()
    unpacked: Unpacked | None = None
    verdicts: Mapping[str, str] = {}  # outcome to the state of the file
