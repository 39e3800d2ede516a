"""A find: where something is in a piece of text, and what staff may be told of it. Never the thing itself."""

from __future__ import annotations

from typing import NamedTuple


class Find(NamedTuple):
    """`start` and `end` are characters of the piece. `told` cannot be turned back into what was found."""

    start: int
    end: int
    told: str
