"""The command `check`: a file on this machine is judged as an upload is, by the same action and checks."""

from __future__ import annotations

import asyncio
import mimetypes
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.markup import escape
from rich.table import Table

from vestibule import logs
from vestibule.app import House, open_house
from vestibule.cli.options import File
from vestibule.cli.running import out, run, settings_of
from vestibule.config import Settings
from vestibule.errors import ConfigurationError, VestibuleError
from vestibule.models import Timeline
from vestibule.payloads import AttachFile, FetchTimeline

CHUNK = 1 << 18  # bytes
UNSURE = frozenset({"timeout", "error", "later"})
COLOURS = {"clean": "green", "refused": "red", "held": "yellow"}


def check(
    file: Path,
    *,
    name: Annotated[str | None, Parameter(help="The name as a sender would give it.")] = None,
    type: Annotated[str | None, Parameter(help="The type as a sender would declare it.")] = None,
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    config: File = None,
) -> None:
    """Put a file on this machine to the checks.

    Exits with 0 if it is clean, 1 if not, and 2 if the checks could not tell.
    """
    if not file.is_file():
        raise ConfigurationError(f"There is no file {file}.")
    settings = settings_of(config)
    logs.set_up("console")
    timeline = run(judged(file, name or file.name, type or "", settings))
    out.print_json(as_json(timeline)) if json else out.print(as_table(timeline))
    sys.exit(exit_code(timeline))


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
