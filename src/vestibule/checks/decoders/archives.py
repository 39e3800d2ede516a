"""Zip archives and Office documents: gone through whole, nothing written, nothing kept."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

import msgspec

from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders.unpacking import Unpacking
from vestibule.checks.decoders.zips import Budget
from vestibule.checks.policy import Policy

SPILLS = ("second", "third")  # outputs in which archives within archives are read
SPARE = "spare"  # the output in which any other member is opened


def inspect(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Go through a zip. Options: the `policy` for its members, and the limits, `limits` and `opening`."""
    unpacking = _unpacking(file, outputs, options)
    unpacking.archive(file)
    return _spent(unpacking)


def inspect_document(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Go through an Office document. Options: as `inspect`, and its `extension`."""
    unpacking = _unpacking(file, outputs, options)
    unpacking.document(file, options["extension"])
    return _spent(unpacking)


def _unpacking(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> Unpacking:
    size = file.seek(0, os.SEEK_END)
    limits = msgspec.convert(options["limits"], Limits)
    return Unpacking(
        policy=msgspec.convert(options.get("policy", {}), Policy),
        budget=Budget(limits, size),
        spills=[outputs[name] for name in SPILLS],
        spare=outputs[SPARE],
        limits=options["opening"],
    )


def _spent(unpacking: Unpacking) -> dict[str, Any]:
    return {"members": unpacking.budget.members, "unpacked": unpacking.budget.unpacked}


JOBS = {"archives.inspect": inspect, "office.inspect": inspect_document}
