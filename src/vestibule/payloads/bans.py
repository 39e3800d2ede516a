"""Recall: what the actions take that keep a file from coming again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vestibule.models import Ban, BanKind
from vestibule.payloads.base import Payload


class AddBan(Payload[list[Ban]], frozen=True):
    """Do not accept a file again: these bytes (`sha256`), and what looks like it (`perceptual`).

    A `media_sid` stands for both. What the house bans, it bans in all of its services. Banned again, a
    file gets the new reason and date.
    """

    sha256: str = ""  # hex
    perceptual: str = ""  # hex
    media_sid: str = ""
    reason: str = ""  # for staff
    date_expires: datetime | None = None  # None: never
    exact: bool = False  # of a `media_sid` only the bytes, not the looks


class RemoveBan(Payload[None], frozen=True):
    """Accept a file again."""

    ban_sid: str


class ListBans(Payload[list[Ban]], frozen=True):
    """What is banned now, the newest first."""


class NewBan(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of somebody else's list."""

    kind: BanKind
    value: str  # hex
    reason: str = ""
    date_expires: datetime | None = None  # None: never


class ImportBans(Payload[int], frozen=True):
    """Take in somebody else's list; gives how many bans are on it. What was banned here stays as it is."""

    source: str  # whose it is
    bans: tuple[NewBan, ...]
