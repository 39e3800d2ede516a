"""Simulation: what another policy would have decided, by what is kept of a file. No byte is read.

What a policy would have let in that was refused before its checks came to it is `checking`: only they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from vestibule.checks.documents import DISARMED, PdfCheck
from vestibule.checks.policies.reading import Written
from vestibule.http import Metrics
from vestibule.media.decisions import Decisions
from vestibule.models import Judged, MediaState, Verdict

log = structlog.get_logger(__name__)

# These ask the policy's own list, and give these reasons; what they refused no other check has seen.
LISTS = ("policy", "filetype")
BY_LIST = ("type_not_accepted", "too_large")


class Seen(Protocol):
    """A file as the checks saw it: a `Judged` one, or a specimen."""

    @property
    def filename(self) -> str: ...
    @property
    def declared_type(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a file, and why: a key of the catalogue of refusals."""

    state: MediaState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A file of which another policy would have decided otherwise."""

    file: Judged
    would_be: Decision


class Simulation:
    """Decides by one policy, after the fact."""

    def __init__(self, written: Written) -> None:
        self.written = written

    def differences(self, files: Iterable[Judged]) -> list[Difference]:
        """The files of which this policy would have decided otherwise."""
        decided = ((file, self.decide(file, file.verdicts)) for file in files)
        return [Difference(file, would_be) for file, would_be in decided if is_other(file.state, would_be)]

    def decide(self, file: Seen, verdicts: Sequence[Verdict]) -> Decision:
        """What this policy makes of a file of which its checks said so."""
        policy, role = self.written.policy, file.role
        admitted = policy.admit(file.filename, file.declared_type, file.size or None, role)
        if not admitted.is_clean:
            return Decision("refused", admitted.reason)
        if file.content_type and policy.limit(file.content_type, role) < file.size:
            known = policy.allows(file.content_type, role)
            return Decision("refused", "too_large" if known else "type_not_accepted")
        return self._by_verdicts(self._counting(verdicts))

    def _counting(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """The last word of each check that this policy has; of its own list nothing old counts."""
        last = {verdict.check: verdict for verdict in verdicts}
        rules = self.written.document.rules
        return [verdict for verdict in last.values() if rules(verdict.check).enabled]

    def _by_verdicts(self, verdicts: list[Verdict]) -> Decision:
        ours = self.written.document
        states = {verdict.check: ours.states(verdict.check) for verdict in verdicts}
        decisions = Decisions(policy=self.written.version, states=states)
        seen = [verdict for verdict in verdicts if not _is_of_a_list(verdict)]
        if not seen or len(seen) < len(verdicts):  # a list refused it, and no check came to it
            return Decision("checking")
        last = decisions.decisive(seen)
        if last.is_clean and ours.documents.active == "refuse" and any(map(_was_disarmed, seen)):
            return Decision("refused", "active_content")
        return Decision(decisions.state_of(last), decisions.reason_of(last))


class Shadow:
    """A second policy at the side of the one that decides. It only tells."""

    def __init__(self, written: Written, metrics: Metrics) -> None:
        self._simulation = Simulation(written)
        self._metrics = metrics

    def __call__(self, file: Seen, verdicts: Iterable[Verdict], state: MediaState) -> None:
        """Compare. Whatever goes wrong here costs no file."""
        try:
            would_be = self._simulation.decide(file, tuple(verdicts))
        except Exception:
            log.exception("the policy in the shadow could not decide")
            return
        if is_other(state, would_be):
            self._metrics.shadow_decision(state, would_be.state)
            log.info(
                "the policy in the shadow would decide otherwise",
                policy=self._simulation.written.version,
                was=state,
                would_be=would_be.state,
                reason=would_be.reason,
            )


def is_other(state: MediaState, would_be: Decision) -> bool:
    """Whether people would notice. A file that was recalled had been let in."""
    return would_be.state != ("clean" if state == "recalled" else state)


def _is_of_a_list(verdict: Verdict) -> bool:
    return verdict.check in LISTS and verdict.reason in BY_LIST


def _was_disarmed(verdict: Verdict) -> bool:
    return verdict.check == PdfCheck.name and verdict.detail.startswith(DISARMED)
