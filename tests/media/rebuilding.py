"""A check that makes copies as those do that rebuild files, without a decoder."""

from __future__ import annotations

from dataclasses import dataclass

from tests.media.conftest import Scripted, bytes_of
from vestibule.models import Copy, Rendition
from vestibule.ports import Finding, Specimen, Storage

SAFE, PREVIEW = b"a copy that was built anew", b"a small picture"


@dataclass
class Rebuilder(Scripted):
    """Calls every file clean, and makes `safe` and `preview` of it."""

    name: str = "rebuilder"

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        verdict = await self.finish()
        copies = [
            await made(storage, specimen.media_sid, "safe", "application/pdf", SAFE),
            await made(storage, specimen.media_sid, "preview", "image/webp", PREVIEW),
        ]
        return Finding(verdict=verdict, copies=tuple(copies))


async def made(
    storage: Storage, media_sid: str, name: Rendition, content_type: str, data: bytes
) -> tuple[Copy, str]:
    key = f"quarantine/{media_sid}/{name}"
    size = await storage.put(key, bytes_of(data))
    return Copy(name=name, content_type=content_type, size=size), key
