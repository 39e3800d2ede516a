"""The members of an archive, told by their SHA-256 alone: for whoever knows what they look for."""

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

SPILLS = ("second", "third")  # outputs in which archives within archives are read
ZIP = b"PK\x03\x04"


def members(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write 32 bytes a member into `digests`, also of archives within it. Option: the archives' `limits`."""
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
            deque(chunks, maxlen=0)  # to its end
        out.write(digest.digest())


def _hashed(chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _filled(spill: BinaryIO, chunks: Iterable[bytes]) -> BinaryIO:
    spill.seek(0)
    spill.truncate()
    spill.writelines(chunks)
    spill.flush()
    return spill


JOBS = {"digests.members": members}
