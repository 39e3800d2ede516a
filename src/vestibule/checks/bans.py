"""Bans: bytes that are not wanted again, told by their SHA-256; also the files within a zip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from vestibule import __version__
from vestibule.checks.archive_limits import LIMITS, Limits
from vestibule.checks.rebuilding import original, outputs
from vestibule.checks.sandbox import Sandbox
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage

DIGEST = 32  # bytes
ZIP = "application/zip"

# Of a file's sid and digests: the ban of one of them, in words for staff, or nothing.
Find = Callable[[str, Sequence[str]], Awaitable[str]]
# Of a file's sid: whether there is any ban at all that it could meet.
HasAny = Callable[[str], Awaitable[bool]]


@dataclass(slots=True)
class BanCheck:
    """Refuses the very bytes that are banned. It asks before anything is decoded. See the port `Check`."""

    find: Find
    seconds: float = 10.0

    name = "bans"

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=_verdict(self.name, await self.find(specimen.media_sid, (specimen.sha256,))))


@dataclass(slots=True)
class MemberBanCheck:
    """Refuses a zip with banned bytes in it, also in zips within. See the port `Check`."""

    find: Find
    has_any: HasAny
    sandbox: Sandbox
    limits: Limits = LIMITS
    folder: Path | None = None  # for temporary files; None: the system's
    seconds: float = 180.0  # waiting for a place in the sandbox included

    name = "member_bans"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type == ZIP

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        if not await self.has_any(specimen.media_sid):  # nothing need be unpacked
            return Finding(verdict=_verdict(self.name, ""))
        told = {"limits": msgspec.to_builtins(self.limits)}
        async with original(specimen, storage, self.folder) as file:
            with outputs(("digests", "second", "third"), self.folder) as files:
                room = self.limits.unpacked + (1 << 20)
                answer = await self.sandbox.run("digests.members", file, files, told, output=room)
                if not answer.is_clean:
                    return Finding(verdict=answer.verdict(self.name, __version__))
                digests = _digests(files["digests"])
        return Finding(verdict=_verdict(self.name, await self.find(specimen.media_sid, digests)))


def _verdict(check: str, found: str) -> Verdict:
    if not found:
        return Verdict(outcome="clean", check=check, version=__version__)
    return Verdict(outcome="refused", check=check, reason="banned", detail=found, version=__version__)


def _digests(file: BinaryIO) -> list[str]:
    file.seek(0)
    written = file.read()
    return [written[at : at + DIGEST].hex() for at in range(0, len(written), DIGEST)]
