"""The gate: everything that looks at a file on its way in, handed over as plain values.

What lets a file on is the outcome `clean` and nothing else; `STATES` says what becomes of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from vestibule.media.quota import QUOTAS, Quotas
from vestibule.models import MediaState, Outcome, Verdict
from vestibule.ports import Check, StreamCheck

STATES: Mapping[Outcome, MediaState] = {
    "clean": "clean",
    "infected": "refused",
    "refused": "refused",
    "encrypted": "refused",
    "too_large": "refused",
    "timeout": "refused",
    "error": "refused",
    "suspicious": "held",  # a person decides
    "later": "held",  # a check answers later, or the deadline refuses
}

REASONS: Mapping[Outcome, str] = {
    "infected": "infected",
    "refused": "rule",
    "encrypted": "encrypted",
    "too_large": "too_large",
    "timeout": "check_failed",
    "error": "check_failed",
    "suspicious": "check_pending",
    "later": "check_pending",
}


class Admit(Protocol):
    """Whether such a file may be sent at all, by what its sender says of it."""

    def __call__(self, filename: str, declared_type: str, size: int | None, role: str) -> Verdict: ...


class JudgeHead(Protocol):
    """Whether the first bytes are what the name and the declared type say, and allowed."""

    def __call__(self, filename: str, declared_type: str, head: bytes, role: str) -> Verdict: ...


@dataclass(frozen=True)
class Gate:
    """The checks of a house, in their order, and its patience."""

    safe_name: Callable[[str], str]
    admit: Admit
    limit: Callable[[str, str], int]  # of (filename, role): the most bytes such a file may have
    content_type_of: Callable[[str, bytes], str]  # of (filename, first 4096 bytes); empty if unknown
    judge_head: JudgeHead
    streams: tuple[StreamCheck, ...] = ()
    checks: tuple[Check, ...] = ()
    rebuilt: tuple[str, ...] = ("image/",)  # types of which only a copy made by us is ever served
    patience: float = 10.0  # seconds that an upload waits for its verdict
    most: int = 64  # files at once in one process: more are asked to come again
    quotas: Quotas = QUOTAS
    tries: int = 3  # of a check that answers `error`
    pause: float = 0.3  # seconds between the tries
    on_verdict: Callable[[str, str], None] = lambda check, outcome: None  # for the numbers


def reason_of(verdict: Verdict) -> str:
    """The key of the catalogue that people read; empty for `clean`."""
    return "" if verdict.is_clean else verdict.reason or REASONS[verdict.outcome]
