"""The four ports and their contracts. Whoever reads only this file can write a backend.

`tests/contracts/` holds one suite per port; a backend that passes it may be plugged in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec

from vestibule.events import Happening, Notice
from vestibule.models import Copy, Source, Verdict

T = TypeVar("T")
R = TypeVar("R")


class Actor(Protocol):
    """Whoever is the cause of an event."""

    @property
    def service_sid(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def source(self) -> Source: ...
    @property
    def tells(self) -> bool: ...


class Transaction(Protocol):
    """Named queries of `queries.sql`, inside one transaction. Plain functions: it lives in a thread.

    Values are given by name. A row becomes a `kind`, column by column. A query that is not there is a
    programmer's error and raises `KeyError`. Every query may use `:now`, the transaction's time.
    """

    now: float  # seconds since 1970, UTC
    actor: Actor | None  # whom the events name; None: the house itself

    def one(self, kind: type[T], query: str, /, **values: Any) -> T | None:
        """The first row, or None."""

    def all(self, kind: type[T], query: str, /, **values: Any) -> list[T]:
        """Every row, in the query's order."""

    def value(self, query: str, /, **values: Any) -> Any:
        """The first column of the first row, or None."""

    def run(self, query: str, /, **values: Any) -> int:
        """Change rows; returns how many."""

    def append(self, kind: type[Happening], stream: str, sid: str, /, **content: Any) -> None:
        """Put an event into the log, at the next seq of its stream, with who caused it.

        It is published, with its content, once the transaction is durable; never before. What the kind
        has in `KEPT` is in the log itself: the row that it would be read from is gone.
        """


class Database(Protocol):
    """Records and events.

    A change is a plain function of the transaction. All it did is durable before `write` returns; if
    it raises, nothing of it happened and the exception comes out of `write`. Changes are serialisable:
    what one reads, no other changes before it ends. It may be run again after a conflict, so it must
    have no effect outside the transaction. Changes of one process are applied in the order of their
    `write` calls, and their events are published in that order.
    """

    async def write(self, change: Callable[[Transaction], R]) -> R:
        """Apply a change durably. Many at once share one commit."""

    async def read(self, query: Callable[[Transaction], R]) -> R:
        """Run a function on a consistent snapshot, not older than the last finished `write`."""

    async def close(self) -> None:
        """Finish what was begun and let go of the files. May be called twice."""


class Storage(Protocol):
    """Bytes under keys such as `quarantine/ME…/original`. Keys are made by us, never by a sender.

    Memory is flat: bytes go through in chunks, whatever the size. Everything under `quarantine/` is
    unchecked; nothing but `promote` moves a key out of it.
    """

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Store all chunks under `key` and return the bytes' count.

        Whole or not at all: if `chunks` raises, nothing is there afterwards and the exception comes
        out. Durable on return. An older value is replaced.
        """

    def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`. `StorageMissing` if there are none."""

    async def size(self, key: str) -> int:
        """How many bytes. `StorageMissing` if there is no such key."""

    async def promote(self, key: str, to: str | None = None) -> str:
        """Move `quarantine/x` to `available/x`, or to `available/<to>`, durably; return the new key.

        May be called again after it was cut off: the result is the same. `StorageMissing` if the bytes
        are at neither place. `ValueError` for a key outside quarantine.
        """

    def path(self, key: str) -> Path | None:
        """Where the bytes lie as a plain file, for whoever can use one; None where they do not."""

    async def delete(self, prefix: str) -> int:
        """Delete the key, or every key below a prefix that ends in `/`. Returns how many; 0 is fine."""

    def list(self, prefix: str) -> AsyncIterator[str]:
        """Every key that starts with `prefix`, in no special order. Half-made ones are not shown."""

    async def close(self) -> None:
        """Let go of connections. May be called twice."""


class Bus(Protocol):
    """Tells every node what is new. It may lose or double a notice, but never reorders one stream.

    Whoever listens compares `seq` with the one it has, and reads what it missed from the database.
    """

    def publish(self, notices: Sequence[Notice]) -> None:
        """Tell all listeners, here and on other nodes. It does not wait, and does not raise."""

    def listen(self, listener: Callable[[Sequence[Notice]], None]) -> Callable[[], None]:
        """Call `listener` in the event loop with each batch; returns what ends it."""

    async def close(self) -> None:
        """Stop. May be called twice."""


class Specimen(msgspec.Struct, frozen=True, kw_only=True):
    """A received file, as a check sees it."""

    media_sid: str
    filename: str  # as the sender gave it
    declared_type: str  # as the sender gave it; may be empty
    content_type: str  # what the signature table says of the bytes; empty where it knows none
    size: int  # bytes; 0 while it is still arriving
    sha256: str  # hex; empty while it is still arriving
    head: bytes  # the first 4096 bytes, or fewer
    role: str = ""  # of the sender in the channel; the policy may differ by it
    ballot: str = ""  # for a `LateCheck`: the word with which it may vote later, once


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A check's verdict and, from those that rebuild a file, what they made of it."""

    verdict: Verdict
    copies: tuple[tuple[Copy, str], ...] = ()  # each with the key where its bytes lie, in quarantine
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    duration: float | None = None  # seconds
    pages: int | None = None
    flags: tuple[str, ...] = ()  # what people who see a clean file should know of it: `card_number`, ...


class Check(Protocol):
    """Looks at one received file and says what it found.

    A bad file is a verdict, never an exception: raising means that the check is broken, and counts as
    `error`. Silence past `seconds` counts as `timeout`. Only the outcome `clean` lets a file on.
    """

    name: str
    seconds: float  # the budget

    def applies(self, specimen: Specimen) -> bool:
        """Whether this check has anything to say of such a file."""

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        """Judge the whole file, whose bytes are at `quarantine/<media_sid>/original`."""


@runtime_checkable
class LateCheck(Check, Protocol):
    """A check that may answer `later`, and then vote once by `CastVote` with the specimen's `ballot`.

    The file is held meanwhile; a vote that has not come after `later_seconds` counts as `timeout`. A
    check that answers at once has no vote: its ballot is void.
    """

    later_seconds: float


class Feeding(Protocol):
    """A check that is fed while the file arrives (`feed` in order, then one `finish` or `abort`)."""

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes. It does not raise: a check that broke says so in `finish`."""

    async def finish(self) -> Verdict:
        """The last byte came: the verdict."""

    async def abort(self) -> None:
        """The upload broke off. May be called after `finish`."""


class StreamCheck(Protocol):
    """A check that looks while the file arrives, such as a virus scanner. Same rules as `Check`."""

    name: str
    seconds: float

    async def open(self, specimen: Specimen) -> Feeding:
        """Begin with one file."""
