"""The contract of `Storage`, on every backend."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import boto3
import psutil
import pytest

from vestibule.errors import StorageMissing
from vestibule.ports import Storage
from vestibule.storage.folder import FolderStorage
from vestibule.storage.objects import ObjectStorage

KEY = "quarantine/ME1/original"
MIB = 1 << 20

Place = Callable[[], Storage]  # opens the same place anew

ESCAPING = [
    "",
    "/etc/passwd",
    "../up",
    "quarantine/../../up",
    "a//b",
    "a/./b",
    "a\0b",
    ".partial/x",
    "a\\..\\b",
]


# The backends


def wait_until_open(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("The S3 server did not start.")


@pytest.fixture(scope="session")
def s3() -> Iterator[SimpleNamespace]:
    """An S3 server in a process of its own, and a client to look behind the adapter's back."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_open(url)
        secrets = {"aws_access_key_id": "id", "aws_secret_access_key": "secret"}
        client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **secrets)
        yield SimpleNamespace(url=url, client=client)
        client.close()
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return lambda: FolderStorage(tmp_path / "files")
    server = request.getfixturevalue("s3")
    bucket = f"bucket-{os.urandom(6).hex()}"
    server.client.create_bucket(Bucket=bucket)
    return lambda: bucket_storage(server.url, bucket)


def bucket_storage(url: str, bucket: str) -> Storage:
    return ObjectStorage(
        f"s3://{bucket}/house",
        endpoint=url,
        region="us-east-1",
        access_key_id="id",
        secret_access_key="secret",
        client_options={"allow_http": True},
    )


@pytest.fixture
async def storage(place: Place) -> AsyncIterator[Storage]:
    storage = place()
    yield storage
    await storage.close()


# What people do with it


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def broken(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise ConnectionResetError("the phone went into a tunnel")


async def read(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in storage.get(key, start, end)])


async def listed(storage: Storage, prefix: str = "") -> list[str]:
    return sorted([key async for key in storage.list(prefix)])


# Putting and getting


async def test_what_was_put_is_got(storage: Storage) -> None:
    assert await storage.put(KEY, stream(b"one ", b"", b"two")) == 7
    assert await read(storage, KEY) == b"one two"
    assert await storage.size(KEY) == 7


async def test_an_empty_file_is_a_file(storage: Storage) -> None:
    assert await storage.put(KEY, stream()) == 0
    assert await storage.size(KEY) == 0
    assert await read(storage, KEY) == b""


async def test_a_large_file_of_small_and_large_chunks_is_whole(storage: Storage) -> None:
    chunks = [os.urandom(size) for size in (1, 65_536, 3 * MIB, 7, 6 * MIB, 100)] + [b"x"] * 3000
    assert await storage.put(KEY, stream(*chunks)) == sum(map(len, chunks))
    assert await read(storage, KEY) == b"".join(chunks)


async def test_an_older_value_is_replaced(storage: Storage) -> None:
    await storage.put(KEY, stream(b"a longer first one"))
    await storage.put(KEY, stream(b"second"))
    assert await read(storage, KEY) == b"second"


@pytest.mark.parametrize(
    "span", [(0, 1), (2, 5), (3, None), (0, 100), (9, 10), (10, None), (50, 60), (4, 4), (5, 2)]
)
async def test_a_range_is_that_part_of_the_bytes(storage: Storage, span: tuple[int, int | None]) -> None:
    await storage.put(KEY, stream(b"0123456789"))
    assert await read(storage, KEY, *span) == b"0123456789"[slice(*span)]


async def test_a_range_across_many_pieces_of_a_large_file(storage: Storage) -> None:
    content = os.urandom(9 * MIB)
    await storage.put(KEY, stream(content))
    assert await read(storage, KEY, MIB - 1, 9 * MIB - 1) == content[MIB - 1 : 9 * MIB - 1]


async def test_a_reader_may_go_away_in_the_middle(storage: Storage) -> None:
    await storage.put(KEY, stream(os.urandom(6 * MIB)))
    reader = storage.get(KEY)
    assert await anext(reader)
    await reader.aclose()
    assert await storage.delete(KEY) == 1


async def test_what_is_missing_is_said_to_be_missing(storage: Storage) -> None:
    await storage.put(KEY, stream(b"x"))
    for key in ("quarantine/ME2/original", "quarantine/ME1", KEY + "/below"):
        with pytest.raises(StorageMissing):
            await storage.size(key)
        with pytest.raises(StorageMissing):
            await read(storage, key)
        with pytest.raises(StorageMissing):
            await read(storage, key, 4, 4)


# Whole or not at all


@pytest.mark.parametrize("sent", [0, 3, 12 * MIB])
async def test_an_upload_that_breaks_off_leaves_nothing(place: Place, storage: Storage, sent: int) -> None:
    with pytest.raises(ConnectionResetError, match="tunnel"):
        await storage.put(KEY, broken(bytes(sent)))
    assert await listed(storage) == []
    with pytest.raises(StorageMissing):
        await storage.size(KEY)


async def test_an_upload_that_breaks_off_leaves_the_older_value(storage: Storage) -> None:
    await storage.put(KEY, stream(b"older"))
    with pytest.raises(ConnectionResetError):
        await storage.put(KEY, broken(b"new", bytes(6 * MIB)))
    assert await read(storage, KEY) == b"older"


async def test_an_upload_under_way_is_not_shown_and_a_cancelled_one_leaves_nothing(storage: Storage) -> None:
    is_waiting = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield bytes(6 * MIB)
        is_waiting.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(storage.put(KEY, stalling()))
    await is_waiting.wait()
    assert await listed(storage) == []
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await listed(storage) == []


async def test_another_adapter_on_the_same_place_sees_what_was_put(place: Place, storage: Storage) -> None:
    await storage.put(KEY, stream(b"kept"))
    other = place()
    assert await read(other, KEY) == b"kept"
    await other.close()


async def test_many_write_at_once_and_each_gets_their_own(storage: Storage) -> None:
    contents = {f"quarantine/ME{number}/original": os.urandom(200_000) for number in range(20)}
    await asyncio.gather(*(storage.put(key, stream(content)) for key, content in contents.items()))
    assert await asyncio.gather(*(read(storage, key) for key in contents)) == list(contents.values())


# Promoting


async def test_a_promoted_file_is_out_of_quarantine(storage: Storage) -> None:
    await storage.put(KEY, stream(b"clean"))
    assert await storage.promote(KEY) == "available/ME1/original"
    assert await read(storage, "available/ME1/original") == b"clean"
    assert await listed(storage) == ["available/ME1/original"]


async def test_a_file_is_promoted_to_another_name(storage: Storage) -> None:
    await storage.put("quarantine/ME1/made-7", stream(b"copy"))
    assert await storage.promote("quarantine/ME1/made-7", "ME1/safe") == "available/ME1/safe"
    assert await listed(storage) == ["available/ME1/safe"]


async def test_promoting_again_gives_the_same(storage: Storage) -> None:
    await storage.put(KEY, stream(b"clean"))
    assert await storage.promote(KEY) == await storage.promote(KEY) == "available/ME1/original"
    assert await read(storage, "available/ME1/original") == b"clean"


async def test_promoting_replaces_an_older_copy(storage: Storage) -> None:
    await storage.put("available/ME1/original", stream(b"older"))
    await storage.put(KEY, stream(b"newer"))
    await storage.promote(KEY)
    assert await read(storage, "available/ME1/original") == b"newer"


async def test_what_is_nowhere_cannot_be_promoted(storage: Storage) -> None:
    with pytest.raises(StorageMissing):
        await storage.promote(KEY)


@pytest.mark.parametrize("key", ["available/ME1/original", "ME1", "quarantine/../x", "quarantine/"])
async def test_only_the_quarantine_is_promoted(storage: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="key|quarantine"):
        await storage.promote(key)


async def test_nothing_is_promoted_out_of_the_house(storage: Storage) -> None:
    await storage.put(KEY, stream(b"x"))
    with pytest.raises(ValueError, match="no key"):
        await storage.promote(KEY, "../../outside")
    assert await listed(storage) == [KEY]


# Deleting and listing


async def test_deleting_one_key_leaves_its_neighbours(storage: Storage) -> None:
    for name in ("original", "original2"):
        await storage.put(f"quarantine/ME1/{name}", stream(b"x"))
    assert await storage.delete("quarantine/ME1/original") == 1
    assert await storage.delete("quarantine/ME1/original") == 0
    assert await listed(storage) == ["quarantine/ME1/original2"]


async def test_deleting_a_folder_deletes_all_below_it_and_nothing_else(storage: Storage) -> None:
    for key in ("available/ME1/safe", "available/ME1/preview", "available/ME12/safe", "available/ME2/safe"):
        await storage.put(key, stream(b"x"))
    assert await storage.delete("available/ME1/") == 2
    assert await storage.delete("available/ME1/") == 0
    assert await listed(storage) == ["available/ME12/safe", "available/ME2/safe"]


async def test_deleting_a_name_does_not_delete_what_is_below_it(storage: Storage) -> None:
    await storage.put(KEY, stream(b"x"))
    assert await storage.delete("quarantine/ME1") == 0
    assert await listed(storage) == [KEY]


async def test_a_prefix_may_end_anywhere(storage: Storage) -> None:
    keys = [
        "available/ME12/safe",
        "quarantine/ME1/original",
        "quarantine/ME12/original",
        "quarantine/ME2/original",
    ]
    for key in keys:
        await storage.put(key, stream(b"x"))
    assert await listed(storage) == keys
    assert await listed(storage, "quarantine/") == keys[1:]
    assert await listed(storage, "quarantine/ME1") == keys[1:3]
    assert await listed(storage, "quarantine/ME1/") == keys[1:2]
    assert await listed(storage, "nowhere/") == []


@pytest.mark.parametrize("key", ESCAPING)
async def test_no_key_leads_out_of_its_place(storage: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        await storage.put(key, stream(b"x"))
    with pytest.raises(ValueError, match="no key"):
        await storage.size(key)
    with pytest.raises(ValueError, match="no key"):
        await read(storage, key)
    with pytest.raises(ValueError, match="no key"):
        await storage.delete(key)
    with pytest.raises(ValueError, match="no key"):
        storage.path(key)


async def test_nothing_but_a_key_or_a_folder_is_deleted(storage: Storage) -> None:
    await storage.put(KEY, stream(b"x"))
    for prefix in ("/", "../", "quarantine/../", "quarantine//"):
        with pytest.raises(ValueError, match="no key"):
            await storage.delete(prefix)
    assert await listed(storage) == [KEY]


async def test_a_plain_file_is_told_where_there_is_one(storage: Storage) -> None:
    await storage.put(KEY, stream(b"plain"))
    path = storage.path(KEY)
    assert path is None or path.read_bytes() == b"plain"


async def test_closing_twice_is_fine(place: Place) -> None:
    storage = place()
    await storage.close()
    await storage.close()


async def test_memory_is_flat_whatever_the_size(storage: Storage) -> None:
    process, peaks = psutil.Process(), [0]

    async def much(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield bytes(MIB)
            peaks.append(process.memory_info().rss)

    await storage.put(KEY, much(20))  # what any file takes
    before = process.memory_info().rss
    assert await storage.put(KEY, much(150)) == 150 * MIB
    async for _ in storage.get(KEY):
        peaks.append(process.memory_info().rss)
    assert max(peaks) - before < 32 * MIB
