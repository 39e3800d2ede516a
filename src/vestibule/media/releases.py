"""Releases: what a reviewer has overruled of a file: what held it, never what refused it.

A check that held it is asked again all the same: if it refuses now, that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from vestibule.media.gate import Gate
from vestibule.models import Verdict
from vestibule.ports import Check, LateCheck, Transaction

REVIEW = "review"  # the name under which a person's decision stands among the verdicts


class Named(msgspec.Struct, frozen=True):
    """A row of `releases`."""

    check: str


@dataclass(frozen=True, slots=True)
class Released:
    """The checks whose hold counts no more for one file."""

    gate: Gate
    checks: frozenset[str] = frozenset()

    @property
    def verdicts(self) -> list[Verdict]:
        """What stands for them. It was written into the timeline when it was given."""
        return [Verdict(outcome="clean", check=REVIEW)] if self.checks else []

    def skips(self, check: Check) -> bool:
        """A check that answers later would only promise once more."""
        return check.name in self.checks and isinstance(check, LateCheck)

    def without(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """The verdicts that still count."""
        return [verdict for verdict in verdicts if not self._overrules(verdict)]

    def _overrules(self, verdict: Verdict) -> bool:
        return verdict.check in self.checks and self.gate.state_of(verdict) == "held"


def released(tx: Transaction, gate: Gate, media_sid: str) -> Released:
    """What was overruled of this file so far."""
    names = tx.all(Named, "releases", media_sid=media_sid)
    return Released(gate, frozenset(named.check for named in names))


def release(tx: Transaction, gate: Gate, media_sid: str) -> None:
    """Overrule whatever holds the file now, by the last word of each check."""
    last = {verdict.check: verdict for verdict in tx.all(Verdict, "verdicts", media_sid=media_sid)}
    for verdict in last.values():
        if gate.state_of(verdict) == "held":
            tx.run("add_release", media_sid=media_sid, check=verdict.check)
    tx.run("withdraw_votes", media_sid=media_sid)
