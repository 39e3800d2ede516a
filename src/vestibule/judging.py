"""Judging a file on this machine: through the same action, checks and records as an upload."""

from __future__ import annotations

import asyncio
import mimetypes
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from rich.markup import escape
from rich.table import Table

from vestibule.app import House, open_house
from vestibule.config import Settings
from vestibule.errors import VestibuleError
from vestibule.models import Timeline
from vestibule.payloads import AttachFile, FetchTimeline

CHUNK = 1 << 18  # bytes
UNSURE = frozenset({"timeout", "error", "later"})
COLOURS = {"clean": "green", "refused": "red", "held": "yellow"}


async def judged(file: Path, name: str, declared_type: str, settings: Settings) -> Timeline:
    """What the checks say of a file, in a house of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vestibule-") as folder:
        apart = msgspec.structs.replace(
            settings, data=folder, database_url="", storage_url="", bus_url="", verdict_patience=600.0
        )
        async with open_house(apart) as house:
            timeline = await _timeline(house, file, name, declared_type)
            if house.watch:  # what is wrong with the scanners is told as well
                await house.watch.first_look()
            return timeline


async def _timeline(house: House, file: Path, name: str, declared_type: str) -> Timeline:
    context = house.context()
    guessed = declared_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    try:
        sid = (await context.invoke(AttachFile(name, guessed, _chunks(file)))).sid
    except VestibuleError as error:
        if (sid := error.detail.get("media_sid", "")) == "":
            raise
    return await context.invoke(FetchTimeline(sid))


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while chunk := await asyncio.to_thread(source.read, CHUNK):
            yield chunk


def exit_code(timeline: Timeline) -> int:
    """0 clean, 1 not, 2 could not tell."""
    if timeline.media.state == "clean":
        return 0
    outcomes = {verdict.outcome for verdict in timeline.verdicts} - {"clean"}
    return 2 if outcomes and outcomes <= UNSURE else 1


def as_json(timeline: Timeline) -> str:
    return msgspec.json.encode(timeline).decode()


def as_table(timeline: Timeline) -> Table:
    """One line a check, in the order in which they looked."""
    media = timeline.media
    colour = COLOURS.get(media.state, "yellow")
    # A file's name, and what a decoder says of it, may look like our own marks for colours.
    table = Table(title=f"{escape(media.filename)}: [{colour}]{media.state}[/]", title_justify="left")
    for column in ("check", "outcome", "reason", "detail", "version"):
        table.add_column(column)
    table.add_column("ms", justify="right")
    for verdict in timeline.verdicts:
        texts = (verdict.check, verdict.outcome, verdict.reason, verdict.detail, verdict.version)
        table.add_row(*map(escape, texts), f"{verdict.milliseconds:.1f}")
    return table
