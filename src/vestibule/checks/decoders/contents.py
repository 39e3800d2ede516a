"""The contents of a file, for scanners: the members of archives and documents, and what PDFs unpack to.

Each is written as a piece of its own, so that a scanner sees it as the file that it is. Archives within are
opened and not written themselves: all of their bytes are members, or headers that were compared.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders.pdf_streams import unpacked
from vestibule.checks.decoders.zips import Budget, opened
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.pieces import CHUNK, FRAME, LARGEST, LONGEST_NAME, MOST

SPILLS = ("second", "third")  # outputs in which archives within archives are read
SPARE = "spare"  # the output in which a PDF within an archive is read
ZIP, PDF = b"PK\x03\x04", b"%PDF-"
EARLY = 1024  # bytes in which readers look for a PDF's beginning


def unpack(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write all there is into `pieces`. Options: whether it `is_paper`, and the archives' `limits`."""
    size = file.seek(0, os.SEEK_END)
    pieces = Pieces(outputs["pieces"])
    contents = Contents(
        pieces=pieces,
        budget=Budget(msgspec.convert(options["limits"], Limits), size),
        spills=[outputs[name] for name in SPILLS],
        spare=outputs[SPARE],
    )
    if options["is_paper"]:
        contents.paper(file)
    else:
        contents.archive(file)
    return {"pieces": len(pieces.seen), "bytes": pieces.size}


@dataclass(slots=True)
class Pieces:
    """The pieces written so far. The same content is written once, and none not at all."""

    out: BinaryIO
    size: int = 0  # bytes of the contents
    seen: set[bytes] = field(default_factory=set)  # digests

    def add(self, name: str, chunks: Iterable[bytes | memoryview]) -> None:
        """Write one. Its length is known at its end, and put in then. Raises `Refused` for too much."""
        start = self.out.tell()
        label = name.encode("utf-8", "replace")[-LONGEST_NAME:]
        self.out.write(bytes(FRAME.size) + label)
        size, digest = self._written(chunks)
        if size == 0 or digest in self.seen:
            self.out.seek(start)
            self.out.truncate()
            return
        self.seen.add(digest)
        self.size += size
        if len(self.seen) > MOST:
            raise Refused("too_complex", f"It has more than {MOST} pieces.")
        self.out.seek(start)
        self.out.write(FRAME.pack(len(label), size))
        self.out.seek(0, os.SEEK_END)

    def _written(self, chunks: Iterable[bytes | memoryview]) -> tuple[int, bytes]:
        size, digest = 0, hashlib.blake2b(digest_size=16)
        for chunk in chunks:
            size += len(chunk)
            if self.size + size > LARGEST:
                raise Refused("too_complex", f"It unpacks to more than {LARGEST} bytes.")
            digest.update(chunk)
            self.out.write(chunk)
        return size, digest.digest()


@dataclass(slots=True)
class Contents:
    """One file that was sent, unpacked. `spills` are files for the levels within, outermost first."""

    pieces: Pieces
    budget: Budget
    spills: Sequence[BinaryIO]
    spare: BinaryIO

    def archive(self, file: BinaryIO, path: str = "", level: int = 1) -> None:
        """Raises `Refused` for an archive that is not to be opened."""
        archive = opened(file, self.budget)
        for member in archive.members:
            if not member.is_folder:
                self._member(path + member.name, archive.chunks(member), level)

    def _member(self, name: str, chunks: Iterator[bytes], level: int) -> None:
        first = next(chunks, b"")
        whole = chain((first,), chunks)
        if first.startswith(ZIP) and level <= len(self.spills):
            self.archive(_filled(self.spills[level - 1], whole), f"{name}/", level + 1)
        elif PDF in first[:EARLY]:
            paper = _filled(self.spare, whole)
            self.pieces.add(name, _chunks(paper))
            self._perhaps(self.paper, paper, f"{name}/", level)
        else:
            self.pieces.add(name, whole)

    def paper(self, file: BinaryIO, path: str = "", level: int = 1) -> None:
        """Raises `Refused` for a PDF that cannot be opened."""
        for name, content in unpacked(file):
            self.pieces.add(path + name, _slices(content))
            if content[:4] == ZIP and level <= len(self.spills):
                self._perhaps(self.archive, BytesIO(content), f"{path}{name}/", level + 1)

    def _perhaps(self, open_: Any, file: BinaryIO, path: str, level: int) -> None:
        """Look into what may be no archive and no PDF, and is a piece in any case."""
        try:
            open_(file, path, level)
        except Refused as refused:
            if refused.reason == "too_complex":
                raise


def _filled(file: BinaryIO, chunks: Iterable[bytes]) -> BinaryIO:
    file.seek(0)
    file.truncate()
    file.writelines(chunks)
    file.flush()
    return file


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _slices(content: memoryview) -> Iterator[memoryview]:
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]


JOBS = {"contents.unpack": unpack}
