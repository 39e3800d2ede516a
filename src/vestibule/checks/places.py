"""Places: how many jobs run at once. Whoever takes long moves aside, so that what hangs holds nobody up.

There are few places for jobs that take long. While those are all taken a job stays where it is: what is sent
to be slow waits for its like, and the machine's memory is bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BRISK = 2.0  # seconds by the clock: a photo of 24 megapixels takes a third of one


class Places:
    """So many for all, and so many more for those that have run for `brisk` seconds."""

    def __init__(self, quick: int, slow: int, brisk: float = BRISK) -> None:
        self.brisk = brisk
        self._quick = asyncio.Semaphore(quick)
        self._slow = asyncio.Semaphore(slow)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place, in the order of the calls, and have it meanwhile."""
        await self._quick.acquire()
        held = [self._quick]
        moving = asyncio.create_task(self._move(held))
        try:
            yield
        finally:
            moving.cancel()
            held[0].release()

    async def _move(self, held: list[asyncio.Semaphore]) -> None:
        await asyncio.sleep(self.brisk)
        await self._slow.acquire()
        held[0].release()
        held[0] = self._slow
