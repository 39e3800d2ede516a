"""Measure uploads: files of three kinds and sizes, through the route that the widget uses.

nginx's WebDAV, which looks at nothing, takes turns with the house in one run; so does nginx with an fsync
after each file, because the house answers only for what is on the disk.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import uvloop
from rich.console import Console

import page
from house import SCRATCH, scratch, serving
from machine import describe
from memory import Risen, nursery_of, resident, watched
from parcels import KINDS, SNIFFED, Parcel, document
from people import settle
from results import KEPT, Comparison, Memory, Timing, Uploads, keep, spread
from sender import Sent
from targets import House, Load, Target, WebDav, carried
from terminal import memory_table, ratios_table, uploads_table
from webdav import program, webdav

MB = 1_000_000
NGINX, SYNCED = "nginx", "nginx, then fsync"
BATCH = 10 * MB  # at least, in one round: a small file alone is too short to time


def main() -> None:
    options = _options()
    if program() is None:
        sys.exit("nginx is not installed. To add it: make services")
    with scratch() as folder:
        result = _measured(options, folder)
    keep(options.to, "uploads", result)
    console = Console()
    for table in (uploads_table(result), ratios_table(result), memory_table(result)):
        console.print(table)
    if options.to == KEPT:
        page.write()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 10, 100], help="in MB")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--stream", type=float, default=1000, help="MB that are offered beyond the limit")
    parser.add_argument("--limit", type=float, default=128, help="MB that one file may have")
    parser.add_argument("--quick", action="store_true", help="see that it works; the figures mean nothing")
    parser.add_argument("--to", type=Path, default=KEPT, help="folder for the JSON")
    options = parser.parse_args()
    if options.quick:
        options.to = SCRATCH / "quick" if options.to == KEPT else options.to
        options.sizes, options.rounds, options.stream, options.limit = [0.2, 1], 1, 8, 2
    return options


def _policy(folder: Path, largest: int) -> Path:
    """`doc` is there because no check can open it: by default no such document is taken."""
    file = folder / "policy.toml"
    file.write_text(f'[files]\nextensions = ["doc", "txt", "mp4"]\nlargest = {largest}\n')
    return file


def _measured(options: argparse.Namespace, folder: Path) -> Uploads:
    machine = describe(folder)
    [pair] = uvloop.run(settle(folder / "house", 1))
    settings = {
        "policy": str(_policy(folder, int(options.limit * MB))),
        "built_in_rules": "off",  # they read every file once more: here hashing and sniffing are measured
        "verdict_patience": "120",
    }
    with serving(folder / "house", **settings) as served, webdav(folder / "nginx") as (port, files):
        house = House(served, pair)
        targets: dict[str, Target] = {
            SNIFFED: house,
            NGINX: WebDav(port, files, is_synced=False),
            SYNCED: WebDav(port, files, is_synced=True),
        }
        for make in KINDS.values():  # so that nothing is done for the first time
            house.send(make(MB // 5))
        held = {"server": resident(served.pid), "nursery": resident(nursery_of(served.pid).pid)}
        memory = [*_memory(house, max(options.sizes)), _endless(house, options.stream)]
        comparisons = [_compared(targets, load, options.rounds) for load in _loads(options)]
        checked = [_checked(house, kind, size) for kind in KINDS for size in options.sizes if kind != SNIFFED]
    return Uploads(
        machine=machine,
        comparisons=comparisons,
        checked=checked,
        memory=memory,
        resident=held,
        limit=int(options.limit * MB),
        hashing=_hashing(),
    )


def _loads(options: argparse.Namespace) -> list[Load]:
    sizes = [int(size * MB) for size in options.sizes]
    one_by_one = [Load(size, max(1, BATCH // size)) for size in sizes]
    return [*one_by_one, Load(sizes[len(sizes) // 2], files=8, at_once=4)]


def _compared(targets: Mapping[str, Target], load: Load, rounds: int) -> Comparison:
    """The same files to everybody, by turns."""
    parcel = document(load.size)
    rates: dict[str, list[float]] = defaultdict(list)
    answers: dict[str, list[Sent]] = defaultdict(list)
    for _ in range(rounds):
        for name, target in targets.items():
            rate, sent = carried(target, parcel, load)
            rates[name].append(rate)
            answers[name] += sent
    return Comparison(
        timings=[_timing(name, load, rates[name], answers[name]) for name in targets],
        ratio=spread([ours / theirs for ours, theirs in zip(rates[SNIFFED], rates[NGINX], strict=True)]),
        ratio_synced=spread(
            [ours / theirs for ours, theirs in zip(rates[SNIFFED], rates[SYNCED], strict=True)]
        ),
    )


def _checked(house: House, kind: str, size: float) -> Timing:
    """What more than hashing and sniffing costs."""
    load = Load(int(size * MB), files=1)
    parcel = KINDS[kind](load.size)
    turns = [carried(house, parcel, load) for _ in range(3)]
    return _timing(kind, load, [rate for rate, _ in turns], [sent for _, all_ in turns for sent in all_])


def _timing(kind: str, load: Load, rates: list[float], sent: list[Sent]) -> Timing:
    return Timing(
        kind=kind,
        size=load.size,
        at_once=load.at_once,
        rate=spread([rate / MB for rate in rates]),
        answer_ms=spread([each.waited * 1000 for each in sent]),
    )


def _memory(house: House, size: float) -> list[Memory]:
    """What one large file of each kind takes."""
    return [_watched(house, make(int(size * MB))) for make in KINDS.values()]


def _watched(house: House, parcel: Parcel) -> Memory:
    with watched(house.pid) as risen:
        sent = house.send(parcel)
    house.clear()
    return _risen(parcel.kind, len(parcel.content), sent, risen)


def _endless(house: House, size: float) -> Memory:
    """A stream that does not say how long it is, and goes on beyond the limit."""
    parcel = document(MB)
    with watched(house.pid) as risen:
        sent = house.offer(parcel, int(size))
    return _risen("stream beyond the limit", int(size * MB), sent, risen)


def _hashing() -> float:
    digest, piece = hashlib.sha256(), bytes(MB)
    started = time.perf_counter()
    for _ in range(100):
        digest.update(piece)
    return 100 / (time.perf_counter() - started)


def _risen(kind: str, size: int, sent: Sent, risen: Risen) -> Memory:
    return Memory(
        kind=kind,
        size=size,
        taken=sent.taken,
        status=sent.status,
        server=risen.server,
        nursery=risen.nursery,
        children=risen.children,
    )


if __name__ == "__main__":
    main()
