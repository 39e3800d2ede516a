"""Judged files: what is kept of each, so that another policy can be asked what it would have decided."""

from __future__ import annotations

from msgspec import structs

from vestibule.context import Context
from vestibule.models import Judged, Verdict
from vestibule.payloads import ListJudged
from vestibule.ports import Transaction


async def list_judged(payload: ListJudged, ctx: Context) -> list[Judged]:
    """The files that were judged last, the newest first, with all that was said of them."""

    def query(tx: Transaction) -> list[Judged]:
        rows = tx.all(Judged, "media_judged_lately", service_sid=ctx.service_sid, limit=payload.limit)
        return [structs.replace(row, verdicts=_verdicts(tx, row.sid)) for row in rows]

    return await ctx.look(query)


def _verdicts(tx: Transaction, media_sid: str) -> tuple[Verdict, ...]:
    return tuple(tx.all(Verdict, "verdicts", media_sid=media_sid))
