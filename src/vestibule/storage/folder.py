"""A folder of plain files. A key's path below it is where the bytes lie.

A file is written under a name of chance, synced, and only then given its own: what has a key is whole.
Nobody but the owner may read any of it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from vestibule.errors import StorageMissing
from vestibule.storage.batches import batched
from vestibule.storage.keys import promoted, valid_key, valid_prefix
from vestibule.storage.partial import PARTIAL, Partial, clear, make_folder, move, sync_folder

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

READ = 1 << 20  # bytes at a time: many, because each is a trip to a thread and back
KEYS = 1000  # at a time
THREADS = 16  # they wait for the disk, not for the processor


class FolderStorage:
    """See the port `Storage`."""

    def __init__(self, root: Path) -> None:
        """Make the folder where it is missing, and clear away what an earlier process left half-made."""
        self._root = root.absolute()
        make_folder(self._root)
        clear(self._root)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="folder")

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        target = self.path(key)
        partial = Partial(self._root)
        try:
            await self._do(partial.open)
            await self._fill(partial, chunks)
            await self._do(partial.finish, target)
        finally:
            await asyncio.shield(self._do(partial.discard))
        return partial.size

    async def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        reading = Reading(self.path(key))
        try:
            while True:
                wanted = READ if end is None else max(0, min(READ, end - start))
                chunk = await self._do(reading.read, wanted, start)
                if not chunk:
                    return
                start += len(chunk)
                yield chunk
        finally:
            reading.close()

    async def size(self, key: str) -> int:
        return await self._do(_size, self.path(key))

    async def promote(self, key: str, to: str | None = None) -> str:
        new = promoted(key, to)
        await self._do(_promote, self._root, key, new)
        return new

    def path(self, key: str) -> Path:
        return self._root / valid_key(key)

    async def delete(self, prefix: str) -> int:
        valid_key(prefix.removesuffix("/"))
        return await self._do(_delete, self._root, prefix)

    async def list(self, prefix: str) -> AsyncIterator[str]:
        keys = _keys(self._root, valid_prefix(prefix))
        while batch := await self._do(_some, keys):
            for key in batch:
                yield key

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown)

    async def _fill(self, partial: Partial, chunks: AsyncIterator[bytes]) -> None:
        """Write one batch while the next is gathered."""
        writing: asyncio.Future[None] | None = None
        async for batch in batched(chunks):
            if writing:
                await writing
            writing = self._do(partial.write, batch)
        if writing:
            await writing

    def _do(self, function: Callable[[*Ts], R], *args: *Ts) -> asyncio.Future[R]:
        return asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


# What follows blocks: it runs in threads.


class Reading:
    """One file being read. `close` waits for a read that was cut off in the middle."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._lock = threading.Lock()

    def read(self, size: int, start: int) -> bytes:
        """At most `size` bytes. Raises `StorageMissing`."""
        with self._lock:
            if self._file is None:
                self._file = self._open()
            return os.pread(self._file, size, start)

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _open(self) -> int:
        if not self._path.is_file():
            raise StorageMissing
        try:
            return os.open(self._path, os.O_RDONLY)
        except FileNotFoundError as error:
            raise StorageMissing from error


def _size(path: Path) -> int:
    if not path.is_file():
        raise StorageMissing
    return path.stat().st_size


def _promote(root: Path, key: str, new: str) -> None:
    source, target = root / key, root / new
    if source.is_file():
        with suppress(FileNotFoundError):  # somebody else promoted it just now
            move(source, target)
            _tidy(root, source.parent)
            return
    if not target.is_file():
        raise StorageMissing
    sync_folder(target.parent)  # whoever was cut off may not have come to it


def _delete(root: Path, prefix: str) -> int:
    keys = list(_keys(root, prefix)) if prefix.endswith("/") else [prefix]
    return sum(_delete_one(root, root / key) for key in keys)


def _delete_one(root: Path, path: Path) -> bool:
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    _tidy(root, path.parent)
    return True


def _tidy(root: Path, folder: Path) -> None:
    """Take away folders that became empty, and make that and what was taken out of them durable."""
    with suppress(OSError):  # not empty, or somebody else was faster
        while root not in (folder, folder.parent):  # what stands at the top is needed again at once
            folder.rmdir()
            folder = folder.parent
    _sync_nearest(folder)


def _sync_nearest(folder: Path) -> None:
    try:
        sync_folder(folder)
    except FileNotFoundError:
        _sync_nearest(folder.parent)


def _keys(root: Path, prefix: str) -> Iterator[str]:
    """Every key with this prefix, one folder after the other."""
    start = prefix.rpartition("/")[0]
    for path, folders, names in os.walk(root / start):
        place = Path(path).relative_to(root)
        folders[:] = [name for name in folders if name != PARTIAL and _may_hold(place / name, prefix)]
        yield from (key for name in names if (key := (place / name).as_posix()).startswith(prefix))


def _may_hold(folder: Path, prefix: str) -> bool:
    path = f"{folder.as_posix()}/"
    return path.startswith(prefix) or prefix.startswith(path)


def _some(keys: Iterator[str]) -> list[str]:
    return list(islice(keys, KEYS))
