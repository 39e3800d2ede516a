"""Send the whole corpus of `tests/corpus` into two houses: the embedded default, and one with a real clamd.

Nothing here is a matter of speed: counted is what came through that should not, and the other way round.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

import page
from classes import Classes, Corpus, corpus_table
from house import ROOT, SCRATCH, scratch
from machine import describe
from results import KEPT, keep

sys.path.insert(0, str(ROOT))

from tests.corpus import corpus, scanner
from tests.corpus.houses import HOUSES, trial_in
from tests.corpus.trial import Tally, by_class, tallied


def main() -> None:
    options = _options()
    result = asyncio.run(_measured(options))
    keep(options.to, "corpus", result)
    Console().print(corpus_table(result))
    if options.to == KEPT:
        page.write()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it works: a few of each class")
    parser.add_argument("--to", type=Path, default=KEPT, help="folder for the JSON")
    options = parser.parse_args()
    if options.quick:
        options.to = SCRATCH / "quick" if options.to == KEPT else options.to
    return options


async def _measured(options: argparse.Namespace) -> Corpus:
    specimens = corpus()[::50] if options.quick else corpus()
    wanted = [name for name in HOUSES if name != "clamd" or scanner.is_installed()]
    tallies: dict[str, list[Classes]] = {}
    missed: dict[str, list[str]] = {}
    alarms: dict[str, list[str]] = {}
    with scratch() as folder:
        machine = describe(folder)
        for name in wanted:
            results = await trial_in(name, folder / name, specimens)
            tallies[name] = [_told(each) for each in (*by_class(results), tallied(results))]
            missed[name] = [each.specimen.id for each in results if each.became == "missed"]
            alarms[name] = [each.specimen.id for each in results if each.became == "false alarm"]
    return Corpus(machine=machine, houses=tallies, missed=missed, alarms=alarms)


def _told(tally: Tally) -> Classes:
    return Classes(
        kind=tally.kind,
        stopped=tally.stopped,
        disarmed=tally.disarmed,
        missed=tally.missed,
        accepted=tally.accepted,
        false_alarms=tally.false_alarms,
        left=tally.left,
    )


if __name__ == "__main__":
    main()
