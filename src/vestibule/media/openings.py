"""Openings: who was given which copy of a file, and when. Kept with the sid and the identity alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from vestibule.context import Context
from vestibule.models import Link, Media, Opening
from vestibule.payloads import DownloadMedia, ReadMedia
from vestibule.ports import Transaction

REMEMBERED = 20_000  # links that were opened lately: a video asks for many ranges of each


class Openings:
    """Stands around the two actions by which bytes are given. One for each process.

    What is noted is durable before the answer goes out. Each link is noted when it is minted and when
    it is first used; after a restart, once more.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def minting(
        self, mint: Callable[[DownloadMedia, Context], Awaitable[Link]]
    ) -> Callable[[DownloadMedia, Context], Awaitable[Link]]:
        async def download(payload: DownloadMedia, ctx: Context) -> Link:
            link = await mint(payload, ctx)
            await _note(payload, ctx, times=0)
            return link

        return download

    def reading(
        self, read: Callable[[ReadMedia, Context], Awaitable[Media]]
    ) -> Callable[[ReadMedia, Context], Awaitable[Media]]:
        async def read_media(payload: ReadMedia, ctx: Context) -> Media:
            media = await read(payload, ctx)
            if self._is_new(payload, ctx):
                await _note(payload, ctx, times=1)
            return media

        return read_media

    def _is_new(self, payload: ReadMedia, ctx: Context) -> bool:
        if not payload.link:
            return True
        key = (payload.media_sid, payload.rendition, ctx.identity, payload.link)
        if key in self._known:
            self._known.move_to_end(key)
            return False
        self._known[key] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return True


def openings(tx: Transaction, media_sid: str) -> list[Opening]:
    """Who opened a file, in the order in which they first did."""
    return tx.all(Opening, "openings", media_sid=media_sid)


async def _note(payload: DownloadMedia | ReadMedia, ctx: Context, times: int) -> None:
    told = {"media_sid": payload.media_sid, "identity": ctx.identity, "rendition": payload.rendition}
    await ctx.database.write(lambda tx: tx.run("note_opening", **told, times=times))
