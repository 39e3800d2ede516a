"""A half-made file of a folder: under a name of chance until it is whole and on the disk.

All of it blocks, so it runs in threads. The lock on the file tells other processes that somebody is at it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vestibule.errors import StorageFull

PARTIAL = ".partial"  # no key begins with a dot
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, the owner's share of it, the limit of one file


class Partial:
    """One file being written. `discard` may come at any time, also while a write is under way."""

    def __init__(self, root: Path) -> None:
        self.size = 0  # bytes
        self._path = root / PARTIAL / os.urandom(16).hex()
        self._file: int | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Begin."""
        with self._lock, full_is_told():
            self._file = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def write(self, chunks: list[bytes]) -> None:
        """Append the chunks: a list as `batched` makes it."""
        with self._lock, full_is_told():
            if self._file is None:
                return
            whole = sum(map(len, chunks))
            written = os.writev(self._file, chunks)
            if written < whole:  # nearly never: a signal, or a disk about to be full
                _write_rest(self._file, memoryview(b"".join(chunks))[written:])
            # Linux takes this as the sign to begin writing back, so that `fsync` finds most of it done.
            # What is still being written stays in the cache for whoever reads it next.
            os.posix_fadvise(self._file, self.size, whole, os.POSIX_FADV_DONTNEED)
            self.size += whole

    def finish(self, target: Path) -> None:
        """Give the file its name, durably."""
        with self._lock, full_is_told():
            if self._file is None:
                return
            os.fsync(self._file)
            move(self._path, target)
            self._close()

    def discard(self) -> None:
        """Take it away, unless it is finished."""
        with self._lock:
            if self._file is not None:
                self._close()
                self._path.unlink()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def clear(root: Path) -> None:
    """Take away what was left half-made, except where a living process is at work."""
    make_folder(root / PARTIAL)
    for path in (root / PARTIAL).iterdir():
        with path.open("rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def move(source: Path, target: Path) -> None:
    """Rename a file, durably. An older target is replaced. Raises `FileNotFoundError`."""
    while True:
        make_folder(target.parent)
        try:
            source.rename(target)
        except FileNotFoundError:
            if not source.exists():
                raise
        else:
            break
    with suppress(FileNotFoundError):  # deleted again already
        sync_folder(target.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, durably, for the owner alone."""
    while not path.is_dir():
        with suppress(FileNotFoundError):  # somebody tidied it away under our hands: again
            make_folder(path.parent)
            path.mkdir(mode=0o700, exist_ok=True)
            sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """A name is on the disk only when its folder is."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def full_is_told() -> Iterator[None]:
    """Say in our own words that there is no room."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull from error
        raise


def _write_rest(file: int, rest: memoryview) -> None:
    while rest:
        rest = rest[os.write(file, rest) :]
