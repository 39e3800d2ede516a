"""Pieces: what a file was unpacked to, each behind its length and its name, in one file.

The file was written by a process that a stranger's bytes may have taken over: here nothing but lengths is
read, and lengths that do not come out even are no pieces.
"""

from __future__ import annotations

import os
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass

FRAME = struct.Struct(">HQ")  # bytes of the name, bytes of the content; then the name, then the content
LONGEST_NAME = 500  # bytes
LARGEST = 300 << 20  # bytes of all pieces: half as much again as archives may unpack to, for PDFs in them
MOST = 20_000  # pieces: a PDF of 5000 pages has about two for each
CHUNK = 256 * 1024  # bytes


class Garbled(Exception):
    """The lengths make no sense."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them: where it lies in the file, and what it is called there."""

    name: str
    start: int
    size: int


def pieces_of(file: int) -> list[Piece]:
    """All pieces in a file, by its descriptor. Raises `Garbled`."""
    pieces: list[Piece] = []
    position, end = 0, os.fstat(file).st_size
    while position < end:
        if len(pieces) == MOST:
            raise Garbled(f"more than {MOST} pieces")
        pieces.append(piece := _piece_at(file, position))
        position = piece.start + piece.size
    if position != end:
        raise Garbled(f"{end} bytes, and pieces that end at {position}")
    return pieces


def _piece_at(file: int, position: int) -> Piece:
    head = os.pread(file, FRAME.size + LONGEST_NAME, position)
    if len(head) < FRAME.size:
        raise Garbled(f"no whole frame at {position}")
    length, size = FRAME.unpack_from(head)
    name = head[FRAME.size : FRAME.size + length]
    if length > LONGEST_NAME or len(name) < length or not 0 < size <= LARGEST:
        raise Garbled(f"a name of {length} bytes and a content of {size} at {position}")
    return Piece(name.decode("utf-8", "replace"), position + FRAME.size + length, size)


async def chunks(file: int, piece: Piece) -> AsyncIterator[bytes]:
    """A piece's bytes. They were just written, so they lie in memory and nobody waits for a disk."""
    position, end = piece.start, piece.start + piece.size
    while position < end:
        chunk = os.pread(file, min(CHUNK, end - position), position)
        if not chunk:
            raise Garbled(f"{piece.name!r} is cut off")
        position += len(chunk)
        yield chunk
