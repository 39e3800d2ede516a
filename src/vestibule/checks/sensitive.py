"""Sensitive content: card numbers, bank accounts and credentials in what people write and send.

Nobody is accused: most who send such a thing do not know what becomes of it. So by default a file is flagged,
for agents to see, and goes its way. What was found is never told, in no verdict and no log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec

from vestibule import __version__
from vestibule.checks.archive_limits import LIMITS, Limits
from vestibule.checks.archives import ROOM
from vestibule.checks.content_types import family_of
from vestibule.checks.detectors.search import DETECTORS, Hits, summary
from vestibule.checks.policies.document import Notice
from vestibule.checks.rebuilding import fetched, outputs
from vestibule.checks.sandbox import Answer, Sandbox
from vestibule.errors import ConfigurationError, StorageMissing
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

Actions = Mapping[str, Notice]

KINDS = tuple(DETECTORS)  # card_number, iban, secret: also the words of `Media.flags`
FLAG: Actions = dict.fromkeys(KINDS, "flag")
# The roles with which agents and the house itself send: an agent who takes a chat administers its channel.
STAFF = frozenset({"channel admin", "agent", "service admin", "system"})

FAMILIES = ("text", "pdf", "zip")
OUTPUTS = ("second", "third", "spare")  # for archives within archives, and a PDF within one
CHARACTERS = 50_000_000  # of one file
PAGES = 1_000  # of one PDF
SECONDS = 30.0  # of CPU: text that was made to be slow takes that for 60 MB
ACTIONS: tuple[tuple[Notice, Outcome], ...] = (("refuse", "refused"), ("hold", "suspicious"))


class Found(msgspec.Struct, frozen=True):
    """The word of `wording.search`. It came from a child, so it is taken for what it is: strings."""

    hits: dict[str, Hits]
    left: str = ""


@dataclass(slots=True)
class SensitiveCheck:
    """Looks through texts, PDFs, Office documents and archives of these. See the port `Check`.

    `on` says what becomes of a file in which something of each kind is found; a kind that is not named is
    flagged. `on_outgoing` says where it is otherwise for files of `staff`. Raises `ConfigurationError`.
    """

    sandbox: Sandbox
    on: Actions = field(default_factory=lambda: FLAG)
    on_outgoing: Actions = field(default_factory=dict)
    staff: frozenset[str] = STAFF
    limits: Limits = LIMITS  # of archives
    folder: Path | None = None  # for temporary files, as large as the limits unpack; None: the system's
    seconds: float = 180.0  # waiting for a place in the sandbox included

    name = "sensitive"

    def __post_init__(self) -> None:
        self.on = _whole(self.on, FLAG)
        self.on_outgoing = _whole(self.on_outgoing, self.on)

    def applies(self, specimen: Specimen) -> bool:
        return family_of(specimen.content_type) in FAMILIES and bool(self._kinds(specimen))

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        family = family_of(specimen.content_type)
        key = await _newest(specimen, storage, family)
        async with fetched(key, storage, self.folder) as file:
            answer = await self._searched(file, specimen, family)
        if not answer.is_clean:
            return self._unread(specimen, answer)
        found = msgspec.convert(answer.value, Found)
        return self._finding(specimen, found, answer.milliseconds)

    async def _searched(self, file: Path | BinaryIO, specimen: Specimen, family: str) -> Answer:
        told = {
            "family": family,
            "kinds": self._kinds(specimen),
            "characters": CHARACTERS,
            "pages": PAGES,
            "limits": msgspec.to_builtins(self.limits),
        }
        with outputs(OUTPUTS, self.folder) as files:
            room = self.limits.unpacked + ROOM
            return await self.sandbox.run("wording.search", file, files, told, seconds=SECONDS, output=room)

    def _actions(self, specimen: Specimen) -> Actions:
        return self.on_outgoing if specimen.role in self.staff else self.on

    def _kinds(self, specimen: Specimen) -> list[str]:
        return [kind for kind, action in self._actions(specimen).items() if action != "ignore"]

    def _finding(self, specimen: Specimen, found: Found, milliseconds: float) -> Finding:
        actions = self._actions(specimen)
        flags = tuple(kind for kind in KINDS if kind in found.hits and actions[kind] != "ignore")
        outcome = next((end for action, end in ACTIONS if action in map(actions.get, flags)), None)
        detail = summary(found.hits)
        if found.left:
            detail = f"{detail}; not read: {found.left}".removeprefix("; ")
        if outcome:
            return Finding(verdict=self._verdict(outcome, "sensitive", detail, milliseconds), flags=flags)
        if found.left and self._may_stop(specimen):
            return Finding(verdict=self._verdict("suspicious", "check_pending", detail, milliseconds))
        return Finding(verdict=self._verdict("clean", "", detail, milliseconds), flags=flags)

    def _unread(self, specimen: Specimen, answer: Answer) -> Finding:
        """Who only wants to be told is not stopped by what cannot be read; who wants to stop it, is."""
        detail = f"not read: {answer.detail or answer.reason}"
        if self._may_stop(specimen):
            return Finding(verdict=self._verdict(answer.outcome, answer.reason, detail, answer.milliseconds))
        return Finding(verdict=self._verdict("clean", "", detail, answer.milliseconds))

    def _may_stop(self, specimen: Specimen) -> bool:
        return not {"hold", "refuse"}.isdisjoint(self._actions(specimen).values())

    def _verdict(self, outcome: Outcome, reason: str, detail: str, milliseconds: float) -> Verdict:
        return Verdict(
            outcome=outcome,
            check=self.name,
            reason=reason,
            detail=detail[:1000],
            version=__version__,
            milliseconds=milliseconds,
        )


def _whole(actions: Actions, others: Actions) -> Actions:
    """Every kind with its action, or that of `others`. Raises `ConfigurationError`."""
    for kind, action in actions.items():
        if kind not in KINDS:
            raise ConfigurationError(f"There is no sensitive content {kind!r}: it is {', '.join(KINDS)}.")
        if action not in get_args(Notice):
            raise ConfigurationError(
                f"{kind!r} cannot be {action!r}: it is one of {', '.join(get_args(Notice))}."
            )
    return {**others, **actions}


async def _newest(specimen: Specimen, storage: Storage, family: str) -> str:
    """The copy that was made of a text or PDF, which is what others get; else what was sent."""
    copy = f"quarantine/{specimen.media_sid}/safe"
    if family != "zip":
        try:
            await storage.size(copy)
        except StorageMissing:
            pass
        else:
            return copy
    return f"quarantine/{specimen.media_sid}/original"
