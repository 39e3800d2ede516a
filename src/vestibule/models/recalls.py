"""Recall: bans, and stored files that are looked at again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.models.media import Media
from vestibule.models.verdicts import Opening, Verdict

BanKind = Literal["sha256", "perceptual"]
RecheckOutcome = Literal["clean", "recalled", "held", "unsure", "skipped"]


class Ban(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is not wanted again: these very bytes, or a picture that looks like it."""

    sid: str
    service_sid: str  # empty: in the whole house
    kind: BanKind
    value: str  # hex: the SHA-256 of the received bytes, or the picture's 256 bits
    reason: str  # for staff
    source: str  # whose list it came from; empty: banned here
    created_by: str  # identity
    date_created: datetime
    date_expires: datetime | None  # None: never


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """A run of today's checks over stored files. One that was cut off is gone on with."""

    sid: str  # empty: a dry run, of which nothing is kept
    since: datetime  # files received from then on
    content_type: str  # or the beginning of one; empty: all
    sha256: str  # of the received bytes; empty: all
    date_created: datetime
    files: int = 0  # that are still to be looked at


class Rechecked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a stored file under today's checks."""

    media: Media
    outcome: RecheckOutcome
    verdicts: list[Verdict] = []  # what was not clean
    openings: list[Opening] = []


class RecheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to, also where it was cut off in between."""

    files: int  # that were looked at
    found: list[Rechecked]  # recalled, held and unsure
