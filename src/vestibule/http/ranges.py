"""Ranges of bytes (RFC 9110, section 14): which part of a file somebody asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vestibule.errors import RangeNotSatisfiable

_SPEC = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*\Z", re.IGNORECASE | re.ASCII)
RANGES = ("Range", "If-Range", "If-None-Match")  # the headers that say what is wanted
DIGITS = 18  # of a position: more is beyond every file


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`."""

    start: int
    end: int

    def content_range(self, size: int) -> str:
        """The header's value."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def wanted(header: str | None, if_range: str | None, etag: str, size: int) -> Span | None:
    """The span asked for; None means: the whole file.

    A header that we do not understand, several ranges among them, is ignored, as the standard allows.
    Raises `RangeNotSatisfiable`.
    """
    if not header or (if_range is not None and if_range.strip() != etag):
        return None
    match = _SPEC.match(header)
    if match is None or max(map(len, match.groups())) > DIGITS:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, size)
    start = int(first)
    if last and int(last) < start:
        return None  # invalid, so ignored
    if start >= size:
        raise RangeNotSatisfiable(size=size)
    return Span(start, min(int(last) + 1, size) if last else size)


def _suffix(last: str, size: int) -> Span | None:
    """`-500`: the last 500 bytes."""
    if not last:
        return None
    if int(last) == 0 or size == 0:
        raise RangeNotSatisfiable(size=size)
    return Span(max(0, size - int(last)), size)
