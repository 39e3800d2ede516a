"""The gate: everything that looks at a file on its way in, handed over as plain values.

What lets a file on is the outcome `clean` and nothing else; `STATES` says what becomes of the others, where
the policy says nothing else of a check.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import structs

from vestibule.models import MediaState, Outcome, Verdict
from vestibule.payloads import SettleMedia
from vestibule.ports import Check, Storage, StreamCheck

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

SILENCE = ("timeout", "error")  # outcomes that say nothing of the file: a check that holds it is asked again


class Admit(Protocol):
    """Whether such a file may be sent at all, by what its sender says of it."""

    def __call__(self, filename: str, declared_type: str, size: int | None, role: str) -> Verdict: ...


class JudgeHead(Protocol):
    """Whether the first bytes are what the name and the declared type say, and allowed."""

    def __call__(self, filename: str, declared_type: str, head: bytes, role: str) -> Verdict: ...


async def no_fingerprint(storage: Storage, key: str) -> str:
    """For a gate that knows no pictures."""
    return ""


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
    tries: int = 3  # of a check that answers `error`
    pause: float = 0.3  # seconds between the tries
    policy: str = ""  # the version of the policy; every verdict names it
    states: Mapping[str, Mapping[Outcome, MediaState]] = field(default_factory=dict)  # by check
    fingerprint: Callable[[Storage, str], Awaitable[str]] = no_fingerprint  # a picture's bits in hex, or ""
    on_verdict: Callable[[str, str], None] = lambda check, outcome: None  # for the numbers

    def state_of(self, verdict: Verdict) -> MediaState:
        """What becomes of a file for which this verdict decides."""
        return self.states.get(verdict.check, STATES).get(verdict.outcome) or STATES[verdict.outcome]

    def reason_of(self, verdict: Verdict) -> str:
        """The key of the catalogue that people read; empty for `clean`."""
        if verdict.outcome in SILENCE and self.state_of(verdict) == "held":
            return "check_waiting"
        return "" if verdict.is_clean else verdict.reason or REASONS[verdict.outcome]

    def decisive(self, verdicts: Iterable[Verdict]) -> Verdict:
        """The verdict that counts: a refusal before a hold, and either before what is clean."""
        known = list(verdicts)
        for state in ("refused", "held"):
            for verdict in known:
                if self.state_of(verdict) == state:
                    return verdict
        return known[-1] if known else Verdict(outcome="error", check="gate", detail="no check looked")

    def stamped(self, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
        """The same verdicts, each with the policy under which it was given."""
        return tuple(structs.replace(verdict, policy=self.policy) for verdict in verdicts)

    def closing(self, media_sid: str, last: Verdict, verdicts: Iterable[Verdict] = ()) -> SettleMedia:
        """What closes a file for which `last` decides, after other `verdicts`."""
        told = self.stamped((*verdicts, last))
        return SettleMedia(media_sid, self.state_of(last), self.reason_of(last), told)
