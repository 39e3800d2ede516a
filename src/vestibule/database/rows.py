"""From rows to models: column by column, with the few columns that hold more than one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from vestibule.models import Media, Role, Service, Webhook

T = TypeVar("T")

Row = dict[str, Any]


def to_model(kind: type[T], row: Row) -> T:
    """Make a `kind` of a row. Columns that it does not have are left out."""
    if prepare := _PREPARE.get(kind):
        prepare(row)
    # Lax: SQLite knows neither booleans nor times.
    return msgspec.convert(row, kind, strict=False)


def _split_permissions(row: Row) -> None:
    row["permissions"] = row["permissions"].split()


def _decoding(*columns: str) -> Callable[[Row], None]:
    def decode(row: Row) -> None:
        for name in columns:
            row[name] = msgspec.json.decode(row[name])

    return decode


_PREPARE: Mapping[type, Callable[[Row], None]] = {
    Role: _split_permissions,
    Media: _decoding("renditions", "flags"),
    Service: _decoding("settings"),
    Webhook: _decoding("filters", "triggers"),
}
