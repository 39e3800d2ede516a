"""Timelines: the whole way of one file, from one snapshot. Staff read all of it, its uploader the outline."""

from __future__ import annotations

from msgspec import structs

from vestibule.context import Context
from vestibule.errors import NotFound
from vestibule.media import originals
from vestibule.media.openings import openings
from vestibule.models import Awaited, Media, Step, Timeline, Verdict
from vestibule.payloads import FetchTimeline
from vestibule.ports import Transaction
from vestibule.refusals import refusal


async def fetch_timeline(payload: FetchTimeline, ctx: Context) -> Timeline:
    """A file's way: all of it for whoever may review, what concerns them for its uploader."""

    def query(tx: Transaction) -> Timeline:
        media = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
        is_staff = ctx.may(tx, "reviewMedia")
        if media is None or not (is_staff or media.author == ctx.identity):
            raise NotFound(f"There is no file {payload.media_sid}.")
        way = Timeline(
            media=media,
            refusal=refusal(media.reason) if media.reason else None,
            steps=tx.all(Step, "steps", sid=media.sid),
        )
        return _detailed(tx, ctx, way) if is_staff else _outlined(way)

    return await ctx.look(query)


def _outlined(way: Timeline) -> Timeline:
    """What became of it and when. Who looked, and what was found, stays in the house."""
    author = way.media.author
    steps = [step if step.by == author else structs.replace(step, by="") for step in way.steps]
    return structs.replace(way, steps=steps)


def _detailed(tx: Transaction, ctx: Context, way: Timeline) -> Timeline:
    media = way.media
    return structs.replace(
        way,
        media=originals.shown(tx, ctx, media),
        verdicts=tx.all(Verdict, "verdicts", media_sid=media.sid),
        awaited=tx.all(Awaited, "votes_awaited", sid=media.sid),
        openings=openings(tx, media.sid),
    )
