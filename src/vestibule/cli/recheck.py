"""The commands `recheck`, `recall` and `restore`: what was let in is looked at again, or taken back."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from vestibule.checks.content_types import BY_EXTENSION
from vestibule.cli.options import Data, File, ago
from vestibule.cli.running import err, out, require_house, run, settings_of
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.models import Media, Recheck, Rechecked, RecheckReport
from vestibule.payloads import (
    After,
    BeginRecheck,
    EndRecheck,
    ListRecheck,
    Payload,
    RecallMedia,
    RecheckMedia,
    RestoreMedia,
)
from vestibule.reaching import Reached, reached

RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/s)?")
COLOURS = {"recalled": "red", "held": "yellow", "unsure": "yellow"}


def recheck(
    *,
    since: Annotated[
        str | None, Parameter(help="Files received from then on: 7d, or a date. Without it: all.")
    ] = None,
    type: Annotated[
        str, Parameter(help="Files of a type: pdf, image/, application/zip. Without it: all.")
    ] = "",
    hash: Annotated[str, Parameter(help="Files with this SHA-256.")] = "",
    rate: Annotated[str, Parameter(help="Files a second at most, such as 5/s.")] = "10/s",
    dry_run: Annotated[bool, Parameter(help="Take nothing back, only tell.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Put stored files to today's checks, rules, signatures and bans, and take back what is bad now.

    Cut off and started again, it goes on where it was. Exits with 0 if nothing is to be taken back, 1 if
    something is, and 2 if some files could not be looked at.
    """
    wanted = BeginRecheck(_since(since), _content_type(type), hash, dry_run)
    settings, pause = settings_of(config, data=data), 1 / _rate(rate)
    require_house(settings)

    async def work() -> RecheckReport:
        async with reached(settings) as house:
            _say_how(house)
            return await _run(house, wanted, pause)

    try:
        report = run(work())
    except KeyboardInterrupt:
        err.print("Cut off. Started again with the same options, it goes on where it was.")
        sys.exit(130)
    _show(report, dry_run=dry_run)
    sys.exit(exit_code(report))


def recall(
    media_sid: str,
    *,
    reason: Annotated[str, Parameter(help="What people read: a reason of the catalogue.")] = "recalled",
    note: Annotated[str, Parameter(help="Why, for staff.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Take back one file that is out, whatever the checks say of it."""
    media = _carried_out(RecallMedia(media_sid, reason, note), settings_of(config, data=data))
    out.print(f"{escape(media.filename)} is recalled: its links are dead, and its bytes erased.")


def restore(
    media_sid: str,
    *,
    note: Annotated[str, Parameter(help="Why it is all right, for staff.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Let people open a file again that a recheck held."""
    media = _carried_out(RestoreMedia(media_sid, note), settings_of(config, data=data))
    out.print(f"{escape(media.filename)} can be opened again.")


def exit_code(report: RecheckReport) -> int:
    """1 where something was bad, 2 where nothing was but some could not be told, else 0."""
    outcomes = {one.outcome for one in report.found}
    return 1 if outcomes & {"recalled", "held"} else 2 if "unsure" in outcomes else 0


def _carried_out(payload: Payload[Media], settings: Settings) -> Media:
    async def work() -> Media:
        async with reached(settings) as house:
            _say_how(house)
            return await house.invoke(payload)

    return run(work())


async def _run(house: Reached, wanted: BeginRecheck, pause: float) -> RecheckReport:
    run = await house.invoke(wanted)
    found: list[Rechecked] = []
    with _progress() as progress:
        task = progress.add_task("Looking again", total=run.files)
        async for sid in _files(house, run):
            started = time.monotonic()
            done = await house.invoke(RecheckMedia(sid, wanted.dry_run))
            found += [done] if done.outcome not in ("clean", "skipped") else []
            progress.update(task, advance=1, description=f"Looking again, {len(found)} found")
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))
    if wanted.dry_run:
        return RecheckReport(files=run.files, found=found)
    return await house.invoke(EndRecheck(run.sid))


async def _files(house: Reached, run: Recheck) -> AsyncIterator[str]:
    place = After()
    while page := await house.invoke(ListRecheck(run, place)):
        for place in page:
            yield place.sid


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err)


def _say_how(house: Reached) -> None:
    if not house.is_running:
        err.print("No server of this house is running: open pages read of it when they come back.")


def _show(report: RecheckReport, *, dry_run: bool) -> None:
    count = {name: sum(one.outcome == name for one in report.found) for name in COLOURS}
    would = "to be " if dry_run else ""
    files = "1 file" if report.files == 1 else f"{report.files} files"
    out.print(
        f"{files} looked at: {count['recalled']} {would}recalled, {count['held']} {would}held, "
        f"{count['unsure']} could not be checked."
    )
    if report.found:
        out.print(_table(report.found))


def _table(found: list[Rechecked]) -> Table:
    """A line a file, and below it one for everybody who opened it."""
    table = Table(box=None, pad_edge=False)
    for column in ("file", "name", "from", "outcome", "why", "opened by"):
        table.add_column(column, overflow="fold")
    for one in found:
        opened = "\n".join(_opening(one)) or "nobody"
        outcome = f"[{COLOURS.get(one.outcome, 'default')}]{one.outcome}[/]"
        name, author = escape(one.media.filename), escape(one.media.author)
        table.add_row(one.media.sid, name, author, outcome, escape(_why(one)), escape(opened))
    return table


def _why(one: Rechecked) -> str:
    return "\n".join(
        f"{verdict.check}: {verdict.detail or verdict.reason or verdict.outcome}" for verdict in one.verdicts
    )


def _opening(one: Rechecked) -> list[str]:
    return [
        f"{opening.identity}, {opening.rendition}: {opening.times or 'not yet'}"
        + (f", {opening.date_first:%Y-%m-%d %H:%M} to {opening.date_last:%H:%M} UTC" if opening.times else "")
        for opening in one.openings
    ]


def _since(text: str | None) -> datetime | None:
    return ago(text) if text else None


def _content_type(text: str) -> str:
    """`pdf` is `application/pdf`; a type, or the beginning of one, is itself."""
    if "/" in text or not text:
        return text
    if (kind := BY_EXTENSION.get(text.lower().lstrip("."))) is None:
        raise ConfigurationError(f"No check knows files that end in .{text}.")
    return kind.name


def _rate(text: str) -> float:
    match = RATE.fullmatch(text.strip())
    if match is None or (number := float(match[1])) <= 0:
        raise ConfigurationError(f"{text!r} is no rate such as 5/s.")
    return number
