"""The records of a zip, as APPNOTE 6.3.10 has them: read strictly, so that there is one way to read them.

Programs disagree about odd archives: one goes by the end, one by the start, one by the first of two equal
names. Whatever they could read differently is refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from vestibule.checks.nursery.jobs import Refused

END = struct.Struct("<4s4H2LH")  # section 4.3.16
END_64 = struct.Struct("<4sQ2H2L4Q")  # section 4.3.14
LOCATOR_64 = struct.Struct("<4sLQL")  # section 4.3.15
CENTRAL = struct.Struct("<4s6H3L5H2L")  # section 4.3.12
LOCAL = struct.Struct("<4s5H3L2H")  # section 4.3.7

FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF  # "look into the record of 64 bits"
LONGEST_COMMENT = 4096  # bytes; the format allows 65535, in which a second archive has room
LONGEST_DIRECTORY = 1 << 20  # bytes: a thousand members with long names and extra fields
ZIP_64, UNICODE_PATH = 0x0001, 0x7075  # extra fields: sections 4.5.3, 4.6.9

# Flags (section 4.4.4).
LOCKED = 0x0001 | 0x0040 | 0x2000  # encryption, strong encryption, masked headers
PACKED_HOW = 0x0006  # quickly, or well
STREAMED = 0x0008  # sizes and checksum stand behind the bytes
UTF_8 = 0x0800
TELLING = LOCKED | STREAMED  # must be the same in both headers


@dataclass(frozen=True, slots=True)
class End:
    """Where the central directory is, and how many members it has."""

    members: int
    size: int  # bytes
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """One member, as the central directory has it."""

    name: bytes
    unicode_name: bytes  # of the extra field; empty where there is none
    flags: int
    method: int
    crc: int
    packed: int  # bytes
    size: int  # bytes
    offset: int
    mode: int  # of Unix, with the kind of file in its upper bits; 0 where it was made elsewhere
    comment: int  # bytes


def unreadable(detail: str) -> Refused:
    """The refusal of an archive that is put together in an odd way."""
    return Refused("archive_unreadable", detail)


def end_of(file: BinaryIO) -> End:
    """The record at the very end. Raises `Refused` if anything stands behind it, or it is not plain."""
    size = file.seek(0, 2)
    start = max(0, size - END.size - LONGEST_COMMENT)
    tail = _at(file, start, size - start)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < END.size:
        raise Refused("damaged", "It has no central directory at its end.")
    _, disk, first_disk, here, members, length, offset, comment = END.unpack_from(tail, found)
    if found + END.size + comment != len(tail):
        raise unreadable("There are bytes behind its end, or its comment is cut off.")
    if disk not in {0, FULL_16} or first_disk not in {0, FULL_16} or here != members:
        raise unreadable("It is one of several volumes.")
    said = End(members, length, offset)
    end = _end_64(file, start + found, said) or said
    if end.offset + end.size != (_start_64(file, start + found) or start + found):
        raise unreadable("Its central directory does not stand right before its end.")
    return end


def _start_64(file: BinaryIO, end: int) -> int:
    """Where the record of 64 bits begins, whose locator stands right before the end; 0: there is none."""
    at = end - LOCATOR_64.size
    if at < 0 or (raw := _at(file, at, LOCATOR_64.size))[:4] != b"PK\x06\x07":
        return 0
    _, disk, offset, disks = LOCATOR_64.unpack(raw)
    if disk or disks > 1 or offset + END_64.size != at:
        raise unreadable("Its record of 64 bits is not where it should be.")
    return int(offset)


def _end_64(file: BinaryIO, end: int, said: End) -> End | None:
    """The same in 64 bits. What both records say must be the same."""
    at = _start_64(file, end)
    if not at:
        return None
    raw = _at(file, at, END_64.size)
    magic, length, _, _, disk, first_disk, here, members, size, offset = END_64.unpack(raw)
    if magic != b"PK\x06\x06" or length != END_64.size - 12 or disk or first_disk or here != members:
        raise unreadable("Its record of 64 bits makes no sense.")
    pairs = ((said.members, members, FULL_16), (said.size, size, FULL_32), (said.offset, offset, FULL_32))
    if any(short not in {full, long} for short, long, full in pairs):
        raise unreadable("Its two end records contradict each other.")
    return End(members, size, offset)


def records_of(file: BinaryIO, end: End) -> list[Record]:
    """The central directory, which must be exactly as long as it is said to be."""
    if end.size > LONGEST_DIRECTORY:
        raise Refused("too_complex", f"Its central directory has {end.size} bytes.")
    raw = _at(file, end.offset, end.size)
    records, at = [], 0
    for _ in range(end.members):
        record, at = _record(raw, at)
        records.append(record)
    if at != len(raw):
        raise unreadable("Its central directory holds more than its members.")
    return records


def _record(raw: bytes, at: int) -> tuple[Record, int]:
    if len(raw) < at + CENTRAL.size or raw[at : at + 4] != b"PK\x01\x02":
        raise unreadable("Its central directory is cut off.")
    (_, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, attributes, offset) = (
        CENTRAL.unpack_from(raw, at)
    )
    names = at + CENTRAL.size
    fields = fields_of(raw[names + name : names + name + extra])
    wide = _wide(fields.get(ZIP_64, b""), size, packed, offset)
    after = names + name + extra + comment
    if after > len(raw) or disk:
        raise unreadable("Its central directory is cut off, or names another volume.")
    record = Record(
        name=raw[names : names + name],
        unicode_name=fields.get(UNICODE_PATH, b"")[5:],
        flags=flags,
        method=method,
        crc=crc,
        packed=wide[1],
        size=wide[0],
        offset=wide[2],
        mode=attributes >> 16,
        comment=comment,
    )
    return record, after


def fields_of(extra: bytes) -> dict[int, bytes]:
    """The extra fields by their ids. What is left over at the end is padding, as some writers leave it."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind in {ZIP_64, UNICODE_PATH} and kind in fields:
            raise unreadable("A member has an extra field twice.")
        fields[kind] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return fields


def _wide(field: bytes, *shorts: int) -> list[int]:
    """Sizes and offset, from the field of 64 bits where the short ones say so (section 4.5.3)."""
    values = []
    for short in shorts:
        if short == FULL_32:
            if len(field) < 8:
                raise unreadable("A member lacks its sizes of 64 bits.")
            values.append(int.from_bytes(field[:8], "little"))
            field = field[8:]
        else:
            values.append(short)
    return values


def follow(file: BinaryIO, record: Record, next_start: int) -> int:
    """Where the member's bytes begin. Its local header must say what the central directory says, and
    nothing may stand between its bytes and `next_start`."""
    raw = _at(file, record.offset, LOCAL.size)
    if len(raw) < LOCAL.size or raw[:4] != b"PK\x03\x04":
        raise unreadable(f"{record.name!r} has no local header.")
    _, _, flags, method, _, _, crc, packed, size, name, extra = LOCAL.unpack(raw)
    rest = _at(file, record.offset + LOCAL.size, name + extra)
    differ = (flags ^ record.flags) & (TELLING if record.name.isascii() else TELLING | UTF_8)
    if rest[:name] != record.name or method != record.method or differ:
        raise unreadable(f"{record.name!r} has two names, methods or flags.")
    fields = fields_of(rest[name:])
    size, packed = _wide(fields.get(ZIP_64, b""), size, packed)
    said, known = (crc, packed, size), (record.crc, record.packed, record.size)
    is_streamed = bool(record.flags & STREAMED)
    if any(one != other and not (is_streamed and one == 0) for one, other in zip(said, known, strict=True)):
        raise unreadable(f"{record.name!r} has two sizes or checksums.")
    if UNICODE_PATH in fields and fields[UNICODE_PATH][5:] != record.unicode_name:
        raise unreadable(f"{record.name!r} has two names.")
    start = record.offset + LOCAL.size + int(name) + int(extra)
    _nothing_between(file, record, start + record.packed, next_start)
    return start


def _nothing_between(file: BinaryIO, record: Record, end: int, next_start: int) -> None:
    """Only the descriptor of a streamed member may be there (section 4.3.9)."""
    gap = next_start - end
    if gap == 0 and (not record.flags & STREAMED or record.packed == 0):
        return
    if not record.flags & STREAMED or not 12 <= gap <= 24:
        raise unreadable(f"After {record.name!r} there are {gap} bytes that belong to nothing.")
    short = struct.pack("<3L", record.crc, record.packed & FULL_32, record.size & FULL_32)
    long = struct.pack("<LQQ", record.crc, record.packed, record.size)
    if _at(file, end, gap) not in {short, long, b"PK\x07\x08" + short, b"PK\x07\x08" + long}:
        raise unreadable(f"After {record.name!r} there is no proper descriptor.")


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
