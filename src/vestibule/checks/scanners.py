"""Scanners: one clamd or several, asked as one. Files are spread over them; who fails rests for a while.

An attempt is one file's way to one daemon. Where that is lost, or says what makes no sense, or is silent
for long, the next daemon gets the same bytes, if they can be given again. The first answer that makes sense
counts; silence of all of them never does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass

from vestibule.checks import clamd
from vestibule.errors import CheckUnavailable, ConfigurationError
from vestibule.models import Outcome

Source = Callable[[], AsyncIterator[bytes]]  # gives the same bytes, from the first on, each time

REACH_SECONDS = 2.0  # to connect, and to be told a version
VERSION_SECONDS = 60.0  # how old the version may be: an old one only means that a verdict counts for less
SILENCE = 5.0  # seconds after which another daemon is asked as well: almost every file takes less than one
REST, LONGEST_REST = 2.0, 60.0  # seconds that a daemon is left alone after a failure, doubled with each
MEANINGLESS = ("error", "timeout")  # outcomes that say nothing about the file
WORST: tuple[Outcome, ...] = ("infected", "encrypted", "too_large", "timeout", "error", "clean")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one daemon, or all of them, came to."""

    outcome: Outcome
    reason: str = ""
    detail: str = ""
    version: str = ""

    @property
    def is_about_the_file(self) -> bool:
        """Whether it stands. That one takes no file of this size is about the daemon: another may."""
        return self.outcome not in MEANINGLESS and self.reason != "too_large"


def worst(answers: Collection[Answer]) -> Answer:
    """The one that decides: what was found by anybody is found."""
    return min(answers, key=lambda answer: WORST.index(answer.outcome))


@dataclass(eq=False)
class Daemon:
    """One clamd: what it last said of itself, and how it fares."""

    name: str  # its address, as the operator wrote it
    address: clamd.Address
    version: str = ""
    trouble: str = ""  # its last failure; empty since it worked
    is_away: bool = False  # whether it could not be reached when it was asked last
    busy: int = 0  # files that it has now
    asked: float = 0.0  # when it last got one, on the monotonic clock
    failures: int = 0  # in a row
    rests_until: float = 0.0
    version_until: float = 0.0

    async def ping(self) -> str:
        """Its version, asked now. Raises `OSError`, `TimeoutError` or `CheckUnavailable`."""
        try:
            async with asyncio.timeout(REACH_SECONDS):
                self.version = await clamd.version(self.address)
        except (OSError, CheckUnavailable) as error:  # a TimeoutError is an OSError
            self._lost(error)
            raise
        self.version_until = time.monotonic() + VERSION_SECONDS
        if self.is_away:
            self.worked()
        return self.version

    async def open(self) -> clamd.Scan:
        """Begin a stream. The version is asked first, so it is never too new. Raises as `ping`."""
        if time.monotonic() >= self.version_until:
            await self.ping()
        try:
            async with asyncio.timeout(REACH_SECONDS):
                return await clamd.Scan.open(self.address)
        except OSError as error:
            self._lost(error)
            raise

    def failed(self, why: str) -> None:
        """Leave it alone for a while. Many files that fail together count once."""
        self.trouble = why
        now = time.monotonic()
        if now >= self.rests_until:
            self.rests_until = now + min(REST * 2**self.failures, LONGEST_REST)
            self.failures = min(self.failures + 1, 16)
        self.version_until = 0.0  # it may come back as another

    def worked(self) -> None:
        self.trouble, self.is_away, self.failures, self.rests_until = "", False, 0, 0.0

    def _lost(self, error: Exception) -> None:
        self.failed(_said(error))
        self.is_away = True

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self.rests_until

    @property
    def signed(self) -> float | None:
        """When its official signatures were made, in seconds since 1970; None if it has none."""
        return clamd.signed(self.version)


class Scanners:
    """The daemons of a house."""

    def __init__(self, addresses: str | Sequence[str], seconds: float = 30.0) -> None:
        """Each address is `unix:/path` or `tcp://host:port`. `seconds` is what one file may take of theirs.

        Raises `ConfigurationError` for another one, for the same twice, and for none.
        """
        names = [addresses] if isinstance(addresses, str) else list(addresses)
        if not names or len(set(names)) < len(names):
            raise ConfigurationError(f"The virus scanners {names} are neither one nor several.")
        self.seconds = seconds
        self.daemons = tuple(Daemon(name, clamd.Address.parse(name)) for name in names)

    def next(self, asked: Collection[Daemon]) -> Daemon | None:
        """Whom to ask: the least busy of those not yet `asked`; else one that rests, if any."""
        left = [daemon for daemon in self.daemons if daemon not in asked]
        ready = [daemon for daemon in left if not daemon.is_resting]
        if ready:
            return min(ready, key=lambda daemon: (daemon.busy, daemon.asked))
        return min(left, key=lambda daemon: daemon.rests_until, default=None)

    async def scan(self, source: Source, seconds: float | None = None) -> Answer:
        """What they say of bytes that can be given again."""
        return await self.settle(None, set(), source, self.seconds if seconds is None else seconds)

    async def settle(
        self, first: Attempt | None, asked: set[Daemon], source: Source | None, seconds: float
    ) -> Answer:
        """The answer to a file, whose `first` attempt is under way. Without a `source` there is no second.

        Ends every attempt. `asked` are the daemons that had the file. Raises what `source` raises.
        """
        race = _Race(self, asked, source, seconds)
        try:
            return await race.run(first)
        finally:
            await race.close()


class Attempt:
    """One file on its way to a daemon that was not yet `asked`: the first that can be reached."""

    def __init__(self, scanners: Scanners, asked: set[Daemon], chunks: AsyncIterator[bytes]) -> None:
        self.daemon: Daemon | None = None
        self._scanners, self._asked = scanners, asked
        self.task = asyncio.create_task(self._run(chunks))

    def result(self) -> Answer:
        """Of one that ended. Raises what its chunks raised."""
        if self.task.cancelled():
            return Answer("error", "check_failed", "given up")
        return self.task.result()

    def give_up(self, why: str) -> None:
        """Hold it against the daemon that this file gets no answer."""
        if self.daemon:
            self.daemon.failed(why)

    async def close(self) -> None:
        """Let go of it. May be called twice."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _run(self, chunks: AsyncIterator[bytes]) -> Answer:
        troubles: list[str] = []
        while daemon := self._scanners.next(self._asked):
            self._asked.add(daemon)
            self.daemon, daemon.asked = daemon, time.monotonic()
            try:
                scan = await daemon.open()
            except (OSError, CheckUnavailable) as error:
                troubles.append(f"{daemon.name}: {_said(error)}")
                continue
            return await self._converse(daemon, scan, chunks)
        return Answer("error", "check_failed", "; ".join(troubles) or "there is nobody else to ask")

    async def _converse(self, daemon: Daemon, scan: clamd.Scan, chunks: AsyncIterator[bytes]) -> Answer:
        version = daemon.version
        daemon.busy += 1
        try:
            whole, reply = await _sent(scan, chunks)
        finally:
            daemon.busy -= 1
            await scan.close()
        outcome, reason, detail = clamd.judge(reply, whole=whole)
        if outcome in MEANINGLESS:
            daemon.failed(detail)
            detail = f"{daemon.name}: {detail}"
        else:
            daemon.worked()
        return Answer(outcome, reason, detail, version)


async def _sent(scan: clamd.Scan, chunks: AsyncIterator[bytes]) -> tuple[bool, bytes]:
    """Whether it took the whole file before it answered, and the answer."""
    async for chunk in chunks:
        if scan.has_answered:
            break
        await scan.send(chunk)
    whole = not scan.has_answered
    reply = await (scan.end() if whole else scan.answer())
    return whole and not scan.is_lost, reply


class _Race:
    """The attempts at one file, one after the other, and side by side where one is silent."""

    def __init__(self, scanners: Scanners, asked: set[Daemon], source: Source | None, seconds: float) -> None:
        self._scanners, self._asked, self._source = scanners, asked, source
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._running: list[Attempt] = []
        self._failures: list[Answer] = []

    async def run(self, first: Attempt | None) -> Answer:
        self._running = [first] if first else []
        while self._running or self._begin_another():
            await self._wait()
            if answers := self._ended():
                return worst(answers)
            if time.monotonic() >= self._until:
                return self._failure("timeout", "no answer within the time there was")
            if self._running:  # and silent
                self._begin_another()
        return self._failure("error", "")

    async def close(self) -> None:
        for attempt in self._running:
            await attempt.close()

    def _begin_another(self) -> bool:
        if self._source is None or self._scanners.next(self._asked) is None:
            return False
        self._running.append(Attempt(self._scanners, self._asked, self._source()))
        return True

    async def _wait(self) -> None:
        """Until one ends, or has been silent for its share of the time."""
        left = max(0.0, self._until - time.monotonic())
        others = len(self._scanners.daemons) - len(self._asked) if self._source else 0
        patience = min(SILENCE, left / (others + 1)) if others else left
        tasks = [attempt.task for attempt in self._running]
        await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)

    def _ended(self) -> list[Answer]:
        """The answers that are about the file, of those that came now.

        Who was asked earlier than one that answers, and is silent, does not work or has too much to do.
        """
        answers: list[Answer] = []
        silent: list[Attempt] = []
        for attempt in self._running:
            if not attempt.task.done():
                silent.append(attempt)
            elif (answer := attempt.result()).is_about_the_file:
                answers.append(answer)
                for earlier in silent:
                    earlier.give_up("silent, while another answered")
            else:
                self._failures.append(answer)
        self._running = silent
        return answers

    def _failure(self, outcome: Outcome, detail: str) -> Answer:
        for answer in self._failures:
            if answer.outcome == "too_large":
                return answer
        details = [answer.detail for answer in self._failures] + ([detail] if detail else [])
        versions = [answer.version for answer in self._failures if answer.version]
        return Answer(outcome, "check_failed", "; ".join(details), versions[-1] if versions else "")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
