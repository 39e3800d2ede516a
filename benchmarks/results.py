"""Results: what the benchmarks find out, kept as JSON and told as a table, a plot and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import msgspec

from machine import Machine

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "benchmarks" / "results"  # the last full run, small enough to be committed


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Of several rounds: how far they lie apart belongs to the answer."""

    least: float
    middle: float
    most: float


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Messages at a fixed rate. Delays in milliseconds, from the moment at which a message was due."""

    rate: float  # messages a second
    delivery_p50: float
    delivery_p99: float
    acknowledged_p99: float


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody writing at will, and the baseline right after it. Rates are messages a second."""

    rate: float
    raw_rate: float
    group: float  # messages that shared a commit, on average
    delivery_p50: float  # milliseconds
    delivery_p99: float
    server_cpu: float  # cores that were busy
    client_cpu: float

    @property
    def ratio(self) -> float:
        return self.rate / self.raw_rate


class Messages(msgspec.Struct, frozen=True, kw_only=True):
    """What `messages.py` finds out."""

    machine: Machine
    pairs: int
    sent: int
    rounds: list[Round]
    rate: Spread
    raw_rate: Spread
    ratio: Spread
    pace: Pace


class RestRound(msgspec.Struct, frozen=True, kw_only=True):
    """Every connection posting at will. Delays in milliseconds, from request to answer."""

    rate: float  # messages a second
    answered_p50: float
    answered_p99: float
    server_cpu: float  # cores that were busy
    client_cpu: float
    server_us: float  # microseconds of processor for one message


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """What `rest.py` finds out."""

    machine: Machine
    connections: int
    account: list[RestRound]
    people: list[RestRound]
    raw_rate: Spread
    ratio: Spread  # of the account's rate


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one kind and size, sent to one server. Rates in MB (1 000 000 bytes) a second."""

    kind: str
    size: int  # bytes
    at_once: int
    rate: Spread
    answer_ms: Spread  # from the last byte to the answer


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """The most that was resident during one upload, above what was before. MiB."""

    kind: str
    size: int  # bytes offered
    taken: int  # bytes that the client could send
    status: int
    server: float
    nursery: float
    children: float  # all decoders together; they are gone afterwards


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The same files to the house, to nginx, and to nginx with an fsync, by turns."""

    timings: list[Timing]
    ratio: Spread  # the house's rate to nginx's
    ratio_synced: Spread  # to nginx's with an fsync


class Uploads(msgspec.Struct, frozen=True, kw_only=True):
    """What `uploads.py` finds out."""

    machine: Machine
    comparisons: list[Comparison]
    checked: list[Timing]  # files into which checks look
    memory: list[Memory]
    resident: dict[str, float]  # MiB of each process, before anything large came
    limit: int  # bytes that one file might have
    hashing: float  # MB a second of SHA-256 alone, on one core: nothing that hashes is faster


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How long files of one kind waited for their verdict, from their last byte. Milliseconds."""

    kind: str
    size: int  # bytes
    files: int
    p50: float
    p95: float


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """From the last byte to clamd's answer, in the house and with nothing between. Milliseconds."""

    kind: str
    ours: Spread
    bare: Spread


class GateTimes(msgspec.Struct, frozen=True, kw_only=True):
    """What `gate.py` finds out. Messages' delays in milliseconds, resident memory in MiB."""

    machine: Machine
    idle: list[Waiting]
    crowded: list[Waiting]
    crowd: int  # uploads in flight
    files_per_second: float  # of all kinds, in the crowd
    scans: list[Scan]
    messages_quiet_p99: float
    messages_busy_p50: float
    messages_busy_p99: float
    before: dict[str, float]
    after: dict[str, float]


def spread(values: Sequence[float]) -> Spread:
    return Spread(least=min(values), middle=median(values), most=max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """In milliseconds, of seconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def keep(folder: Path, name: str, result: msgspec.Struct) -> None:
    """Write a result as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(_rounded(msgspec.to_builtins(result))), indent=2)
    (folder / f"{name}.json").write_bytes(text + b"\n")


def kept(folder: Path, name: str, kind: type[T]) -> T | None:
    """What was kept last; None where nothing was, or by benchmarks that asked for something else."""
    try:
        return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=kind)
    except (FileNotFoundError, msgspec.ValidationError):
        return None


def _rounded(value: object) -> object:
    """Digits that mean nothing are left out."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value
