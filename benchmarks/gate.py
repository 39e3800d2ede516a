"""Measure the gate: how long everyday files wait for their verdict, alone and among fifty others.

Every check of the default policy is on, with a clamd. The verdict is the answer to the upload.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvloop
from rich.console import Console

import page
from everyday import EVERYDAY
from house import SCRATCH, Served, scratch, serving
from machine import describe
from memory import nursery_of, resident
from parcels import Parcel
from people import Pair, settle
from results import KEPT, GateTimes, Scan, Waiting, keep, percentile, spread
from scanner import own_scan, program, scanning
from sender import Sent
from talk import Talk
from targets import House
from terminal import gate_table

PATIENCE = "300"  # seconds that an upload waits for its verdict


def main() -> None:
    options = _options()
    if program() is None:
        sys.exit("clamd is not installed. To add it: make services")
    with scratch() as folder, scanning() as scanner:
        result = _measured(options, folder, scanner)
    keep(options.to, "gate", result)
    Console().print(gate_table(result))
    if options.to == KEPT:
        page.write()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=15, help="of each kind, one by one")
    parser.add_argument("--crowd", type=int, default=50, help="uploads in flight in the second part")
    parser.add_argument("--turns", type=int, default=3, help="files that each of the crowd sends")
    parser.add_argument("--variants", type=int, default=4, help="different files of each kind")
    parser.add_argument("--pace", type=float, default=20.0, help="messages a second meanwhile")
    parser.add_argument("--quick", action="store_true", help="see that it works; the figures mean nothing")
    parser.add_argument("--to", type=Path, default=KEPT, help="folder for the JSON")
    options = parser.parse_args()
    if options.quick:
        options.to = SCRATCH / "quick" if options.to == KEPT else options.to
        options.files, options.crowd, options.turns, options.variants = 2, 4, 1, 1
    return options


def _measured(options: argparse.Namespace, folder: Path, scanner: Path) -> GateTimes:
    machine = describe(folder)
    pairs = uvloop.run(settle(folder / "house", 11))
    parcels = {kind: [make() for _ in range(options.variants)] for kind, make in EVERYDAY.items()}
    settings = {"clamd": f"unix:{scanner}", "verdict_patience": PATIENCE}
    with serving(folder / "house", **settings) as served:
        house = House(served, pairs[0])
        for each in parcels.values():  # so that nothing is done for the first time
            house.send(each[0])
        before = _held(served)
        idle = [_alone(house, kind, each, options.files) for kind, each in parcels.items()]
        scans = [_scans(folder / "house", scanner, each[0]) for each in parcels.values()]
        house.clear()
        quiet = uvloop.run(_spoken(served, pairs[1:], options.pace, 5.0))
        with _crowd(house, parcels, options) as crowd:
            busy = uvloop.run(_spoken(served, pairs[1:], options.pace, crowd))
        after = _held(served)
    return GateTimes(
        machine=machine,
        idle=idle,
        crowded=[_waiting(kind, crowd.waited[kind]) for kind in parcels],
        crowd=options.crowd,
        files_per_second=crowd.count / crowd.took,
        scans=scans,
        messages_quiet_p99=percentile(quiet, 0.99),
        messages_busy_p99=percentile(busy, 0.99),
        messages_busy_p50=percentile(busy, 0.5),
        before=before,
        after=after,
    )


def _alone(house: House, kind: str, parcels: Sequence[Parcel], files: int) -> Waiting:
    turns = itertools.islice(itertools.cycle(parcels), files)
    return _waiting(kind, [house.send(parcel) for parcel in turns])


def _waiting(kind: str, sent: Sequence[Sent]) -> Waiting:
    waited = [each.waited for each in sent]
    return Waiting(
        kind=kind,
        size=sent[0].taken,
        files=len(sent),
        p50=percentile(waited, 0.5),
        p95=percentile(waited, 0.95),
    )


def _scans(data: Path, scanner: Path, parcel: Parcel) -> Scan:
    """clamd's answer to the house, by the verdicts' own record, beside its answer to a bare client."""
    with sqlite3.connect(f"file:{data}/vestibule.db?mode=ro", uri=True) as records:
        rows = records.execute(
            "SELECT v.milliseconds FROM verdicts v JOIN media m ON m.sid = v.media_sid "
            "WHERE v.check_name = 'antivirus' AND m.filename = ?",
            (parcel.name,),
        ).fetchall()
    bare = [own_scan(scanner, parcel.content) * 1000 for _ in range(len(rows))]
    return Scan(kind=parcel.kind, ours=spread([row[0] for row in rows]), bare=spread(bare))


class Crowd:
    """Many people who send a file each, all at once, and again when it is through."""

    def __init__(self, house: House, parcels: dict[str, list[Parcel]], options: argparse.Namespace) -> None:
        self.waited: dict[str, list[Sent]] = {kind: [] for kind in parcels}
        self.count, self.took = options.crowd * options.turns, 0.0
        self.is_through = threading.Event()
        self._house = house
        each = itertools.cycle(itertools.chain.from_iterable(zip(*parcels.values(), strict=True)))
        self._files = [next(each) for _ in range(self.count)]
        self._people = options.crowd

    def send(self) -> None:
        started = time.perf_counter()
        try:
            with ThreadPoolExecutor(self._people) as people:
                sent = list(people.map(self._house.send, self._files))
        finally:
            self.took = time.perf_counter() - started
            self.is_through.set()
        for parcel, each in zip(self._files, sent, strict=True):
            self.waited[parcel.kind].append(each)


@contextmanager
def _crowd(house: House, parcels: dict[str, list[Parcel]], options: argparse.Namespace) -> Iterator[Crowd]:
    crowd = Crowd(house, parcels, options)
    sending = threading.Thread(target=crowd.send)
    sending.start()
    try:
        yield crowd
    finally:
        sending.join()


async def _spoken(served: Served, pairs: Sequence[Pair], pace: float, until: Crowd | float) -> list[float]:
    """Delays of messages, in seconds, at a steady pace for so many seconds, or while the crowd is there."""
    talk, delays = Talk(pairs), list[float]()
    await talk.enter(served.port)
    if isinstance(until, float):
        delays += (await talk.at_pace(until, pace))[0].delivered
    else:
        while not until.is_through.is_set():
            delays += (await talk.at_pace(1.0, pace))[0].delivered
    talk.leave()
    await asyncio.sleep(0)
    return delays


def _held(served: Served) -> dict[str, float]:
    """MiB of the server and of its nursery."""
    return {"server": resident(served.pid), "nursery": resident(nursery_of(served.pid).pid)}


if __name__ == "__main__":
    main()
