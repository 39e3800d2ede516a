"""Apart: one stored file, shown to checks as if it had just come. What they make of it is thrown away."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from vestibule.errors import StorageMissing
from vestibule.ports import Storage


class Apart:
    """A `Storage` in which the original of one file is its kept original or, without one, its safe copy.

    All else is written beside, below `quarantine/<sid>/recheck/`; nothing can be let out of here.
    """

    def __init__(self, storage: Storage, media_sid: str, source: str) -> None:
        self._storage = storage
        self._original = f"quarantine/{media_sid}/original"
        self._folder = f"quarantine/{media_sid}/"
        self._source = source

    @classmethod
    async def open(cls, storage: Storage, media_sid: str) -> Apart:
        """Raises `StorageMissing` where there are no bytes any more."""
        original = f"quarantine/{media_sid}/original"
        try:
            await storage.size(original)
        except StorageMissing:
            original = f"available/{media_sid}/safe"
            await storage.size(original)
        return cls(storage, media_sid, original)

    async def digest(self) -> str:
        """The SHA-256 of what the checks are shown, in hex."""
        hashed = hashlib.sha256()
        async for chunk in self._storage.get(self._source):
            hashed.update(chunk)
        return hashed.hexdigest()

    async def clear(self) -> None:
        """Throw away what the checks made."""
        await self._storage.delete(f"{self._folder}recheck/")

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        if key == self._original:
            raise ValueError("A check writes no original.")
        return await self._storage.put(self._place(key), chunks)

    def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return self._storage.get(self._place(key), start, end)

    async def size(self, key: str) -> int:
        return await self._storage.size(self._place(key))

    async def promote(self, key: str, to: str | None = None) -> str:
        raise ValueError("Nothing is let out that is only looked at.")

    def path(self, key: str) -> Path | None:
        return self._storage.path(self._place(key))

    async def delete(self, prefix: str) -> int:
        if prefix in (self._folder, self._original):
            raise ValueError("A check deletes no original.")
        return await self._storage.delete(self._place(prefix))

    def list(self, prefix: str) -> AsyncIterator[str]:
        return self._storage.list(self._place(prefix))

    async def close(self) -> None:
        """What it is a view of stays open."""

    def _place(self, key: str) -> str:
        if key == self._original:
            return self._source
        if not key.startswith(self._folder):
            raise ValueError(f"{key!r} is another file's.")
        return f"{self._folder}recheck/{key.removeprefix(self._folder)}"
