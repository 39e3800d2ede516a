"""Writes zips byte by byte, so that each field can lie. No program that is installed writes the bad ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

STREAMED, UTF_8 = 0x0008, 0x0800
MOMENT = (0x6000, 0x5A21)  # noon, 1 January 2025


@dataclass
class Entry:
    """One member. What is None is told as it is."""

    name: str | bytes
    content: bytes = b"Hello.\r\n"
    method: int = 8
    flags: int = 0
    mode: int = 0o100644
    made_by: int = 3  # Unix
    extra: bytes = b""
    comment: bytes = b""
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    packed_size: int | None = None
    offset: int | None = None
    local_name: str | bytes | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_size: int | None = None
    local_extra: bytes = b""
    descriptor: bytes | None = None
    behind: bytes = b""  # after the member

    @property
    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == 8 else self.content


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zipped(
    entries: Sequence[Entry],
    *,
    before: bytes = b"",
    shift: int = 0,
    between: bytes = b"",
    comment: bytes = b"",
    comment_size: int | None = None,
    after: bytes = b"",
    members: int | None = None,
    within: bytes = b"",
    directory_size: int | None = None,
    disk: int = 0,
    sixty_four: bool = False,
) -> bytes:
    """`shift` is added to all offsets; `between` and `within` stand before the directory, and in it."""
    body, directory = before, b""
    for entry in entries:
        offset = len(body) + shift if entry.offset is None else entry.offset
        body += _local(entry)
        directory += _central(entry, offset)
    body += between
    directory += within
    start = len(body) + shift
    count = len(entries) if members is None else members
    size = len(directory) if directory_size is None else directory_size
    extra = _end_64(count, size, start, len(body) + len(directory)) if sixty_four else b""
    said = len(comment) if comment_size is None else comment_size
    if sixty_four:
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, said)
    else:
        end = struct.pack(
            "<4s4H2LH", b"PK\5\6", disk, disk, count & 0xFFFF, count & 0xFFFF, size, start, said
        )
    return body + directory + extra + end + comment + after


def _end_64(count: int, size: int, start: int, here: int) -> bytes:
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    return record + struct.pack("<4sLQL", b"PK\6\7", 0, here, 1)


def _local(entry: Entry) -> bytes:
    name = _raw(entry.name if entry.local_name is None else entry.local_name)
    flags = entry.flags if entry.local_flags is None else entry.local_flags
    method = entry.method if entry.local_method is None else entry.local_method
    crc, packed, size = _facts(entry)
    streamed = flags & STREAMED
    local = (0, 0, 0) if streamed else (crc, packed, size if entry.local_size is None else entry.local_size)
    head = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, flags, method, *MOMENT, *local, len(name), len(entry.local_extra)
    )
    return head + name + entry.local_extra + entry.data + _descriptor(entry, streamed) + entry.behind


def _descriptor(entry: Entry, streamed: int) -> bytes:
    if entry.descriptor is not None:
        return entry.descriptor
    return b"PK\7\10" + struct.pack("<3L", *_facts(entry)) if streamed else b""


def _central(entry: Entry, offset: int) -> bytes:
    name, lengths = _raw(entry.name), (len(_raw(entry.name)), len(entry.extra), len(entry.comment))
    head = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        entry.made_by << 8 | 20,
        20,
        entry.flags,
        entry.method,
        *MOMENT,
        *_facts(entry),
        *lengths,
        0,
        0,
        entry.mode << 16 | (0x10 if name.endswith(b"/") else 0),
        offset,
    )
    return head + name + entry.extra + entry.comment


def _facts(entry: Entry) -> tuple[int, int, int]:
    """Checksum, packed and unpacked size."""
    crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
    packed = len(entry.data) if entry.packed_size is None else entry.packed_size
    return crc, packed, len(entry.content) if entry.size is None else entry.size


def _raw(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else name


def unicode_path(name: str, header: str | bytes) -> bytes:
    """The extra field of Info-ZIP by which a member has a second name."""
    content = struct.pack("<BL", 1, zlib.crc32(_raw(header))) + name.encode()
    return struct.pack("<2H", 0x7075, len(content)) + content
