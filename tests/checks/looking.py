"""Have a file looked at by a check, in a real folder, and see what came of it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PIL import Image

from tests.checks.specimens import SID, specimen, stored
from vestibule.models import Copy, Rendition
from vestibule.ports import Check, Finding, Storage


@dataclass
class Seen:
    """A finding, and the storage with the copies."""

    finding: Finding
    storage: Storage

    @property
    def outcome(self) -> tuple[str, str]:
        return self.finding.verdict.outcome, self.finding.verdict.reason

    def copy(self, name: Rendition) -> Copy:
        return next(copy for copy, _ in self.finding.copies if copy.name == name)

    async def read(self, name: Rendition) -> bytes:
        key = next(key for copy, key in self.finding.copies if copy.name == name)
        return b"".join([chunk async for chunk in self.storage.get(key)])

    async def kept(self) -> list[str]:
        return sorted(
            [key.removeprefix(f"quarantine/{SID}/") async for key in self.storage.list("quarantine/")]
        )


@asynccontextmanager
async def looked_at(
    check: Check, folder: Path, content: bytes, content_type: str = "", filename: str = "file"
) -> AsyncIterator[Seen]:
    """What the check says of `content`, taken for what its signature says, or for `content_type`."""
    storage = await stored(folder, content)
    described = specimen(content, filename)
    if content_type:
        described = msgspec.structs.replace(described, content_type=content_type)
    assert check.applies(described), described.content_type
    try:
        yield Seen(await check(described, storage), storage)
    finally:
        await storage.close()


def opened(content: bytes) -> Image.Image:
    """A picture, with every pixel decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
