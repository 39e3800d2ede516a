"""Decisions: what becomes of a file by what its checks said.

What lets a file on is the outcome `clean` and nothing else; `STATES` says what becomes of the others, where
the policy says nothing else of a check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec import structs

from vestibule.models import MediaState, Outcome, Verdict
from vestibule.payloads import SettleMedia

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


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """One policy's."""

    policy: str = ""  # its version; every verdict names it
    states: Mapping[str, Mapping[Outcome, MediaState]] = field(default_factory=dict)  # by check

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
