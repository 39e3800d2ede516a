"""Gathers the small chunks of a request's body: one trip to the disk or the network for many."""

from __future__ import annotations

from collections.abc import AsyncIterator

BATCH = 1 << 20  # bytes
PIECES = 1024  # writev takes no more (IOV_MAX on Linux)


async def batched(chunks: AsyncIterator[bytes], size: int = BATCH) -> AsyncIterator[list[bytes]]:
    """Lists of chunks of about `size` bytes together; the last is shorter. No empty chunks or lists."""
    batch: list[bytes] = []
    gathered = 0
    async for chunk in chunks:
        if chunk:
            batch.append(chunk)
            gathered += len(chunk)
        if gathered >= size or len(batch) >= PIECES:
            yield batch
            batch, gathered = [], 0
    if batch:
        yield batch
