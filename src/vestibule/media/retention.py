"""Retention: what is finished after an interruption, and what is swept because nobody needs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

import structlog

from vestibule.context import Context
from vestibule.media import originals
from vestibule.media.verdicts import Judge
from vestibule.media.votes import Votes
from vestibule.models import Media
from vestibule.payloads import EraseMedia, SettleMedia
from vestibule.ports import Transaction

log = structlog.get_logger(__name__)

EVERY = 60.0  # seconds between two sweeps
ASKED_AGAIN = 20  # files in one sweep: a scanner that comes back is not run over


class Retention:
    """Keeps the promise that no file stays half-way. One for each process."""

    def __init__(
        self,
        judge: Judge,
        house: Callable[[str], Context],
        *,
        unsent: float = 24 * 3600,
        held: float = 7 * 24 * 3600,
    ) -> None:
        """`house` makes the house's own context in a service. `unsent`: seconds that an upload waits for
        its message; `held`: seconds until a held file is refused."""
        self._judge = judge
        self._votes = Votes(judge)
        self._house = house
        self._unsent = unsent
        self._held = held
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Finish what the last process left, then sweep from time to time."""
        await self.recover()
        self._sweeping = asyncio.create_task(self._forever())

    async def close(self) -> None:
        if self._sweeping:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)

    async def recover(self) -> None:
        """Uploads that broke off are gone; files whose checks were cut off are checked again."""
        for media in await self._files("media_unfinished"):
            if media.state == "received":
                await self._drop(media)
            else:
                log.info("checking again", media_sid=media.sid)
                self._judge.again(media, self._house(media.service_sid))
        await self._votes.close_overdue(self._house)
        await self._drop_originals(time.time())
        await self._erase()
        await self._clear()

    async def sweep(self) -> None:
        """Drop what was never sent, refuse what was held too long, erase what is left over."""
        now = time.time()
        for media in await self._files("media_unclaimed", before=now - self._unsent):
            await self._drop(media)
        for media in await self._files("media_overdue", before=now - self._held):
            await self._house(media.service_sid).invoke(
                SettleMedia(media.sid, "refused", "check_failed", verdicts=())
            )
        await self._votes.close_overdue(self._house)
        await self.ask_again()
        await self._drop_originals(now)
        await self._erase()

    async def ask_again(self) -> None:
        """Judge files again that wait for a check that was silent, a few at a time."""
        for media in await self._files("media_waiting", limit=ASKED_AGAIN):
            house = self._house(media.service_sid)
            if await house.database.write(partial(_retry, media.sid)):
                self._judge.again(media, house)

    async def _forever(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sweep()
            except Exception:
                log.exception("a sweep failed; the next one tries again")

    async def _drop(self, media: Media) -> None:
        house = self._house(media.service_sid)
        who = {"service_sid": media.service_sid, "sid": media.sid}
        if await house.database.write(lambda tx: tx.run("take_back_media", **who)):
            await house.invoke(EraseMedia((media.sid,)))

    async def _drop_originals(self, now: float) -> None:
        """Those that were kept long enough, by the policy as it is now."""
        house = self._house("")
        for media in await self._files("originals_overdue", before=now - self._judge.gate.keep_originals):
            await house.storage.delete(f"quarantine/{media.sid}/")  # first: what fails is tried again
            await house.database.write(partial(_forget_original, media.sid))

    async def _erase(self) -> None:
        for media in await self._files("media_unerased"):
            await self._house(media.service_sid).invoke(EraseMedia((media.sid,)))

    async def _clear(self) -> None:
        """Throw away originals of files that are out already: the process died before it came to it."""
        house = self._house("")
        for sid in {key.split("/")[1] async for key in house.storage.list("quarantine/")}:
            state, is_kept = await house.database.read(partial(_state, sid))
            if state == "clean" and is_kept:
                await originals.clear_beside(sid, house.storage)
            elif state == "clean":
                await house.storage.delete(f"quarantine/{sid}/")

    async def _files(self, query: str, **values: float) -> list[Media]:
        return await self._house("").database.read(lambda tx: tx.all(Media, query, **values))


def _retry(media_sid: str, tx: Transaction) -> int:
    return tx.run("retry_media", sid=media_sid)


def _state(media_sid: str, tx: Transaction) -> tuple[str | None, bool]:
    return tx.value("media_state", sid=media_sid), originals.is_kept(tx, media_sid)


def _forget_original(media_sid: str, tx: Transaction) -> None:
    tx.run("forget_original", sid=media_sid)
