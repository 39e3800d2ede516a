"""Likeness: pictures that look like a banned one are held: a person decides, looks alone refuse nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from vestibule import __version__
from vestibule.checks.rebuilding import LIMITS, fetched
from vestibule.checks.sandbox import Answer, Sandbox
from vestibule.errors import StorageMissing
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage

# Bits of 256. A copy that was made smaller, greyer or worse differs by less, another picture by more.
NEAR = 31
DETAIL = 50  # of 100, below which a picture's bits are chance
TYPE = "image/webp"  # of every small picture that we make

# Of a file's sid: the banned pictures' bits, each with what to call the ban.
Alike = Callable[[str], Awaitable[Sequence[tuple[int, str]]]]

Bits = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """The word of `likeness.fingerprint`."""

    upright: Bits
    mirrored: Bits
    detail: int


@dataclass(slots=True)
class LikenessCheck:
    """Compares the small picture that another check made of a photo or video. See the port `Check`."""

    sandbox: Sandbox
    alike: Alike
    limit: int = NEAR
    folder: Path | None = None  # for temporary files; None: the system's
    seconds: float = 60.0  # waiting for a place in the sandbox included

    name = "likeness"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type.startswith(("image/", "video/"))

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        banned = await self.alike(specimen.media_sid)
        if not banned:
            return Finding(verdict=self._verdict())
        key = await _picture(storage, specimen.media_sid)
        if not key:
            return Finding(verdict=self._broken(Answer(outcome="error", detail="there is no small picture")))
        answer = await self._ask(storage, key)
        if not answer.is_clean:
            return Finding(verdict=self._broken(answer))
        seen = msgspec.convert(answer.value, Fingerprint)
        near = await asyncio.to_thread(nearest, seen, banned) if seen.detail >= DETAIL else None
        if near is None or near[0] > self.limit:
            return Finding(verdict=self._verdict())
        return Finding(verdict=self._verdict(f"{near[1]}: {near[0]} of 256 bits differ"))

    async def fingerprint(self, storage: Storage, key: str) -> str:
        """The bits of one of our small pictures, in hex; empty where it is too flat, or cannot be read."""
        return _told(await self._ask(storage, key))

    async def _ask(self, storage: Storage, key: str) -> Answer:
        told = {"content_type": TYPE, **msgspec.to_builtins(LIMITS)}
        try:
            async with fetched(key, storage, self.folder) as file:
                return await self.sandbox.run("likeness.fingerprint", file, None, told)
        except (StorageMissing, OSError) as error:
            return Answer(outcome="error", reason="check_failed", detail=f"{type(error).__name__}: {key}")

    def _verdict(self, detail: str = "") -> Verdict:
        if not detail:
            return Verdict(outcome="clean", check=self.name, version=__version__)
        return Verdict(
            outcome="suspicious",
            check=self.name,
            reason="check_pending",
            detail=detail,
            version=__version__,
        )

    def _broken(self, answer: Answer) -> Verdict:
        """That our own small picture cannot be read says nothing of the file; it is not clean either."""
        return Verdict(
            outcome="timeout" if answer.outcome == "timeout" else "error",
            check=self.name,
            reason="check_failed",
            detail=answer.detail,
            version=__version__,
        )


async def fingerprint_of(sandbox: Sandbox, file: Path, content_type: str) -> str:
    """The bits of a picture on this machine, in hex; empty for one that is too flat, or no picture."""
    if not content_type.startswith("image/"):
        return ""
    told = {"content_type": content_type, **msgspec.to_builtins(LIMITS)}
    return _told(await sandbox.run("likeness.fingerprint", file, None, told))


def _told(answer: Answer) -> str:
    if not answer.is_clean:
        return ""
    seen = msgspec.convert(answer.value, Fingerprint)
    return seen.upright if seen.detail >= DETAIL else ""


def nearest(seen: Fingerprint, banned: Iterable[tuple[int, str]]) -> tuple[int, str] | None:
    """The least number of bits that differ from a banned picture, or from its mirror image; and its ban."""
    upright, mirrored = int(seen.upright, 16), int(seen.mirrored, 16)
    return min(
        ((min((upright ^ bits).bit_count(), (mirrored ^ bits).bit_count()), name) for bits, name in banned),
        default=None,
    )


async def _picture(storage: Storage, media_sid: str) -> str:
    """Where the small picture lies that another check has just made."""
    for name in ("preview", "poster"):
        key = f"quarantine/{media_sid}/{name}"
        try:
            await storage.size(key)
        except StorageMissing:
            continue
        return key
    return ""
