"""The sandbox: runs decoders on strangers' files in processes that can do nothing else.

A separate process, the nursery, has the decoders loaded and forks one child for each file. The server
itself never forks (it has threads) and never decodes. Whatever a child does costs its own file only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec
import structlog

from vestibule.checks.keeper import BUSY, Keeper, NurseryGone
from vestibule.checks.nursery import wire
from vestibule.checks.nursery.confinement import Limits
from vestibule.checks.places import Places
from vestibule.errors import CheckUnavailable
from vestibule.models import Outcome, Verdict

log = structlog.get_logger(__name__)

DECODERS = tuple(
    f"vestibule.checks.decoders.{name}"
    for name in "images drawings documents video archives contents wording digests likeness".split()
)
MEMORY = 1 << 30  # bytes; a 50 MP photo takes about 500 MB
OUTPUT = 64 << 20  # bytes of one output
SECONDS = 20.0  # of CPU, for one job
STARVED = 0.6  # who crashed with this share of the memory did so for want of more


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a job. Only `clean` says that it was done; then `value` is what it found."""

    outcome: Outcome
    reason: str = ""  # a key of the catalogue of refusals
    detail: str = ""  # for staff
    value: dict[str, Any] = {}
    milliseconds: float = 0.0  # by the clock, from the fork on
    memory: int = 0  # bytes resident at most

    @property
    def is_clean(self) -> bool:
        return self.outcome == "clean"

    def verdict(self, check: str, engine: str) -> Verdict:
        """What the check that asked for the job says of the file."""
        return Verdict(
            outcome=self.outcome,
            check=check,
            reason=self.reason,
            detail=self.detail,
            version=engine,
            milliseconds=self.milliseconds,
        )


class Sandbox:
    """Runs jobs, `workers` at a time, in the order in which they were asked for.

    One that has run for two seconds stands back from then on, and gives up its place for one of the `slow`.
    """

    def __init__(
        self,
        modules: Sequence[str] = DECODERS,
        *,
        workers: int = 2,
        slow: int = 2,
        memory: int = MEMORY,
        output: int = OUTPUT,
    ) -> None:
        """`modules` list their functions under `JOBS`. `memory` and `output` are bytes, for each job."""
        self.memory = memory
        self.output = output
        self._keeper = Keeper(modules)
        self._places = Places(workers, slow)

    async def start(self) -> None:
        """Load the decoders, and see what this kernel enforces. Raises `CheckUnavailable`."""
        await self._keeper.start()
        if missing := self.report()["missing"]:
            log.warning("the sandbox is weaker than it should be", missing=missing)

    async def close(self) -> None:
        """End the nursery and all of its children. May be called twice."""
        await self._keeper.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def report(self) -> dict[str, Any]:
        """What is enforced, and under `missing`, in plain words, what is not. Empty before the start."""
        return self._keeper.report()

    async def run(
        self,
        job: str,
        file: Path | BinaryIO,
        outputs: Mapping[str, BinaryIO] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        seconds: float = SECONDS,
        output: int | None = None,
    ) -> Answer:
        """Run a job on a file, of which the child gets a descriptor that only reads.

        `outputs` are temporary files that the job writes. `seconds` are of CPU; by the clock, from when
        it got its place, a job may take three times as long. Raises only what opening `file` raises.
        """
        limits = Limits(seconds, self.memory, output or self.output)
        async with self._places.one():
            with _reading(file) as descriptor:
                return await self._run(job, descriptor, dict(outputs or {}), dict(options or {}), limits)

    async def _run(
        self, job: str, file: int, outputs: dict[str, BinaryIO], options: dict[str, Any], limits: Limits
    ) -> Answer:
        started = time.perf_counter()
        try:
            ended, said = await self._keeper.run(job, file, outputs, options, limits)
        except TimeoutError:
            answer = Answer(
                outcome="timeout",
                reason="check_failed",
                detail=f"{job}: no end in {limits.seconds * BUSY:g} s",
            )
        except (NurseryGone, CheckUnavailable, OSError) as error:
            answer = _broken(f"{job}: {error}")
        else:
            answer = judged(ended, said, limits)
        spent = (time.perf_counter() - started) * 1000
        return msgspec.structs.replace(answer, milliseconds=spent)


def judged(ended: wire.Ended, said: bytes, limits: Limits) -> Answer:
    """What a child's end and its word come to. A word that makes no sense opens nothing."""
    if ended.status < 0:
        return _killed(ended, limits)
    try:
        reply = wire.from_child.decode(said)
        answer = msgspec.convert(msgspec.to_builtins(reply), Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _broken("The decoder gave no answer.")
    return msgspec.structs.replace(answer, memory=ended.memory)


def _killed(ended: wire.Ended, limits: Limits) -> Answer:
    """By a signal: of the kernel for a limit, or its own when it crashed."""
    starved = ended.memory > STARVED * limits.memory
    reason = "too_complex" if -ended.status in FOR_A_LIMIT or starved else "damaged"
    detail = f"The decoder ended by signal {-ended.status}."
    return Answer(outcome="refused", reason=reason, detail=detail, memory=ended.memory)


FOR_A_LIMIT = {9, 24, 25}  # KILL (the kernel's, for want of memory), XCPU, XFSZ


def _broken(detail: str) -> Answer:
    return Answer(outcome="error", reason="check_failed", detail=detail)


@contextlib.contextmanager
def _reading(file: Path | BinaryIO) -> Iterator[int]:
    """A descriptor that can only read, with a position of its own."""
    path = file if isinstance(file, Path) else f"/proc/self/fd/{file.fileno()}"
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        yield descriptor
    finally:
        os.close(descriptor)
