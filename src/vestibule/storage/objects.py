"""An object store: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.

Parts of uploads that a dying process left are no objects and are never listed; let the bucket's
lifecycle rule (`AbortIncompleteMultipartUpload`) remove them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import obstore
from obstore.store import ObjectStore as Store
from obstore.store import from_url

from vestibule.errors import StorageMissing
from vestibule.storage.batches import batched
from vestibule.storage.keys import promoted, valid_key, valid_prefix

PART = 5 << 20  # bytes: the smallest part that S3 takes, and 10 000 of them are 50 GB
PARTS_AT_ONCE = 3
READ = 4 << 20  # bytes a request: a viewer may be slow for hours, a request to the store may not


class ObjectStorage:
    """See the port `Storage`. Credentials come from the options or the provider's usual places."""

    def __init__(self, url: str, **options: Any) -> None:
        """Use the bucket, and the prefix in it, of an `s3://`, `gs://` or `az://` address.

        `options` are obstore's, such as `endpoint`, `region` or `client_options`.
        """
        self._store = from_url(url, **options)

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        source = _Source(chunks)
        upload = asyncio.ensure_future(self._upload(valid_key(key), source))
        try:
            await asyncio.shield(upload)
        except asyncio.CancelledError:
            source.cut()  # only a source that raises makes obstore take the parts back
            with suppress(Exception, asyncio.CancelledError):
                await upload
            raise
        return source.size

    async def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        head = await self._head(key)
        end = head["size"] if end is None else min(end, head["size"])
        while start < end:
            span = (start, min(start + READ, end))
            piece = await obstore.get_async(
                self._store, key, options={"range": span, "if_match": head["e_tag"]}
            )
            yield bytes(await piece.bytes_async())
            start = span[1]

    async def size(self, key: str) -> int:
        return (await self._head(key))["size"]

    async def promote(self, key: str, to: str | None = None) -> str:
        new = promoted(key, to)
        try:
            await obstore.copy_async(self._store, key, new)
        except FileNotFoundError:
            await self._head(new)  # moved already?
        else:
            await obstore.delete_async(self._store, key)
        return new

    def path(self, key: str) -> None:
        valid_key(key)

    async def delete(self, prefix: str) -> int:
        if not prefix.endswith("/"):
            return await self._delete_one(valid_key(prefix))
        valid_key(prefix.removesuffix("/"))
        count = 0
        async for keys in _keys(self._store, prefix):
            await obstore.delete_async(self._store, keys)
            count += len(keys)
        return count

    async def list(self, prefix: str) -> AsyncIterator[str]:
        async for keys in _keys(self._store, valid_prefix(prefix)):
            for key in keys:
                yield key

    async def close(self) -> None:
        """Nothing is kept open between two requests that anybody would have to close."""

    async def _upload(self, key: str, source: _Source) -> None:
        await obstore.put_async(
            self._store, key, source, use_multipart=True, chunk_size=PART, max_concurrency=PARTS_AT_ONCE
        )

    async def _delete_one(self, key: str) -> int:
        try:
            await self._head(key)
        except StorageMissing:
            return 0
        await obstore.delete_async(self._store, key)
        return 1

    async def _head(self, key: str) -> obstore.ObjectMeta:
        try:
            return await obstore.head_async(self._store, valid_key(key))
        except FileNotFoundError as error:
            raise StorageMissing from error


async def _keys(store: Store, prefix: str) -> AsyncIterator[list[str]]:
    """Every key with this prefix, a page at a time."""
    folder = prefix.rpartition("/")[0]  # obstore's own prefixes are whole folders
    async for objects in obstore.list(store, folder or None):
        yield [item["path"] for item in objects if item["path"].startswith(prefix)]


class _Source:
    """The chunks as obstore asks for them, counted. `cut` ends them with an error."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self.size = 0  # bytes
        self._batches = batched(chunks)
        self._next: asyncio.Future[list[bytes] | None] | None = None
        self._is_cut = False

    def __aiter__(self) -> _Source:
        return self

    async def __anext__(self) -> bytes:
        if self._is_cut:
            raise asyncio.CancelledError
        self._next = asyncio.ensure_future(anext(self._batches, None))
        if (batch := await self._next) is None:
            raise StopAsyncIteration
        chunk = b"".join(batch)
        self.size += len(chunk)
        return chunk

    def cut(self) -> None:
        """Whoever waits for the next chunk gets an error, now and later."""
        self._is_cut = True
        if self._next:
            self._next.cancel()
