"""The members of an archive or Office document, one behind the other, for whoever looks for patterns."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders.zips import Budget, opened

GAP = bytes(64)  # so that no pattern reaches from one member into the next
SPILLS = ("second", "third")  # outputs in which archives within archives are read
ZIP = b"PK\x03\x04"


def gather(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write all members, also of archives within it, into `members`. Option: the archives' `limits`."""
    size = file.seek(0, os.SEEK_END)
    budget = Budget(msgspec.convert(options["limits"], Limits), size)
    _unpack(file, outputs["members"], [outputs[name] for name in SPILLS], budget)
    outputs["members"].flush()
    return {"members": budget.members}


def digests(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write the SHA-256 of each member, also of archives within it, into `digests`. Option: as `gather`."""
    size = file.seek(0, os.SEEK_END)
    budget = Budget(msgspec.convert(options["limits"], Limits), size)
    _digest(file, outputs["digests"], [outputs[name] for name in SPILLS], budget)
    outputs["digests"].flush()
    return {"members": budget.members}


def _digest(file: BinaryIO, out: BinaryIO, spills: Sequence[BinaryIO], budget: Budget) -> None:
    archive = opened(file, budget)
    for member in archive.members:
        if member.is_folder:
            continue
        digest = hashlib.sha256()
        chunks = _hashed(iter(archive.chunks(member)), digest)
        first = next(chunks, b"")
        if first.startswith(ZIP) and spills:
            within = _filled(spills[0], chain((first,), chunks))
            _digest(within, out, spills[1:], budget)
        else:
            deque(chunks, maxlen=0)
        out.write(digest.digest())


def _hashed(chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _unpack(file: BinaryIO, out: BinaryIO, spills: Sequence[BinaryIO], budget: Budget) -> None:
    archive = opened(file, budget)
    for member in archive.members:
        if member.is_folder:
            continue
        chunks = iter(archive.chunks(member))
        first = next(chunks, b"")
        if first.startswith(ZIP) and spills:
            _unpack(_filled(spills[0], chain((first,), chunks)), out, spills[1:], budget)
        else:
            out.writelines(chain((first,), chunks, (GAP,)))


def _filled(spill: BinaryIO, chunks: Iterable[bytes]) -> BinaryIO:
    spill.seek(0)
    spill.truncate()
    spill.writelines(chunks)
    spill.flush()
    return spill


JOBS = {"members.gather": gather, "members.digests": digests}
