"""What the requirements say of files on their way in, through the front door."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.files.archives import archive, nested
from tests.requirements.conftest import Front
from vestibule.checks.filename import LONGEST


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        ("photo.jpg", "image/jpeg", b"<html><script>alert(1)</script>"),
        ("photo.jpg", "text/html", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
        ("photo.exe", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
    ],
)
async def test_fu_02_name_content_and_declared_type_must_agree(
    name: str, declared: str, content: bytes, front: Front
) -> None:
    answer = await front.upload(content, name, declared)
    assert (answer.status_code, answer.json()["reason"]) == (422, "media_refused")


async def test_fu_05_a_file_without_a_length_is_cut_at_the_first_byte_too_many(front: Front) -> None:
    most = front.house.written.policy.largest()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * most // (1 << 20)):
            yield b"a line of text\n" * (1 << 16)

    answer = await front.upload(endless())
    assert answer.status_code in {413, 422}
    assert [key async for key in front.house.parts.storage.list("")] == []


async def test_fu_06_archives_within_archives_end_at_a_depth(front: Front) -> None:
    assert (await front.upload(nested(3), "all.zip", "application/zip")).status_code == 201
    answer = await front.upload(nested(5), "all.zip", "application/zip")
    assert answer.json()["details"]["reason"] == "archive_nested"


async def test_fu_08_the_eleventh_file_of_a_minute_has_to_wait(front: Front) -> None:
    for _ in range(10):
        assert (await front.upload(b"Hello.\n")).status_code == 201
    answer = await front.upload(b"Hello.\n")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.json()["advice"]


async def test_fu_10_files_have_names_of_ours_and_only_the_server_may_read_them(front: Front) -> None:
    await front.sent(b"Hello.\n", "notes.txt")
    folder = Path(front.house.settings.data)
    kept = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert "notes" not in str(path.relative_to(folder))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nb.txt", "photo\u202egpj.exe", "a" * 400 + ".txt"])
async def test_fu_11_a_name_that_misleads_is_refused(name: str, front: Front) -> None:
    assert (await front.upload(b"Hello.\n", name)).status_code == 422


async def test_fu_11_a_name_that_is_odd_is_made_safe(front: Front) -> None:
    name = "Scre\u0301en\u202fshot: 1\u200b" + "x" * 200 + ".txt"
    shown = (await front.upload(b"Hello.\n", name)).json()["filename"]
    assert shown.startswith("Scr\u00e9en shot- 1x")
    assert shown.endswith(".txt")
    assert len(shown.encode()) <= LONGEST


async def test_fu_09_members_of_archives_obey_the_policy(front: Front) -> None:
    answer = await front.upload(archive("a.txt", "run.exe"), "all.zip", "application/zip")
    assert answer.json()["details"]["reason"] == "archive_member"


async def test_do_01_more_files_than_there_is_room_for_are_asked_to_come_again(front: Front) -> None:
    """At most three of one person arrive at once: slow ones cannot take every place."""
    assert front.house.settings.uploads > 3
    gate = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"Hello.\n"
        await gate.wait()

    first = [asyncio.create_task(front.upload(slow())) for _ in range(3)]
    await asyncio.sleep(0.3)
    assert (await front.upload(b"Hello.\n")).status_code == 429
    gate.set()
    assert {answer.status_code for answer in await asyncio.gather(*first)} == {201}
