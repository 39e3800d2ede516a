"""What a folder promises beyond the contract: privacy, no leftovers, and a full disk told plainly."""

from __future__ import annotations

import asyncio
import resource
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from vestibule.errors import StorageFull
from vestibule.storage.folder import FolderStorage

KEY = "quarantine/ME1/original"
MIB = 1 << 20


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "files"


@pytest.fixture
async def storage(root: Path) -> AsyncIterator[FolderStorage]:
    storage = FolderStorage(root)
    yield storage
    await storage.close()


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def modes(root: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [root, *root.rglob("*")]}


async def test_nobody_but_the_owner_may_look_inside(storage: FolderStorage, root: Path) -> None:
    await storage.put(KEY, stream(b"x"))
    await storage.promote(KEY)
    await storage.put(KEY, stream(b"x"))
    assert modes(root) == {(True, 0o700), (False, 0o600)}


async def test_a_file_being_written_is_private_too(storage: FolderStorage, root: Path) -> None:
    async def looking() -> AsyncIterator[bytes]:
        yield b"x"
        assert modes(root) == {(True, 0o700), (False, 0o600)}

    await storage.put(KEY, looking())


async def test_empty_folders_are_tidied_away(storage: FolderStorage, root: Path) -> None:
    await storage.put(KEY, stream(b"x"))
    await storage.promote(KEY)
    assert not (root / "quarantine" / "ME1").exists()
    await storage.delete("available/ME1/")
    assert not list((root / "available").iterdir())
    assert sorted(path.name for path in root.iterdir()) == [".partial", "available", "quarantine"]


async def test_tidying_and_putting_at_once_lose_nothing(storage: FolderStorage) -> None:
    async def put_and_delete(number: int) -> None:
        for _ in range(20):
            await storage.put(f"quarantine/ME1/{number}", stream(b"x"))
            assert await storage.delete(f"quarantine/ME1/{number}") == 1

    await asyncio.gather(*map(put_and_delete, range(6)))


async def test_what_a_killed_process_left_is_cleared_at_the_next_start(root: Path) -> None:
    code = f"""
import asyncio, os, pathlib
from vestibule.storage.folder import FolderStorage

async def half():
    yield bytes({3 * MIB})
    yield bytes({3 * MIB})
    print(len(os.listdir({str(root / ".partial")!r})), flush=True)
    os.kill(os.getpid(), 9)

asyncio.run(FolderStorage(pathlib.Path({str(root)!r})).put({KEY!r}, half()))
"""
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, "1\n"), killed.stderr
    assert len(list((root / ".partial").iterdir())) == 1
    storage = FolderStorage(root)
    assert list((root / ".partial").iterdir()) == []
    assert [key async for key in storage.list("")] == []
    await storage.close()


async def test_what_a_living_process_is_writing_is_left_alone(storage: FolderStorage, root: Path) -> None:
    async def meanwhile() -> AsyncIterator[bytes]:
        yield b"still "
        await FolderStorage(root).close()
        yield b"here"

    assert await storage.put(KEY, meanwhile()) == 10


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may be larger than 2 MiB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("little_room")
async def test_where_there_is_no_room_it_is_said_and_nothing_is_left(
    storage: FolderStorage, root: Path
) -> None:
    with pytest.raises(StorageFull):
        await storage.put(KEY, stream(*[bytes(MIB - 7)] * 5))
    assert [path.name for path in root.rglob("*")] == [".partial"]
    assert await storage.put(KEY, stream(b"small")) == 5
