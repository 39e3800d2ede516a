"""The members of an archive or Office document, one behind the other, for whoever looks for patterns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
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


JOBS = {"members.gather": gather}
