"""Specimens that take long to make are made once, as `tests/files` does it with single files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from tests.corpus.specimens import Specimen
from tests.files.cache import HERE, cached

SOURCES = Path(__file__).parent


def made(specimen: Specimen) -> bytes:
    """The bytes of a specimen. Those of other people are read where they are."""
    if specimen.kind == "others' files":
        return specimen.make()
    name = hashlib.sha256(specimen.id.encode()).hexdigest()[:24]
    folder = HERE / "cache" / f"corpus-{_makers()}"
    return cached(name, specimen.make, folder)


@cache
def _makers() -> str:
    """A word for the makers as they are: when one changes, its specimens are made anew."""
    sources = [*sorted(SOURCES.glob("*/*.py")), *sorted(HERE.glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
