"""Measure messages: pairs of people write to each other over `/v1/socket`, each message durable.

The house and the baseline, sqlite3 alone, take turns in one run: a slow disk is slow for both.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import uvloop
from rich.console import Console

import page
from house import SCRATCH, Served, scratch, serving
from machine import describe
from people import settle
from rawsqlite import RawSqlite
from results import KEPT, Messages, Pace, Round, keep, percentile, spread
from talk import Talk
from terminal import messages_table

COMMITS = "vestibule_commit_changes_count"
CHANGES = "vestibule_commit_changes_sum"


def main() -> None:
    options = _options()
    result = uvloop.run(_measured(options))
    keep(options.to, "messages", result)
    Console().print(messages_table(result))
    if options.to == KEPT:
        page.write()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=2.5, help="of one round")
    parser.add_argument("--pace", type=float, default=500.0, help="messages a second, in the paced run")
    parser.add_argument("--quick", action="store_true", help="see that it works; the figures mean nothing")
    parser.add_argument("--to", type=Path, default=KEPT, help="folder for the JSON")
    options = parser.parse_args()
    if options.quick:
        options.to = SCRATCH / "quick" if options.to == KEPT else options.to
        options.pairs, options.rounds, options.seconds, options.pace = 4, 1, 0.3, 100.0
    return options


async def _measured(options: argparse.Namespace) -> Messages:
    with scratch() as folder:
        machine = describe(folder)
        pairs = await settle(folder / "house", options.pairs)
        raw = RawSqlite(folder / "raw", await settle(folder / "raw", options.pairs))
        with serving(folder / "house") as served:
            talk = Talk(pairs)
            await talk.enter(served.port)
            await talk.at_will(options.seconds)  # so that nothing is done for the first time
            rounds = [await _round(talk, served, raw, options.seconds) for _ in range(options.rounds)]
            pace = await _paced(talk, options.seconds * 4, options.pace)
            sent = int(served.number('vestibule_actions_total{action="SendMessage",outcome="ok"}'))
            talk.leave()
        raw.close()
    return Messages(
        machine=machine,
        pairs=options.pairs,
        sent=sent,
        rounds=rounds,
        rate=spread([round.rate for round in rounds]),
        raw_rate=spread([round.raw_rate for round in rounds]),
        ratio=spread([round.ratio for round in rounds]),
        pace=pace,
    )


async def _round(talk: Talk, served: Served, raw: RawSqlite, seconds: float) -> Round:
    commits, changes = served.number(COMMITS), served.number(CHANGES)
    server_cpu, client_cpu = served.cpu_seconds(), time.process_time()
    tally, took = await talk.at_will(seconds)
    server_cpu, client_cpu = served.cpu_seconds() - server_cpu, time.process_time() - client_cpu
    group = (served.number(CHANGES) - changes) / max(1.0, served.number(COMMITS) - commits)
    return Round(
        rate=tally.sent / took,
        raw_rate=raw.rate(seconds / 2, max(1, round(group))),
        group=group,
        delivery_p50=percentile(tally.delivered, 0.5),
        delivery_p99=percentile(tally.delivered, 0.99),
        server_cpu=server_cpu / took,
        client_cpu=client_cpu / took,
    )


async def _paced(talk: Talk, seconds: float, rate: float) -> Pace:
    tally, _ = await talk.at_pace(seconds, rate)
    return Pace(
        rate=rate,
        delivery_p50=percentile(tally.delivered, 0.5),
        delivery_p99=percentile(tally.delivered, 0.99),
        acknowledged_p99=percentile(tally.acknowledged, 0.99),
    )


if __name__ == "__main__":
    main()
