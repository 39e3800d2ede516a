"""The contract of a check, put to the test: for an operator's own checks, and ours.

Whatever the file, a check answers in time, in the words that there are, and leaves everything else alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import get_args

from vestibule.check_files import BrokenStorage, File, Received, difficult, received_as
from vestibule.checks.table import flaw
from vestibule.models import Outcome
from vestibule.ports import Check, Finding, LateCheck, Specimen

GRACE = 0.5  # seconds beside its budget, on a busy machine
STOPS = 2.0  # seconds that nothing else in the house may wait for a check


class ContractBroken(AssertionError):
    """A check does not keep its contract. The sentence says where."""


async def check_contract(check: Check, *, clean: Iterable[File], bad: Iterable[File]) -> None:
    """Raise `ContractBroken` unless the check keeps its contract.

    `clean` are files that it looks at and lets on, `bad` those that it does not; one of each at least. It
    is also given them damaged, and empty, huge and hostile files of its own making.
    """
    good, evil = tuple(clean), tuple(bad)
    _require(not (reason := flaw(check)), reason)
    _require(bool(good and evil), "Give at least one clean and one bad file: without them little is tested.")
    for file in good:
        await _lets_on(check, file)
    for file in evil:
        await _stops(check, file)
    await _tells_apart(check, good[0], evil[0])
    for what, file in difficult((*good, *evil)):
        await _asked(check, what, file)
        await _given_up(check, what, file)
    await _without_its_file(check, good[0])


async def _lets_on(check: Check, file: File) -> None:
    finding = await _asked(check, f"the clean {file.filename}", file)
    if finding is None:
        raise ContractBroken(f"{check.name!r} does not look at the clean {file.filename}: it does not apply.")
    outcome = finding.verdict.outcome
    _require(outcome == "clean", f"{check.name!r} calls the clean {file.filename} {outcome!r}.")


async def _stops(check: Check, file: File) -> None:
    finding = await _asked(check, f"the bad {file.filename}", file)
    if finding is None:
        raise ContractBroken(f"{check.name!r} does not look at the bad {file.filename}: it does not apply.")
    _require(not finding.verdict.is_clean, f"{check.name!r} calls the bad {file.filename} clean.")


async def _tells_apart(check: Check, clean: File, bad: File) -> None:
    """Two files at once are no reason to mix them up."""
    asked = [_asked(check, "one of several files at once", file) for file in (clean, bad) * 3]
    findings = await asyncio.gather(*asked)
    opened = [finding is not None and finding.verdict.is_clean for finding in findings]
    _require(opened == [True, False] * 3, f"{check.name!r} mixes up files that it looks at together.")


async def _asked(check: Check, what: str, file: File) -> Finding | None:
    """What a check says, if it looks at such a file at all, and whether it may say so."""
    async with received_as(file) as received:
        if not _applies(check, what, received.specimen):
            return None
        before = received.seen()
        finding = await _in_time(check, what, received)
        _require_proper(check, what, finding)
        _require_untouched(check, what, before, received)
        await _require_copies(check, what, finding, received)
        return finding


def _applies(check: Check, what: str, specimen: Specimen) -> bool:
    try:
        answer: object = check.applies(specimen)
    except Exception as error:
        raise ContractBroken(f"`applies` of {check.name!r} raises for {what}: {error!r}.") from error
    _require(isinstance(answer, bool), f"`applies` of {check.name!r} answers {answer!r} for {what}.")
    return bool(answer)


async def _in_time(check: Check, what: str, received: Received) -> Finding:
    began, waited = time.monotonic(), _Waited()
    try:
        async with asyncio.timeout(check.seconds + GRACE), waited:
            finding = await check(received.specimen, received.storage)
    except TimeoutError:
        raise ContractBroken(f"{check.name!r} is silent about {what} for {check.seconds} s.") from None
    except Exception as error:
        sentence = f"{check.name!r} raises {error!r} for {what}. A bad file is a verdict."
        raise ContractBroken(sentence) from error
    spent = time.monotonic() - began
    _require(spent <= check.seconds + GRACE, f"{check.name!r} takes {spent:.1f} s for {what}.")
    _require(
        waited.longest < STOPS,
        f"{check.name!r} stops everything else for {waited.longest:.1f} s while it looks at {what}. "
        "Put long work into `asyncio.to_thread`.",
    )
    return finding


def _require_proper(check: Check, what: str, finding: object) -> None:
    if not isinstance(finding, Finding):
        raise ContractBroken(f"{check.name!r} answers {finding!r} to {what}, which is no verdict.")
    verdict = finding.verdict
    outcomes = get_args(Outcome)
    _require(verdict.outcome in outcomes, f"{check.name!r} answers {verdict.outcome!r}, which no one knows.")
    _require(verdict.check == check.name, f"{check.name!r} signs a verdict with {verdict.check!r}.")
    is_late = verdict.outcome == "later" and not isinstance(check, LateCheck)
    _require(not is_late, f"{check.name!r} answers 'later' to {what}, and has no `later_seconds`.")
    if verdict.is_clean:
        _require(not verdict.reason, f"{check.name!r} has a reason ({verdict.reason!r}) with 'clean'.")
    else:
        _require(bool(verdict.reason), f"{check.name!r} gives no reason for {verdict.outcome!r} of {what}.")
        copies = finding.copies
        _require(not copies, f"{check.name!r} hands on a copy of {what}, which it calls {verdict.outcome!r}.")


def _require_untouched(check: Check, what: str, before: dict[str, str], received: Received) -> None:
    """Only new files, and only in the folder of the file that was looked at."""
    after, own = received.seen(), received.own
    for key, digest in before.items():
        _require(after.get(key) == digest, f"{check.name!r} changes {key} when it looks at {what}.")
    strange = [key for key in after if key not in before and not key.startswith(own)]
    _require(not strange, f"{check.name!r} writes {strange} when it looks at {what}, outside of {own}.")


async def _require_copies(check: Check, what: str, finding: Finding, received: Received) -> None:
    own = received.own
    for copy, key in finding.copies:
        _require(key.startswith(own), f"{check.name!r} has a copy of {what} at {key}, outside of {own}.")
        _require(key in received.seen(), f"{check.name!r} tells of a copy at {key} that is not there.")
        size = await received.storage.size(key)
        _require(size == copy.size, f"{check.name!r} says {copy.size} bytes of a copy that has {size}.")


async def _given_up(check: Check, what: str, file: File) -> None:
    """Given up at once, it ends at once, and leaves nothing running."""
    async with received_as(file) as received:
        if not _applies(check, what, received.specimen):
            return
        others = asyncio.all_tasks()
        asking = asyncio.ensure_future(check(received.specimen, received.storage))
        await asyncio.sleep(0.005)
        asking.cancel()
        done, _ = await asyncio.wait([asking], timeout=STOPS)
        _require(bool(done), f"{check.name!r} does not let itself be given up on {what}.")
        if left := asyncio.all_tasks() - others - {asking}:
            _, left = await asyncio.wait(left, timeout=STOPS)
        _require(not left, f"{check.name!r} leaves tasks behind when it is given up on {what}: {left}.")


async def _without_its_file(check: Check, file: File) -> None:
    """A file that cannot be read may be anything but clean, for a check that reads it."""
    async with received_as(file) as received:
        broken = BrokenStorage(received.folder)
        try:
            async with asyncio.timeout(check.seconds + GRACE):
                finding = await check(received.specimen, broken)
        except Exception:
            return  # so it counts as `error`
        is_open = isinstance(finding, Finding) and finding.verdict.is_clean and broken.was_asked
        _require(not is_open, f"{check.name!r} calls a file clean that it could not read.")


class _Waited:
    """How long nothing else could happen, at the longest."""

    longest = 0.0

    async def __aenter__(self) -> None:
        self._last = time.monotonic()
        self._task = asyncio.create_task(self._tick())
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        self._note()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            self._note()

    def _note(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise ContractBroken(sentence)
