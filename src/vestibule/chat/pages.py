"""Pages: a part of a list in the order of creation, from a row on or back from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from vestibule.payloads import After
from vestibule.ports import Transaction

T = TypeVar("T")


class Dated(Protocol):
    """A row of such a list."""

    @property
    def sid(self) -> str: ...
    @property
    def date_created(self) -> datetime: ...


D = TypeVar("D", bound=Dated)


def page(
    tx: Transaction, kind: type[T], place: After, limit: int, *, after: str, before: str, **scope: Any
) -> list[T]:
    """Up to `limit` rows, ascending. `after` and `before` are the queries for the two ways."""
    where = {**scope, "date": place.date, "sid": place.sid, "limit": limit}
    if place.back:
        return tx.all(kind, before, **where)[::-1]
    return tx.all(kind, after, **where)


def part(rows: Iterable[D], place: After, limit: int) -> list[D]:
    """The same of a few rows that are at hand, in whatever order."""
    mark = (place.date, place.sid)
    ordered = sorted((row.date_created.timestamp(), row.sid, row) for row in rows)
    if place.back:
        return [row for date, sid, row in ordered if (date, sid) < mark][-limit:]
    return [row for date, sid, row in ordered if (date, sid) > mark][:limit]
