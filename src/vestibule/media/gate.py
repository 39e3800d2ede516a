"""The gate: everything that looks at a file on its way in, handed over as plain values.

What their verdicts come to is in `decisions.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from vestibule.media.decisions import Decisions
from vestibule.media.quota import QUOTAS, Quotas
from vestibule.models import MediaState, Verdict
from vestibule.ports import Check, Specimen, Storage, StreamCheck

OnDecision = Callable[[Specimen, Iterable[Verdict], MediaState], None]


class Admit(Protocol):
    """Whether such a file may be sent at all, by what its sender says of it."""

    def __call__(self, filename: str, declared_type: str, size: int | None, role: str) -> Verdict: ...


class JudgeHead(Protocol):
    """Whether the first bytes are what the name and the declared type say, and allowed."""

    def __call__(self, filename: str, declared_type: str, head: bytes, role: str) -> Verdict: ...


async def no_fingerprint(storage: Storage, key: str) -> str:
    """For a gate that knows no pictures."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Gate(Decisions):
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
    keep_originals: float = 0.0  # seconds that the original of a rebuilt file is kept; 0: it is not
    fingerprint: Callable[[Storage, str], Awaitable[str]] = no_fingerprint  # a picture's bits in hex, or ""
    # Of (check, outcome, milliseconds, or 0 where nobody measured): for the numbers.
    on_verdict: Callable[[str, str, float], None] = lambda check, outcome, milliseconds: None
    on_decision: OnDecision = lambda specimen, verdicts, state: None  # for a policy in the shadow
