"""Good files made bad, as by somebody who knows their format: a few changes, near the records that count."""

from __future__ import annotations

import os
import re
import signal
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))  # of each test; 0: the same few in each run
INTERESTING = (0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
SECONDS = 5.0  # that one example may take, on a busy machine

Change = Callable[[bytes], bytes]


def fuzzed(examples: int = 100) -> settings:
    """Half as many examples, the same in each run; or as many other ones as `make fuzz` asks for."""
    return settings(
        max_examples=max(1, EXAMPLES * examples // 100) if EXAMPLES else examples // 2,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# Where nesting reaches Python's limit, so does what the collector calls just then; that is nobody's fault.
nested_deeply = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Stuck(BaseException):
    """A parser went on for too long. No parser may catch it."""


@contextmanager
def bounded(*, seconds: float = SECONDS) -> Iterator[None]:
    """Whatever is done within ends in time."""

    def ring(*_: object) -> None:
        raise Stuck(f"It went on for {seconds:g} s.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def frugal(most: int) -> Iterator[None]:
    """Whatever is done within allocates no more than `most` bytes of Python's at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] <= most
    finally:
        tracemalloc.stop()


@cache
def _marks(content: bytes, mark: bytes) -> tuple[int, ...]:
    return tuple(found.start() for found in re.finditer(mark, content, re.DOTALL)) or (0,)


def mutated(seeds: Sequence[bytes], mark: bytes = b"") -> st.SearchStrategy[bytes]:
    """One of the seeds after one to four changes. `mark` is a pattern for where its records begin."""

    @st.composite
    def make(draw: st.DrawFn) -> bytes:
        content = draw(st.sampled_from(seeds))
        for _ in range(draw(st.integers(1, 4))):
            content = _changed(draw, content, seeds, mark)
        return content

    return make()


def _changed(draw: st.DrawFn, content: bytes, seeds: Sequence[bytes], mark: bytes) -> bytes:
    at = _place(draw, content, mark)
    match draw(st.sampled_from("flip number cut double splice end put".split())):
        case "flip" if at < len(content):
            bit = 1 << draw(st.integers(0, 7))
            return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
        case "number":
            width = draw(st.sampled_from([1, 2, 4, 8]))
            value = draw(st.sampled_from(INTERESTING) | st.integers(0, 1000)) % (1 << 8 * width)
            number = value.to_bytes(width, draw(st.sampled_from(["little", "big"])))
            return content[:at] + number + content[at + width :]
        case "cut":
            return content[:at] + content[at + draw(st.integers(1, 400)) :]
        case "double":
            return content[:at] + content[at : at + draw(st.integers(1, 400))] + content[at:]
        case "splice":
            other = draw(st.sampled_from(seeds))
            return content[:at] + other[_place(draw, other, mark) :]
        case "end":
            return content[:at]
        case _:
            return content[:at] + draw(st.binary(max_size=20)) + content[at:]


def _place(draw: st.DrawFn, content: bytes, mark: bytes) -> int:
    """Anywhere, or within the first bytes of a record."""
    if mark and draw(st.booleans()):
        begin = _marks(content, mark)
        return begin[draw(st.integers(0, 1 << 16)) % len(begin)] + draw(st.integers(0, 48))
    return draw(st.integers(0, 1 << 31)) % (len(content) + 1)
