"""The corpus: files that people send, and files that are meant to harm, each with what a perfect gate does.

from tests.corpus import corpus

Nothing here is tuned to what the gate does today: a specimen has bytes, a name and a declared type as a
real sender would give them, and says what ought to happen.
"""

from __future__ import annotations

from functools import cache

from tests.corpus.specimens import Specimen

__all__ = ["Specimen", "corpus"]


@cache
def corpus() -> tuple[Specimen, ...]:
    """Every specimen that can be made here; those of other people where their packages are installed."""
    from tests.corpus import benign, hostile

    found = (*hostile.HOSTILE, *benign.BENIGN)
    names = [specimen.id for specimen in found]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, twice
    return found
