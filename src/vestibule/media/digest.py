"""The digest of a file that arrives, made in a thread beside all else that happens to the bytes."""

from __future__ import annotations

import asyncio
import hashlib

BATCH = 1 << 20  # bytes that are worth a trip to a thread


class Digest:
    """SHA-256 of what it is given in order. Memory holds two batches at most."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._size = 0  # bytes that wait
        self._work: asyncio.Future[None] | None = None

    async def update(self, chunk: bytes) -> None:
        """Take the next bytes. Waits only where hashing is slower than what arrives."""
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._size >= BATCH:
            await self._hashed()
            self._work = asyncio.get_running_loop().run_in_executor(None, self._take, self._waiting)
            self._waiting, self._size = [], 0

    async def hexdigest(self) -> str:
        """Of all that was given."""
        await self._hashed()
        self._take(self._waiting)  # less than a batch
        return self._hash.hexdigest()

    async def _hashed(self) -> None:
        if self._work is not None:
            await self._work

    def _take(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self._hash.update(chunk)
