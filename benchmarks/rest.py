"""Measure REST: `POST .../Messages` from 32 connections, each message durable before it is answered.

By turns with the account's credentials, with people's AccessTokens, and the baseline, sqlite3 alone.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import msgspec
import uvloop
from rich.console import Console

import page
from house import SCRATCH, Served, scratch, serving
from machine import describe
from people import settle
from posting import Posting, doors_of_account, doors_of_people
from rawsqlite import RawSqlite
from results import KEPT, Rest, RestRound, keep, percentile, spread
from terminal import rest_table
from vestibule.keyring import NAME, Keyring


def main() -> None:
    options = _options()
    result = uvloop.run(_measured(options))
    keep(options.to, "rest", result)
    Console().print(rest_table(result))
    if options.to == KEPT:
        page.write()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2.5, help="of one round")
    parser.add_argument("--quick", action="store_true", help="see that it works; the figures mean nothing")
    parser.add_argument("--to", type=Path, default=KEPT, help="folder for the JSON")
    options = parser.parse_args()
    if options.quick:
        options.to = SCRATCH / "quick" if options.to == KEPT else options.to
        options.connections, options.rounds, options.seconds = 4, 1, 0.3
    return options


async def _measured(options: argparse.Namespace) -> Rest:
    with scratch() as folder:
        machine = describe(folder)
        pairs = await settle(folder / "house", options.connections)
        raw = RawSqlite(folder / "raw", await settle(folder / "raw", options.connections))
        ring = msgspec.json.decode((folder / "house" / NAME).read_bytes(), type=Keyring)
        account = Posting(doors_of_account(pairs, ring.account_sid, ring.auth_token))
        people = Posting(doors_of_people(pairs))
        with serving(folder / "house") as served:
            for posting in (account, people):
                await posting.enter(served.port)
                await posting.at_will(options.seconds)  # so that nothing is done for the first time
            rounds = [
                (
                    await _round(account, served, options.seconds),
                    await _round(people, served, options.seconds),
                    raw.rate(options.seconds / 2, options.connections),
                )
                for _ in range(options.rounds)
            ]
            for posting in (account, people):
                posting.leave()
        raw.close()
    return Rest(
        machine=machine,
        connections=options.connections,
        account=[each[0] for each in rounds],
        people=[each[1] for each in rounds],
        raw_rate=spread([each[2] for each in rounds]),
        ratio=spread([each[0].rate / each[2] for each in rounds]),
    )


async def _round(posting: Posting, served: Served, seconds: float) -> RestRound:
    server_cpu, client_cpu = served.cpu_seconds(), time.process_time()
    delays, took = await posting.at_will(seconds)
    server_cpu, client_cpu = served.cpu_seconds() - server_cpu, time.process_time() - client_cpu
    return RestRound(
        rate=len(delays) / took,
        answered_p50=percentile(delays, 0.5),
        answered_p99=percentile(delays, 0.99),
        server_cpu=server_cpu / took,
        client_cpu=client_cpu / took,
        server_us=server_cpu / len(delays) * 1e6,
    )


if __name__ == "__main__":
    main()
