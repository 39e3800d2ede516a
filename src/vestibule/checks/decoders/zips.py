"""The zip walker: opens an archive only if there is one way to read it, and unpacks within a budget.

Everything that can be known from the directory is judged before a byte is unpacked. Members come in chunks,
never whole, and are cut off where they turn out to be larger than they were said to be.
"""

from __future__ import annotations

import itertools
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders import zip_names
from vestibule.checks.decoders.zip_records import (
    LOCKED,
    PACKED_HOW,
    STREAMED,
    UTF_8,
    Record,
    end_of,
    follow,
    records_of,
    unreadable,
)
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.signatures import HEAD

CHUNK = 64 * 1024  # bytes
STORED, DEFLATED = 0, 8
KNOWN = LOCKED | PACKED_HOW | STREAMED | UTF_8
SPECIAL = frozenset({stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK})
LONGEST_COMMENT = 1024  # bytes, of one member


@dataclass(slots=True)
class Budget:
    """Counts across all levels. `packed` is the size of what was sent."""

    limits: Limits
    packed: int  # bytes
    members: int = 0
    unpacked: int = 0  # bytes

    def count(self, members: int) -> None:
        self.members += members
        if self.members > self.limits.members:
            raise Refused("too_complex", f"It has {self.members} members.")

    def take(self, records: list[Record]) -> None:
        """Reserve what an archive says that it unpacks to."""
        for record in records:
            self._keep_ratio(record.size, record.packed, repr(record.name))
        self.unpacked += sum(record.size for record in records)
        if self.unpacked > self.limits.unpacked:
            raise Refused("too_complex", f"It unpacks to {self.unpacked} bytes.")
        self._keep_ratio(self.unpacked, self.packed, "It")

    def _keep_ratio(self, size: int, packed: int, what: str) -> None:
        if size > self.limits.small and size > self.limits.ratio * packed:
            raise Refused("too_complex", f"{what} unpacks from {packed} bytes to {size}.")


@dataclass(frozen=True, slots=True)
class Member:
    """One entry: its path, and where its bytes are."""

    name: str
    record: Record
    start: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def size(self) -> int:
        return self.record.size


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened archive. `members` are in the order of the directory."""

    file: BinaryIO
    members: tuple[Member, ...]

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The member's bytes. Raises `Refused` once they are not what the directory says."""
        size = checksum = 0
        for chunk in self._unpacked(member):
            size += len(chunk)
            if size > member.size:
                break
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if size != member.size or checksum != member.record.crc:
            raise Refused("damaged", f"{member.name!r} is not what its size and checksum say.")

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        packed = self._packed(member)
        return packed if member.record.method == STORED else _inflated(packed, member.name)

    def _packed(self, member: Member) -> Iterator[bytes]:
        position, left = member.start, member.record.packed
        while left:
            self.file.seek(position)
            chunk = self.file.read(min(left, CHUNK))
            if not chunk:
                raise Refused("damaged", f"{member.name!r} is cut off.")
            yield chunk
            position, left = position + len(chunk), left - len(chunk)


def _inflated(packed: Iterator[bytes], name: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            if inflater.eof:
                raise unreadable(f"{name!r} has bytes behind its end.")
            yield inflater.decompress(piece, CHUNK)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, CHUNK)
        while not inflater.eof and (rest := inflater.decompress(b"", CHUNK)):
            yield rest
    except zlib.error as error:
        raise Refused("damaged", f"{name!r}: {error}") from error
    if not inflater.eof:
        raise Refused("damaged", f"{name!r} is cut off.")
    if inflater.unused_data:
        raise unreadable(f"{name!r} has bytes behind its end.")


def opened(file: BinaryIO, budget: Budget) -> Archive:
    """The archive, everything about it judged but its members' bytes. Raises `Refused`."""
    end = end_of(file)
    budget.count(end.members)
    records = records_of(file, end)
    if not records:
        raise Refused("empty", "It has no members.")
    for record in records:
        _judge(record)
    budget.take(records)
    names = [zip_names.name_of(record) for record in records]
    for name, record in zip(names, records, strict=True):
        zip_names.judge_path(name)
        _judge_folder(name, record)
    zip_names.judge_together(names)
    starts = _starts(file, records, end.offset)
    return Archive(file, tuple(map(Member, names, records, starts)))


def _judge(record: Record) -> None:
    if record.flags & LOCKED:
        raise Refused("encrypted", f"{record.name!r} is locked.", outcome="encrypted")
    if record.flags & ~KNOWN or record.method not in {STORED, DEFLATED}:
        raise unreadable(f"{record.name!r} is packed by method {record.method}, flags {record.flags:#x}.")
    if record.method == STORED and record.size != record.packed:
        raise unreadable(f"{record.name!r} is stored, and has two sizes.")
    if stat.S_IFMT(record.mode) in SPECIAL:
        raise unreadable(f"{record.name!r} is a link or a device.")
    if record.comment > LONGEST_COMMENT:
        raise unreadable(f"{record.name!r} has a comment of {record.comment} bytes.")


def _judge_folder(name: str, record: Record) -> None:
    is_folder = name.endswith("/")
    contradicts = stat.S_IFMT(record.mode) == (stat.S_IFREG if is_folder else stat.S_IFDIR)
    if contradicts or (is_folder and record.size):
        raise unreadable(f"{name!r} is a file and a folder.")


def _starts(file: BinaryIO, records: list[Record], directory: int) -> list[int]:
    """Where each member's bytes begin. Members lie one behind the other from the first byte to the
    directory, so that none overlap and nothing lies between."""
    order = sorted(range(len(records)), key=lambda number: records[number].offset)
    bounds = [*(records[number].offset for number in order[1:]), directory]
    if records[order[0]].offset != 0:
        raise unreadable("There are bytes before its first member.")
    starts = [0] * len(records)
    for number, bound in zip(order, bounds, strict=True):
        starts[number] = follow(file, records[number], bound)
    return starts


def begun(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, as many as signatures are looked for in; and all of them."""
    remaining = iter(chunks)
    first: list[bytes] = []
    for chunk in remaining:
        first.append(chunk)
        if sum(map(len, first)) >= HEAD:
            break
    return b"".join(first)[:HEAD], itertools.chain(first, remaining)
