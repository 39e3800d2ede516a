"""Renditions: reading a file's copies. A link is minted for one viewer, and asked about at each use."""

from __future__ import annotations

import structlog

from vestibule.context import Context
from vestibule.errors import InvalidRequest, NotFound
from vestibule.links import Links
from vestibule.media import originals, records
from vestibule.models import Link, Media, Rendition
from vestibule.payloads import DownloadMedia, FetchMedia, FindMedia, ListMedia, ReadMedia
from vestibule.ports import Transaction

log = structlog.get_logger(__name__)

PEEKS: tuple[Rendition, ...] = ("preview", "poster")  # drawn anew, and proven by a second process


class Renditions:
    """Mints links, for the action `DownloadMedia`."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def download(self, payload: DownloadMedia, ctx: Context) -> Link:
        """Mint a link to a copy of a clean file."""
        if payload.disposition not in ("inline", "attachment"):
            raise InvalidRequest("A disposition is `inline` or `attachment`.")
        media = await ctx.look(lambda tx: _readable(tx, ctx, payload, payload.rendition))
        is_original = payload.rendition == "original"
        disposition = "attachment" if is_original else payload.disposition  # saved, never shown
        return self._links.mint(media, payload.rendition, disposition, ctx.identity)


async def read_media(payload: ReadMedia, ctx: Context) -> Media:
    """The file, if whoever asks may have its bytes now."""
    media = await ctx.look(lambda tx: _readable(tx, ctx, payload, payload.rendition))
    _note(media, payload.rendition, ctx)
    return media


async def fetch_media(payload: FetchMedia, ctx: Context) -> Media:
    """A file's record."""

    def query(tx: Transaction) -> Media:
        return originals.shown(tx, ctx, records.found(tx, ctx, payload.channel_sid, payload.media_sid))

    return await ctx.look(query)


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


async def list_media(payload: ListMedia, ctx: Context) -> list[Media]:
    """The files of the service, loose ones among them."""
    after = {"after_date": payload.after.date, "after_sid": payload.after.sid}
    wanted = {"service_sid": ctx.service_sid, "limit": payload.limit, **after}
    return await ctx.look(lambda tx: tx.all(Media, "media_page", **wanted))


def _readable(
    tx: Transaction, ctx: Context, payload: DownloadMedia | ReadMedia, rendition: Rendition
) -> Media:
    media = records.found(tx, ctx, payload.channel_sid, payload.media_sid)
    if not _may_peek(tx, ctx, media, rendition):
        media = originals.shown(tx, ctx, records.opened(media))
    if not any(copy.name == rendition for copy in media.renditions):
        raise NotFound(f"This file has no copy named {rendition!r}.")
    return media


def _may_peek(tx: Transaction, ctx: Context, media: Media, rendition: Rendition) -> bool:
    """Of a held file, a reviewer sees the small picture that we made of it; never of their own."""
    is_picture = media.state == "held" and rendition in PEEKS
    return is_picture and media.author != ctx.identity and ctx.may(tx, "reviewMedia")


def _note(media: Media, rendition: Rendition, ctx: Context) -> None:
    """What was read beyond what everybody in the channel reads leaves a line in the log."""
    if rendition == "original" or media.state == "held":
        who = {"identity": ctx.identity, "address": ctx.address}
        log.info("a file was read by privilege", media_sid=media.sid, rendition=rendition, **who)
