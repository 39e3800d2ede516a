"""Delivery: the next letter of a lane, sent; and what follows from the answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog

from vestibule.gateways.webhooks import letters, records
from vestibule.gateways.webhooks.lanes import Key, Lanes
from vestibule.gateways.webhooks.letters import Letter, Read
from vestibule.gateways.webhooks.posting import NoAnswer, Poster, target_of
from vestibule.ports import Database, Transaction

log = structlog.get_logger(__name__)

SECONDS = 15.0  # that one answer is waited for
RETRY = 1.0  # seconds before each of the retries that the service or webhook asks for
# Seconds before each of ours, which come after those: five minutes, for a receiver that starts anew.
PATIENCE = (2.0, 8.0, 30.0, 80.0, 180.0)


class Courier:
    """Sends one letter, and says what went wrong."""

    def __init__(self, poster: Poster, account_sid: str, seconds: float = SECONDS) -> None:
        self._poster = poster
        self._account_sid = account_sid
        self._seconds = seconds

    async def send(self, letter: Letter, attempt: int) -> str:
        """Why it did not arrive; empty when it did."""
        form = letters.whole(letter, self._account_sid, attempt)
        try:
            answer = await self._poster.post(letter.address.url, letter.address.method, form, self._seconds)
        except NoAnswer as error:
            return str(error)
        return "" if answer.is_good else f"answered with status {answer.status}"


class Delivery:
    """Works at lanes, one letter each time."""

    def __init__(
        self,
        database: Database,
        lanes: Lanes,
        courier: Courier,
        *,
        retry: float = RETRY,
        patience: Sequence[float] = PATIENCE,
    ) -> None:
        self._database = database
        self._lanes = lanes
        self._courier = courier
        self._retry = retry
        self._patience = tuple(patience)
        self.outcomes = {"told": 0, "failed": 0, "given_up": 0}

    async def step(self, key: Key) -> None:
        """One letter of a lane, or none; then the lane is given back."""
        read = await self._database.read(partial(_next, key))
        if read.letter is not None:
            await self._take(key, read.letter)
        elif read.begin is not None:
            await self._database.write(records.begun(key, read.begin))
            self._lanes.more(key)
        else:
            await self._skip(key, read)

    async def _skip(self, key: Key, read: Read) -> None:
        if read.skip_to is not None:
            await self._database.write(records.moved(key, read.skip_to, is_end=read.is_end))
        if read.is_last:
            self._lanes.done(key)
        else:
            self._lanes.more(key)

    async def _take(self, key: Key, letter: Letter) -> None:
        origin = _origin(letter)
        if not self._lanes.enter(key, origin):
            return
        try:
            await self._deliver(key, letter)
        finally:
            self._lanes.leave(origin)

    async def _deliver(self, key: Key, letter: Letter) -> None:
        seq = letter.event.seq
        if error := await self._courier.send(letter, self._lanes.attempts(key, seq)):
            self.outcomes["failed"] += 1
            await self._fail(key, letter, error)
        else:
            is_end = letter.event.kind == "ChannelRemoved"
            await self._database.write(records.moved(key, seq, is_end=is_end))
            self.outcomes["told"] += 1
            self._lanes.more(key)

    async def _fail(self, key: Key, letter: Letter, error: str) -> None:
        """Try again later, until there is no patience left."""
        attempts = self._lanes.tried(key, letter.event.seq)
        waits = (*[self._retry] * letter.address.retries, *self._patience)
        if attempts <= len(waits):
            self._lanes.later(key, waits[attempts - 1])
            return
        log.warning("a webhook was not told", target=key[0], stream=key[1], seq=letter.event.seq, error=error)
        await self._database.write(records.given_up(key, letter, error, attempts))
        self.outcomes["given_up"] += 1
        self._lanes.more(key)


def _next(key: Key, tx: Transaction) -> Read:
    return letters.next_letter(tx, *key)


def _origin(letter: Letter) -> str:
    """Scheme, host and port: letters to one and the same wait for one another."""
    try:
        target = target_of(letter.address.url, {})
    except Exception:  # it will fail by itself when it is sent
        return ""
    return f"{target.scheme}://{target.netloc.decode('ascii')}"
