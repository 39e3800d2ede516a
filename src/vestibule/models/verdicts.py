"""Verdicts, and the whole way of a file."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.models.media import Media, MediaState, Rendition
from vestibule.refusals import Refusal

StepKind = Literal["received", "cleared", "held", "refused", "reviewed", "sent", "recalled", "gone"]
Outcome = Literal[
    "clean", "infected", "suspicious", "refused", "encrypted", "too_large", "timeout", "error", "later"
]
Decision = Literal["release", "refuse"]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one check said of a file. Only `clean` opens anything."""

    outcome: Outcome
    check: str
    reason: str = ""  # a key of the catalogue of refusals
    detail: str = ""  # for staff: the signature's name, the scanner's reply
    version: str = ""  # of the check, its engine and signatures
    policy: str = ""  # the version of the policy under which it was given
    milliseconds: float = 0.0
    date_created: datetime | None = None  # when it was written down; None before that

    @property
    def is_clean(self) -> bool:
        return self.outcome == "clean"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One moment in a file's way."""

    kind: StepKind
    date: datetime
    by: str = ""  # identity, where a person did it and whoever reads may know


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """A vote that a check promised and has not cast yet."""

    check: str
    date_created: datetime
    date_expires: datetime  # then silence counts as `timeout`


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Who was given a copy of a file. `times` counts the links they opened it with, not the requests."""

    identity: str
    rendition: Rendition
    date_first: datetime
    date_last: datetime
    times: int  # 0: had a link, and did not open it


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its whole way. Who may not review is told no check, nothing they said, and nobody's name."""

    media: Media
    refusal: Refusal | None = None  # what people read about it, where it is held or refused
    verdicts: list[Verdict] = []  # in order
    steps: list[Step] = []  # in order
    awaited: list[Awaited] = []
    openings: list[Opening] = []  # who was given a copy, in the order in which they first were


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a file that the checks are through with, as they saw it, with their verdicts."""

    sid: str
    filename: str  # as the sender gave it
    declared_type: str
    content_type: str
    size: int  # bytes
    role: str  # of its author there, as it is now
    state: MediaState
    reason: str
    date_created: datetime
    verdicts: tuple[Verdict, ...] = ()
