"""Again: what could not be told is tried once more when somebody asked for it, in whatever order."""

from __future__ import annotations

import asyncio

import msgspec
import structlog

from vestibule.gateways.webhooks import letters, records
from vestibule.gateways.webhooks.delivery import Courier
from vestibule.gateways.webhooks.letters import Letter
from vestibule.models import Event, FailedDelivery
from vestibule.ports import Database, Transaction

log = structlog.get_logger(__name__)

AT_ONCE = 4  # letters on their way
LIMIT = 100  # letters in one look


class Again:
    """Looks after the list of what could not be told."""

    def __init__(self, database: Database, courier: Courier) -> None:
        self._database = database
        self._courier = courier
        self._places = asyncio.Semaphore(AT_ONCE)
        self.count = 0  # letters on the list, at the last look

    async def look(self) -> None:
        """Try what somebody asked for; each once."""
        wanted = await self._database.read(
            lambda tx: tx.all(FailedDelivery, "webhook_failures_again", limit=LIMIT)
        )
        await asyncio.gather(*map(self._try, wanted))
        self.count = await self._database.read(lambda tx: tx.value("count_webhook_failures"))

    async def _try(self, failure: FailedDelivery) -> None:
        async with self._places:
            letter = await self._database.read(lambda tx: _letter(tx, failure))
            if letter is None:
                log.info("nobody wants to be told this any more", target=failure.target, seq=failure.seq)
                await self._database.write(records.settled(failure))
            elif error := await self._courier.send(letter, failure.attempts):
                await self._database.write(records.failed_again(failure, error))
            else:
                await self._database.write(records.settled(failure))


def _letter(tx: Transaction, failure: FailedDelivery) -> Letter | None:
    """As the rows say now, whether its address still wants such events or not; None where either is gone."""
    address = letters.address_of(tx, failure.target)
    event = tx.one(Event, "event_at", stream=failure.stream, seq=failure.seq)
    if address is None or event is None:
        return None
    wanted = letters.CALLED[event.kind]
    return letters.letter_of(tx, msgspec.structs.replace(address, filters=wanted, triggers=()), event)
