"""Quotas: how many files, and how many bytes, one identity may send. Counted where the file's record is made.

The records count, so that neither another connection, another node nor a restart makes anybody new. What was
refused or taken back counts as well: it was received.
"""

from __future__ import annotations

import math

import msgspec

from vestibule.context import Context
from vestibule.errors import TooManyRequests
from vestibule.ports import Transaction

MINUTE, DAY = 60.0, 24 * 3600.0  # seconds
SOON = 5.0  # seconds in which one of the files that arrive may be through
STAFF = "reviewMedia"  # whoever may open what was held is no visitor


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What one identity may send; None: as much as they like."""

    files: int | None = 10  # a minute
    size: int | None = 100_000_000  # bytes a day
    at_once: int | None = 3


UNLIMITED = Quota(files=None, size=None, at_once=None)


class Quotas(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a house. The house itself has none."""

    visitors: Quota = Quota()
    staff: Quota = UNLIMITED

    @classmethod
    def off(cls) -> Quotas:
        return cls(visitors=UNLIMITED)


QUOTAS = Quotas()


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What one identity sent of late."""

    files: int  # in the last minute
    oldest_of_minute: float | None  # seconds since 1970
    size: int  # bytes in the last day
    oldest_of_day: float | None
    arriving: int


def keep(tx: Transaction, ctx: Context, quotas: Quotas, size: int | None) -> None:
    """Raise `TooManyRequests` if one more file, of `size` bytes where that was said, is too much."""
    if ctx.is_system:
        return
    quota = quotas.staff if ctx.may(tx, STAFF) else quotas.visitors
    if quota == UNLIMITED:
        return
    who = {"service_sid": ctx.service_sid, "author": ctx.identity}
    spent = tx.one(Spent, "sent_of_late", **who, minute=tx.now - MINUTE, day=tx.now - DAY)
    if spent:
        _judge(quota, spent, size or 0, tx.now)


def _judge(quota: Quota, spent: Spent, size: int, now: float) -> None:
    if quota.at_once is not None and spent.arriving >= quota.at_once:
        raise _refused("files are being sent already", "Please wait until they are through.", SOON)
    if quota.files is not None and spent.files >= quota.files:
        wait = (spent.oldest_of_minute or now) + MINUTE - now
        raise _refused("files were sent within a minute", "Please wait a moment, then send the others.", wait)
    if quota.size is not None and spent.size + max(1, size) > quota.size:
        wait = (spent.oldest_of_day or now) + DAY - now
        raise _refused(
            "bytes were sent within a day", "Please send a smaller file, or come back later.", wait
        )


def _refused(what: str, advice: str, wait: float) -> TooManyRequests:
    return TooManyRequests(f"Too many {what}.", advice=advice, retry_after=max(1, math.ceil(wait)))
