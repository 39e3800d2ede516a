"""Tidying: what is of no use any more goes, so that nothing grows for ever."""

from __future__ import annotations

import structlog

from vestibule.ports import Database, Transaction

log = structlog.get_logger(__name__)

EVERY = 3600.0  # seconds between two times
KEPT = 30 * 24 * 3600.0  # seconds that what could not be told is kept: as long as a holiday
MOST = 1000  # letters of one target on the list: what a person still looks through, and a page of our command


async def tidy(database: Database) -> None:
    """Drop letters that nobody asked for again, webhooks of channels that are gone, and cursors at rest."""
    if dropped := await database.write(_tidy):
        log.warning("what webhooks could not be told was given up for good", letters=dropped)


def _tidy(tx: Transaction) -> int:
    dropped = tx.run("drop_old_webhook_failures", before=tx.now - KEPT)
    dropped += tx.run("drop_surplus_webhook_failures", most=MOST)
    tx.run("end_webhooks")
    tx.run("drop_lost_webhook_marks")
    tx.run("drop_webhook_marks")
    return dropped
