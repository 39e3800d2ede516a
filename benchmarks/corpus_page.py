"""The corpus's section of the page `docs/numbers.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from classes import Classes, Corpus

TEXT = Path(__file__).with_name("corpus.md")
HOUSES = {"embedded": "alone", "clamd": "with clamd"}

Row = Sequence[object]


def section(result: Corpus, told: str) -> str:
    """The section; `told` is a line on the machine."""
    houses = [name for name in HOUSES if name in result.houses]
    return TEXT.read_text(encoding="utf-8").format(
        hostile=_hostile(result, houses),
        benign=_benign(result, houses),
        verdict=_verdict(result, houses),
        missed=_named(result, houses),
        corpus_machine=told,
    )


def _hostile(result: Corpus, houses: list[str]) -> str:
    columns = ["class", "files"]
    columns += [f"{HOUSES[name]}: {what}" for name in houses for what in ("refused", "disarmed", "missed")]
    rows = []
    for each in zip(*(result.houses[name] for name in houses), strict=True):
        if count := _count_hostile(each[0]):
            cells = [number for one in each for number in (one.stopped, one.disarmed, one.missed)]
            rows.append((_kind(each[0]), count, *cells))
    return table(columns, rows)


def _benign(result: Corpus, houses: list[str]) -> str:
    columns = ["class", "files"]
    columns += [f"{HOUSES[name]}: {what}" for name in houses for what in ("accepted", "false alarms", "left")]
    rows = []
    for each in zip(*(result.houses[name] for name in houses), strict=True):
        if count := each[0].accepted + each[0].false_alarms:
            cells = [number for one in each for number in (one.accepted, one.false_alarms, one.left)]
            rows.append((_kind(each[0]), count, *cells))
    return table(columns, rows)


def _verdict(result: Corpus, houses: list[str]) -> str:
    sentences = []
    for name in houses:
        total = result.houses[name][-1]
        hostile, benign = _count_hostile(total), total.accepted + total.false_alarms
        caught, taken = (hostile - total.missed) / hostile, total.accepted / benign
        sentences.append(
            f"**{HOUSES[name].capitalize()}, {caught:.1%} of what is hostile is refused or disarmed, and "
            f"{taken:.1%} of what is harmless accepted.**"
        )
    return " ".join(sentences)


def _named(result: Corpus, houses: list[str]) -> str:
    """What was missed, and what was an alarm about nothing, by name."""
    lines = []
    for name in houses:
        for what, those in (("missed", result.missed[name]), ("false alarms", result.alarms[name])):
            if those:
                lines.append(f"{HOUSES[name].capitalize()}, {what}:\n")
                lines += [f"- {each}" for each in those] + [""]
    return "\n".join(lines).rstrip()


def _count_hostile(each: Classes) -> int:
    return each.stopped + each.disarmed + each.missed


def _kind(each: Classes) -> str:
    return f"**{each.kind}**" if each.kind == "all" else each.kind


def table(columns: Row, rows: Sequence[Row]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
