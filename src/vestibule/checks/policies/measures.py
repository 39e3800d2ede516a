"""Measures as people write them: `"25 MiB"`, `"7d"`. A plain number is bytes, or seconds."""

from __future__ import annotations

import re
from typing import Any

UNITS = {"": 1, "B": 1, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "KB": 10**3, "MB": 10**6, "GB": 10**9}
SPANS = {"": 1.0, "S": 1.0, "M": 60.0, "MIN": 60.0, "H": 3600.0, "D": 86400.0}
_WRITTEN = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]{0,3})\s*")


class Size(int):
    """Bytes."""


class Span(float):
    """Seconds."""


def decoded(kind: type, value: Any) -> Any:
    """For msgspec: a value of a policy as a `Size` or a `Span`. Raises `ValueError`."""
    if kind is Size:
        return Size(_measured(value, UNITS, 'a size such as "25 MiB"'))
    if kind is Span:
        return Span(_measured(value, SPANS, 'a time such as "30s", "4h" or "7d"'))
    raise NotImplementedError(kind)


def encoded(value: Any) -> Any:
    """The other way, as a plain number."""
    if isinstance(value, Size):
        return int(value)
    if isinstance(value, Span):
        return float(value)
    raise NotImplementedError(type(value))


def _measured(value: Any, units: dict[str, Any], wanted: str) -> Any:
    match = _WRITTEN.fullmatch(value if isinstance(value, str) else f"{value}")
    if isinstance(value, bool) or not isinstance(value, str | int | float) or match is None:
        raise ValueError(f"{value!r} is not {wanted}")
    number, unit = match[1], match[2].upper()
    if unit not in units:
        raise ValueError(f"{value!r} is not {wanted}")
    return float(number) * units[unit]
