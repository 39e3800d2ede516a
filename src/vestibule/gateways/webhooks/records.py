"""Records: how far each target was told, and what it could not be told. Each is one change."""

from __future__ import annotations

from collections.abc import Callable

from vestibule.gateways.webhooks.lanes import Key
from vestibule.gateways.webhooks.letters import Letter
from vestibule.models import FailedDelivery
from vestibule.ports import Transaction
from vestibule.sids import WEBHOOK

Change = Callable[[Transaction], None]


def begun(key: Key, seq: int) -> Change:
    """A target's first cursor in a stream."""

    def change(tx: Transaction) -> None:
        tx.run("add_webhook_mark", target=key[0], stream=key[1], seq=seq)

    return change


def moved(key: Key, seq: int, *, is_end: bool) -> Change:
    """Up to this event the target was told what it wanted."""

    def change(tx: Transaction) -> None:
        tx.run("set_webhook_mark", target=key[0], stream=key[1], seq=seq)
        if is_end:
            _end(tx, key[0])

    return change


def given_up(key: Key, letter: Letter, error: str, attempts: int) -> Change:
    """The target could not be told of this event: it is put on the list, and the next one is told."""

    def change(tx: Transaction) -> None:
        tx.run(
            "add_webhook_failure",
            target=key[0],
            stream=key[1],
            seq=letter.event.seq,
            event_type=letter.event_type,
            error=error,
            attempts=attempts,
        )
        tx.run("set_webhook_mark", target=key[0], stream=key[1], seq=letter.event.seq)

    return change


def settled(failure: FailedDelivery) -> Change:
    """What could not be told is told now, or never will be: off the list."""

    def change(tx: Transaction) -> None:
        tx.run("delete_webhook_failure", id=failure.id)
        _end(tx, failure.target)

    return change


def failed_again(failure: FailedDelivery, error: str) -> Change:
    """It stays on the list, until somebody asks again."""

    def change(tx: Transaction) -> None:
        tx.run("set_webhook_failure", id=failure.id, error=error)

    return change


def _end(tx: Transaction, target: str) -> None:
    """A webhook whose channel is gone goes too, unless there is something left that it was not told."""
    if target.startswith(WEBHOOK) and tx.run("end_webhook", sid=target):
        tx.run("delete_webhook_marks", target=target)
