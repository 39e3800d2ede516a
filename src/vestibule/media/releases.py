"""Releases: what a reviewer has overruled of a file: what held it, never what refused it.

A check that held it is asked again all the same: if it refuses now, that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vestibule.media.decisions import SILENCE
from vestibule.media.gate import Gate
from vestibule.models import Verdict
from vestibule.ports import Check, LateCheck, Transaction

REVIEW = "review"  # the name under which a person's decision stands among the verdicts


@dataclass(frozen=True, slots=True)
class Released:
    """The checks whose hold counts no more for one file, each with the outcome by which it held it."""

    gate: Gate
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Verdict]:
        """What stands for them. It was written into the timeline when it was given."""
        return [Verdict(outcome="clean", check=REVIEW)] if self.checks else []

    def skips(self, check: Check) -> bool:
        """A check that may answer later would only promise once more, unless it had been silent."""
        outcome = self.checks.get(check.name)
        return outcome is not None and outcome not in SILENCE and isinstance(check, LateCheck)

    def without(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """The verdicts that still count."""
        return [verdict for verdict in verdicts if not self._overrules(verdict)]

    def _overrules(self, verdict: Verdict) -> bool:
        return verdict.check in self.checks and self.gate.state_of(verdict) == "held"


def released(tx: Transaction, gate: Gate, media_sid: str) -> Released:
    """What was overruled of this file so far."""
    rows = tx.all(Verdict, "releases", media_sid=media_sid)
    return Released(gate, {row.check: row.outcome for row in rows})


def release(tx: Transaction, gate: Gate, media_sid: str) -> None:
    """Overrule whatever holds the file now, by the last word of each check."""
    last = {verdict.check: verdict for verdict in tx.all(Verdict, "verdicts", media_sid=media_sid)}
    for verdict in last.values():
        if gate.state_of(verdict) == "held":
            tx.run("add_release", media_sid=media_sid, check=verdict.check, outcome=verdict.outcome)
    tx.run("withdraw_votes", media_sid=media_sid)
