"""What `corpus.py` finds out, class by class and house by house, and the table for whoever waits."""

from __future__ import annotations

import msgspec
from rich.table import Table

from machine import Machine


class Classes(msgspec.Struct, frozen=True, kw_only=True):
    """One class of the corpus in one house: how many became what. See `tests/corpus/trial.py`."""

    kind: str
    stopped: int
    disarmed: int
    missed: int
    accepted: int
    false_alarms: int
    left: int


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    """By house: `embedded`, and `clamd` where one is installed. The last of the classes is their sum."""

    machine: Machine
    houses: dict[str, list[Classes]]
    missed: dict[str, list[str]]
    alarms: dict[str, list[str]]


def corpus_table(result: Corpus) -> Table:
    table = Table(title="The corpus, house by house", title_justify="left")
    for column in ("house", "class", "refused", "disarmed", "missed", "accepted", "false alarms", "left"):
        table.add_column(column, justify="left" if column in ("house", "class") else "right")
    for house, classes in result.houses.items():
        for each in classes:
            counts = (each.stopped, each.disarmed, each.missed, each.accepted, each.false_alarms, each.left)
            table.add_row(house, each.kind, *map(str, counts), end_section=each is classes[-1])
    return table
