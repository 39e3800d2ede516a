"""Renditions: reading a file's copies. A link is minted for one viewer, and asked about at each use."""

from __future__ import annotations

from vestibule.context import Context
from vestibule.errors import InvalidRequest, NotFound
from vestibule.links import Links
from vestibule.media import records
from vestibule.media.openings import openings
from vestibule.models import Link, Media, Rendition, Timeline, Verdict
from vestibule.payloads import DownloadMedia, FetchMedia, FetchTimeline, FindMedia, ReadMedia
from vestibule.ports import Transaction


class Renditions:
    """Mints links, for the action `DownloadMedia`."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def download(self, payload: DownloadMedia, ctx: Context) -> Link:
        """Mint a link to a copy of a clean file."""
        if payload.disposition not in ("inline", "attachment"):
            raise InvalidRequest("A disposition is `inline` or `attachment`.")
        media = await ctx.look(lambda tx: _readable(tx, ctx, payload, payload.rendition))
        return self._links.mint(media, payload.rendition, payload.disposition, ctx.identity)


async def read_media(payload: ReadMedia, ctx: Context) -> Media:
    """The file, if whoever asks may have its bytes now."""
    return await ctx.look(lambda tx: _readable(tx, ctx, payload, payload.rendition))


async def fetch_media(payload: FetchMedia, ctx: Context) -> Media:
    """A file's record."""
    return await ctx.look(lambda tx: records.found(tx, ctx, payload.channel_sid, payload.media_sid))


async def find_media(payload: FindMedia, ctx: Context) -> Media:
    """A file's record by its sid: for the house, its uploader, and who may read its channel."""

    def query(tx: Transaction) -> Media:
        media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
        if media is None:
            raise NotFound(f"There is no file {payload.media_sid}.")
        there = ctx.within(records.READERS, media.channel_sid)
        there.ask(tx)
        return records.found(tx, there, media.channel_sid or "", media.sid)

    return await ctx.look(query)


async def fetch_timeline(payload: FetchTimeline, ctx: Context) -> Timeline:
    """A file with all that the checks said of it."""

    def query(tx: Transaction) -> Timeline:
        media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
        if media is None:
            raise NotFound(f"There is no file {payload.media_sid}.")
        verdicts = tx.all(Verdict, "verdicts", media_sid=media.sid)
        return Timeline(media=media, verdicts=verdicts, openings=openings(tx, media.sid))

    return await ctx.look(query)


def _readable(
    tx: Transaction, ctx: Context, payload: DownloadMedia | ReadMedia, rendition: Rendition
) -> Media:
    media = records.opened(records.found(tx, ctx, payload.channel_sid, payload.media_sid))
    if not any(copy.name == rendition for copy in media.renditions):
        raise NotFound(f"This file has no copy named {rendition!r}.")
    return media
