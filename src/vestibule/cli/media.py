"""The command `media`: the way of one file, as an operator reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from vestibule import sids
from vestibule.app import open_house
from vestibule.cli.options import Data, File
from vestibule.cli.running import out, require_house, run, settings_of
from vestibule.config import Settings
from vestibule.errors import InvalidRequest
from vestibule.models import Awaited, Step, Timeline, Verdict
from vestibule.payloads import FetchTimeline

# A sign beside each colour: nobody has to tell red from green.
SIGNS = {"clean": "[green]✓[/]", "held": "[yellow]…[/]", "refused": "[red]✗[/]", "other": "[dim]·[/]"}
STATES = {
    "received": "other",
    "cleared": "clean",
    "held": "held",
    "refused": "refused",
    "recalled": "refused",
    "gone": "other",
}
WAITING = ("suspicious", "later", "timeout", "error")

Line = tuple[datetime, str, str, str, str]  # when, sign, what, how long, the rest


# Whoever brings signatures of their own; our rules alone are no virus scanner.
SCANNERS = frozenset({"antivirus", "icap", "webhook"})


app = App(name="media", help="Files that people sent.")


@app.command
def show(
    sid: str,
    *,
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Show the whole way of a file: who sent it, what each check said, what became of it.

    It only reads, also while the server runs. Times are in UTC.
    """
    timeline = run(timeline_of(sid, settings_of(config, data=data)))
    out.print_json(as_json(timeline)) if json else out.print(as_page(timeline))


async def timeline_of(media_sid: str, settings: Settings) -> Timeline:
    """Read from a house's own records, whether its server runs or not."""
    if not sids.is_sid(media_sid, sids.MEDIA):
        raise InvalidRequest(
            f"{media_sid!r} is no file's sid.",
            advice="A file's sid is ME and 32 hex digits, as the desk shows it under Details.",
        )
    require_house(settings)
    async with open_house(settings, at_work=False) as house:
        return await house.context().invoke(FetchTimeline(media_sid))


def as_json(timeline: Timeline) -> str:
    return msgspec.json.encode(timeline).decode()


def as_page(timeline: Timeline) -> RenderableType:
    """What the file is, then its way, one line a moment."""
    return Group(_head(timeline), _way(timeline))


def _head(timeline: Timeline) -> RenderableType:
    media = timeline.media
    state = "clean" if media.state == "clean" else "held" if media.state == "held" else "refused"
    sign = SIGNS[state] if media.state not in ("received", "checking", "gone") else SIGNS["other"]
    name = escape(media.filename) or "(its name is erased)"
    lines = [f"{sign} [bold]{name}[/]  {media.state}", f"  {media.sid} of {escape(media.author)}"]
    if timeline.refusal:
        lines.append(f"  {timeline.refusal.reason}: {timeline.refusal.to_others}")
    lines.append(f"  {_kind(timeline)}, {media.size:,} bytes")
    lines.append(f"  in channel {media.channel_sid}" if media.channel_sid else "  in no channel")
    if media.state == "clean" and SCANNERS.isdisjoint(verdict.check for verdict in timeline.verdicts):
        lines.append("  [yellow]no virus scanner has looked at it[/]")
    return Text.from_markup("\n".join(lines))


def _kind(timeline: Timeline) -> str:
    media = timeline.media
    said = media.declared_type or "nothing"
    return escape(
        media.content_type if said == media.content_type else f"{media.content_type} (sent as {said})"
    )


def _way(timeline: Timeline) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right", style="dim")
    table.add_column(overflow="fold")
    day = ""
    for when, *rest in lines(timeline):
        today = f"{when:%Y-%m-%d}"
        table.add_row(f"{when:%Y-%m-%d %H:%M:%SZ}" if today != day else f"{when:%H:%M:%SZ}".rjust(20), *rest)
        day = today
    return table


def lines(timeline: Timeline) -> Iterator[Line]:
    """Every moment, in order. Of one moment, what was found stands before what came of it."""
    steps = [step for step in timeline.steps if step.kind != "reviewed"]  # its verdict says more
    rows = [(step.date, 0 if step.kind == "received" else 2, _step(step)) for step in steps]
    rows += [
        (verdict.date_created or timeline.media.date_created, 1, _verdict(verdict))
        for verdict in timeline.verdicts
    ]
    for _, _, line in sorted(rows, key=lambda row: row[:2]):
        yield line
    yield from map(_awaited, timeline.awaited)


def _step(step: Step) -> Line:
    by = f"by {escape(step.by)}" if step.by else ""
    return (step.date, SIGNS[STATES.get(step.kind, "other")], f"[bold]{step.kind}[/]", "", by)


def _verdict(verdict: Verdict) -> Line:
    closed = "held" if verdict.outcome in WAITING else "refused"
    assert verdict.date_created is not None
    if verdict.check == "review":
        return _review(verdict, verdict.date_created)
    sign = SIGNS["clean" if verdict.is_clean else closed]
    said = " ".join(filter(None, (verdict.reason, f"({verdict.detail})" if verdict.detail else "")))
    versions = ", ".join(
        filter(None, (verdict.version, f"policy {verdict.policy}" if verdict.policy else ""))
    )
    rest = "\n".join(filter(None, (escape(said), f"[dim]{escape(versions)}[/]" if versions else "")))
    took = f"{verdict.milliseconds:.0f} ms" if verdict.milliseconds else ""
    return (verdict.date_created, sign, f"{escape(verdict.check)} {verdict.outcome}", took, rest)


def _review(verdict: Verdict, when: datetime) -> Line:
    """A person's decision: a reviewer is named where a check names its version."""
    sign, word = (SIGNS["clean"], "released") if verdict.is_clean else (SIGNS["refused"], "refused")
    return (when, sign, f"[bold]{word}[/]", "", escape(f"by {verdict.version}: {verdict.detail}"))


def _awaited(awaited: Awaited) -> Line:
    until = f"until {awaited.date_expires:%Y-%m-%d %H:%M:%SZ}, then it is refused"
    return (awaited.date_created, SIGNS["held"], f"{escape(awaited.check)} awaited", "", until)
