"""Plots of the results, as small SVG files whose text stays text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

from results import Messages, Uploads

mpl.use("svg")
# The same results make the same file.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "vestibule", "font.family": "sans-serif"})

from matplotlib import pyplot  # noqa: E402  (it takes the settings when it is loaded)

OURS, THEIRS, THIRD = "#1f7a6d", "#b8bfbd", "#7f8886"


def plot_messages(result: Messages, file: Path) -> None:
    """The house and sqlite3 alone, round by round."""
    figure, axes = pyplot.subplots(figsize=(7, 3))
    rounds = range(1, len(result.rounds) + 1)
    _bars(axes, 2, 0, [round.rate for round in result.rounds], "Vestibule", OURS)
    _bars(axes, 2, 1, [round.raw_rate for round in result.rounds], "sqlite3 alone", THEIRS)
    axes.set_xticks(range(len(rounds)), [f"{round.ratio:.2f}" for round in result.rounds])
    axes.set_xlabel("rounds, each with its ratio")
    axes.set_ylabel("durable messages a second")
    _finish(figure, axes, file)


def plot_uploads(result: Uploads, file: Path) -> None:
    """MB a second by load: the house, nginx, nginx with an fsync."""
    figure, axes = pyplot.subplots(figsize=(7, 3))
    firsts = [comparison.timings for comparison in result.comparisons]
    names = ("Vestibule, hashed and sniffed", "nginx", "nginx, then fsync")
    for place, (name, colour) in enumerate(zip(names, (OURS, THEIRS, THIRD), strict=True)):
        _bars(axes, 3, place, [timings[place].rate.middle for timings in firsts], name, colour)
    labels = [f"{timings[0].size / 1e6:g} MB, {timings[0].at_once} at once" for timings in firsts]
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel("MB a second")
    _finish(figure, axes, file)


def _bars(axes: Any, of: int, place: int, values: list[float], name: str, colour: str) -> None:
    width = 0.8 / of
    places = [number + (place - (of - 1) / 2) * width for number in range(len(values))]
    axes.bar(places, values, width, label=name, color=colour)


def _finish(figure: Any, axes: Any, file: Path) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
