"""The follower: tells webhooks what happened, from the event log. At least once, in order in each channel.

A target, which is a service (IS) or a channel's webhook (WH), has a cursor in each stream. What comes after
it is told, one event after the other, and the cursor moves once the answer is good. So a restart loses
nothing; it may tell twice what was on its way. Notices of the bus only wake: one that is lost is found by
the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from vestibule.events import Happening, Notice, WebhooksChanged
from vestibule.gateways.webhooks.again import Again
from vestibule.gateways.webhooks.delivery import PATIENCE, RETRY, SECONDS, Courier, Delivery
from vestibule.gateways.webhooks.lanes import Lanes
from vestibule.gateways.webhooks.posting import Poster
from vestibule.gateways.webhooks.targets import Behind, Targets, find_missed, look_after_services
from vestibule.gateways.webhooks.tidying import EVERY, tidy
from vestibule.models import Webhook
from vestibule.ports import Bus, Database
from vestibule.sids import SERVICE

log = structlog.get_logger(__name__)

WORKERS = 32  # letters on their way at once
AT_ONE_ORIGIN = 8  # of these, to one and the same scheme, host and port
LOOK = 60.0  # seconds between two looks for what no notice told
AGAIN = 5.0  # seconds between two looks for what is to be tried again
BROKEN = 30.0  # seconds that a lane waits where we could not even try
GRACE = 2.0  # seconds that letters on their way have at the end


class Follower:
    """Follows the log for all webhooks of a house. One for each house: two would tell everything twice."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        poster: Poster,
        account_sid: str,
        *,
        look: Callable[[Database], Awaitable[None]] | None = None,
        seconds: float = SECONDS,
        retry: float = RETRY,
        patience: Sequence[float] = PATIENCE,
        again: float = AGAIN,
        tidies: float = EVERY,
    ) -> None:
        """`look` is called with each look for what no notice told, for whoever else has to."""
        self._database = database
        self._bus = bus
        self._look_too = look
        self._every = again
        self._tidies = tidies
        courier = Courier(poster, account_sid, seconds)
        self._targets = Targets()
        self._lanes = Lanes(AT_ONE_ORIGIN)
        self._delivery = Delivery(database, self._lanes, courier, retry=retry, patience=patience)
        self._again = Again(database, courier)
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_work: set[asyncio.Task[None]] = set()
        self._changes = 0  # notices of channels' webhooks
        self._stop: Callable[[], None] | None = None
        self._is_closing = False

    def __len__(self) -> int:
        """How many lanes have something to be told."""
        return len(self._lanes)

    def outcomes(self) -> Mapping[str, int]:
        """Letters told, attempts failed, and letters given up, since the start."""
        return self._delivery.outcomes

    def failures(self) -> int:
        """How many letters were on the list of what could not be told, at the last look."""
        return self._again.count

    async def start(self) -> None:
        """Find what was missed, and follow from here on."""
        self._stop = self._bus.listen(self._hear)
        await tidy(self._database)
        await self.look()
        self._begin(self._every_so_often(LOOK, self.look))
        self._begin(self._every_so_often(self._tidies, partial(tidy, self._database)))
        self._begin(self._every_so_often(self._every, self._again.look))
        for _ in range(WORKERS):
            self._begin(self._work())

    async def close(self) -> None:
        """Let what is on its way arrive, for a moment, and stop. May be called twice."""
        self._is_closing = True
        if self._stop is not None:
            self._stop()
        self._lanes.close()
        if at_work := tuple(self._at_work):
            await asyncio.wait(at_work, timeout=GRACE)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def look(self) -> None:
        """Read again who wants what, and find what no notice told."""
        if self._look_too is not None:
            await self._look_too(self._database)
        self._targets.set_services(await self._database.write(look_after_services))
        self._targets.set_channels(await self._webhooks("webhooks"))
        await self._database.write(find_missed)
        await self._wake_those_behind("")

    # Waking

    def _hear(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            if isinstance(notice, Happening):
                for target in self._targets.of(notice):
                    self._lanes.wake((target, notice.stream))
            elif isinstance(notice, WebhooksChanged):
                self._look_again(notice.stream)

    def _look_again(self, stream: str) -> None:
        if stream.startswith(SERVICE):
            self._begin(self._look_at_services())
        else:
            self._changes += 1
            self._begin(self._look_at_channel(stream))

    async def _look_at_services(self) -> None:
        wanted = await self._database.write(look_after_services)
        self._targets.set_services(wanted)
        await self._database.write(find_missed)  # what happened until now woke nobody
        for target in wanted:
            await self._wake_those_behind(target)

    async def _look_at_channel(self, channel_sid: str) -> None:
        webhooks = await self._webhooks("webhooks_in", channel_sid=channel_sid)
        self._targets.set_channel(channel_sid, webhooks)
        for webhook in webhooks:
            self._lanes.wake((webhook.sid, channel_sid))

    async def _webhooks(self, query: str, **values: str) -> list[Webhook]:
        """As they are. What changed meanwhile may have been read as it was before, so once more then."""
        changes, webhooks = -1, list[Webhook]()
        while changes != self._changes:
            changes = self._changes
            webhooks = await self._database.read(lambda tx: tx.all(Webhook, query, **values))
        return webhooks

    async def _wake_those_behind(self, target: str) -> None:
        """In every stream of a target, or of all targets (empty)."""
        for behind in await self._database.read(
            lambda tx: tx.all(Behind, "webhook_streams_behind", target=target)
        ):
            self._lanes.wake((behind.target, behind.stream))

    # Working

    async def _work(self) -> None:
        while not self._is_closing:
            key = await self._lanes.take()
            if not await self._busy(self._delivery.step(key), "a webhook could not be followed"):
                self._lanes.later(key, BROKEN)

    async def _busy(self, work: Awaitable[None], complaint: str) -> bool:
        """Do what the end waits for, a moment; False where it broke."""
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            await work
        except Exception:
            log.exception(complaint)
            return False
        finally:
            self._at_work.discard(task)
        return True

    async def _every_so_often(self, seconds: float, look: Callable[[], Awaitable[None]]) -> None:
        while not self._is_closing:
            await asyncio.sleep(seconds)
            await self._busy(look(), "a look for webhooks failed; the next one tries again")

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("webhooks could not be looked at; the next look tries again", error=repr(error))
