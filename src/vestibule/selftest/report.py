"""The report: what was tested, and what became of it; as a table for people and as JSON for programs."""

from __future__ import annotations

from itertools import groupby
from typing import Literal

import msgspec
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

Outcome = Literal["held", "broken", "not tested"]
COLOURS: dict[Outcome, str] = {"held": "green", "broken": "bold red", "not tested": "yellow"}
HELD, BROKEN, NOTHING_LEARNT = 0, 1, 2


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one case."""

    group: str
    name: str
    must: str  # what must hold
    outcome: Outcome
    seen: str  # what was seen, or why it could not be tested
    seconds: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of all of them."""

    url: str
    version: str  # of the self-test
    results: list[Result]

    def of(self, outcome: Outcome) -> list[Result]:
        return [result for result in self.results if result.outcome == outcome]


def exit_code(report: Report) -> int:
    """0 what could be tested held, 1 something did not, 2 nothing could be tested."""
    if report.of("broken"):
        return BROKEN
    return HELD if report.of("held") else NOTHING_LEARNT


def as_json(report: Report) -> str:
    return msgspec.json.encode(report).decode()


def as_table(report: Report) -> RenderableType:
    """A line for each case; below, in whole sentences, what did not hold."""
    table = Table(title=f"Self-test of {report.url}", title_justify="left", title_style="bold")
    table.add_column("what")
    table.add_column("", no_wrap=True)
    table.add_column("seen", overflow="fold")
    for group, results in groupby(report.results, lambda result: result.group):
        table.add_section()
        table.add_row(f"[bold]{group}[/]", "", "")
        for result in results:
            table.add_row(f"  {escape(result.name)}", _told(result.outcome), escape(result.seen))
    return Group(table, *map(_sentence, report.of("broken")), _sum(report))


def _told(outcome: Outcome) -> str:
    return f"[{COLOURS[outcome]}]{outcome}[/]"


def _sentence(result: Result) -> RenderableType:
    told = f"[bold red]Did not hold:[/] {escape(result.must)} [bold]Seen:[/] {escape(result.seen)}."
    return Text.from_markup(told)


def _sum(report: Report) -> RenderableType:
    counts = (f"{len(report.of(outcome))} {outcome}" for outcome in COLOURS)
    return Text(", ".join(counts) + f", in {sum(result.seconds for result in report.results):.0f} s.")
