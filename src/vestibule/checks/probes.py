"""Probes: harmless streams whose answers tell a clamd's settings. It has no command for that."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache, partial

from vestibule.checks.scanners import MEANINGLESS, Attempt, Daemon, Scanners, Source

SECONDS = 60.0  # for each
ZEROS = bytes(256 * 1024)
DEEP = 120  # archives within each other: clamd.conf takes no MaxRecursion above 100


@dataclass(frozen=True, slots=True)
class Fault:
    """A setting that is not as it should be, and what comes of it."""

    setting: str
    sentence: str


async def faults(scanners: Scanners, daemon: Daemon, largest: int) -> list[Fault] | None:
    """What is wrong with a daemon's settings. None: it gave no answer. `largest` is in bytes."""
    found: list[Fault] = []
    for source, judge in (
        (partial(_zeros, largest), _of_size),
        (partial(_whole, _deep()), _of_depth),
        (partial(_whole, _locked()), _of_lock),
    ):
        detail = await _answer(scanners, daemon, source)
        if detail is None:
            return None
        found += judge(detail)
    return found


async def _answer(scanners: Scanners, daemon: Daemon, source: Source) -> str | None:
    """What this one daemon found; empty for nothing."""
    asked = set(scanners.daemons) - {daemon}
    attempt = Attempt(scanners, asked, source())
    try:
        answer = await scanners.settle(attempt, asked, None, SECONDS)
    finally:
        await attempt.close()
    return None if answer.outcome in MEANINGLESS else answer.detail


def _of_size(detail: str) -> list[Fault]:
    if not detail:
        return []
    setting = "StreamMaxLength" if detail.startswith("INSTREAM") else "MaxFileSize or MaxScanSize"
    return [Fault(setting, "it is below the largest file of our policy, and what is larger will be refused")]


def _of_depth(detail: str) -> list[Fault]:
    return [] if detail else [Fault("AlertExceedsMax", "it is off: OK is said of what a limit made it skip")]


def _of_lock(detail: str) -> list[Fault]:
    return [] if detail else [Fault("AlertEncrypted", "it is off: OK is said of what a password locks")]


async def _zeros(size: int) -> AsyncIterator[bytes]:
    for at in range(0, size, len(ZEROS)):
        yield ZEROS[: size - at]
        await asyncio.sleep(0)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


@cache
def _deep() -> bytes:
    content = b"nothing"
    for _ in range(DEEP):
        content = _zipped(content)
    return content


@cache
def _locked() -> bytes:
    """A zip whose only member is said to be locked: bit 0 of its flags, APPNOTE.TXT 4.4.4."""
    content = bytearray(_zipped(b"twelve bytes of a key, and more"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def _zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("within.zip"), content)
    return file.getvalue()
