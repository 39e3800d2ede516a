"""How a file is received: who may send it, what is cut off, and what stays of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.media.conftest import LIMIT, PDF, MediaHouse, bytes_of, open_media_house
from vestibule.errors import (
    Busy,
    InvalidRequest,
    MediaRefused,
    MediaTooLarge,
    NotFound,
    PermissionDenied,
    UploadBroken,
)
from vestibule.models import Verdict
from vestibule.payloads import AttachFile, FetchMedia, OpenChannel


async def test_a_clean_file_is_kept_under_its_sid_and_nowhere_else(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    assert media.state == "clean"
    assert [
        path.relative_to(media_house.folder / "files").as_posix() for path in media_house.bytes_on_disk()
    ] == [f"available/{media.sid}/safe"]


async def test_the_record_says_what_the_bytes_are(media_house: MediaHouse) -> None:
    media = await media_house.upload(name="Bill \u202f1.pdf", declared="application/octet-stream")
    assert (media.content_type, media.size, media.filename) == ("application/pdf", len(PDF), "Bill 1.pdf")


async def test_the_scanner_is_fed_every_byte_once_while_they_arrive(media_house: MediaHouse) -> None:
    data = PDF + b"x" * 20_000 + b"\n%%EOF"
    await media_house.upload(data)
    assert media_house.scanner.fed == data


async def test_a_blocked_member_cannot_upload(media_house: MediaHouse) -> None:
    await media_house.chat.block()
    with pytest.raises(PermissionDenied):
        await media_house.upload()
    assert media_house.bytes_on_disk() == []


async def test_a_stranger_learns_nothing_of_the_channel(media_house: MediaHouse) -> None:
    stranger, _ = await media_house.house.visitor("Eve")
    with pytest.raises(NotFound):
        await media_house.upload(who=stranger)


async def test_a_program_is_refused_before_a_byte_of_it_is_read(media_house: MediaHouse) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        raise AssertionError("a byte was read")
        yield b""

    payload = AttachFile("run.exe", "", chunks(), media_house.chat.channel_sid)
    with pytest.raises(MediaRefused) as refused:
        await media_house.chat.customer.invoke(payload)
    assert refused.value.detail["reason"] == "type_not_accepted"


async def test_a_disguise_is_refused_at_its_first_bytes(media_house: MediaHouse) -> None:
    read = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(50):
            read += 1
            yield b"MZ" + b"\0" * 1998

    with pytest.raises(MediaRefused) as refused:
        await media_house.chat.customer.invoke(
            AttachFile("photo.jpg", "image/jpeg", chunks(), media_house.chat.channel_sid)
        )
    assert refused.value.detail["reason"] == "type_mismatch"
    assert read == 3  # 4096 bytes are in the third
    assert media_house.bytes_on_disk() == []


async def test_a_file_is_cut_at_the_first_byte_too_many(media_house: MediaHouse) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield PDF
        while True:
            read += 1000
            yield b" " * 1000

    with pytest.raises(MediaTooLarge):
        await media_house.chat.customer.invoke(
            AttachFile("bill.pdf", "", endless(), media_house.chat.channel_sid)
        )
    assert read < LIMIT + 1000
    assert media_house.bytes_on_disk() == []


async def test_a_file_of_exactly_the_limit_is_taken(media_house: MediaHouse) -> None:
    assert (await media_house.upload(PDF.ljust(LIMIT))).size == LIMIT


async def test_a_size_that_was_said_is_believed_only_to_refuse(media_house: MediaHouse) -> None:
    with pytest.raises(MediaTooLarge):
        await media_house.upload(size=LIMIT + 1)
    with pytest.raises(MediaTooLarge):
        await media_house.upload(PDF.ljust(LIMIT + 1), size=10)


async def test_an_empty_file_is_refused(media_house: MediaHouse) -> None:
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload(b"")
    assert refused.value.detail["reason"] == "empty"


async def test_of_an_upload_that_breaks_off_nothing_stays(media_house: MediaHouse) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF.ljust(5000)
        raise ConnectionResetError

    with pytest.raises(UploadBroken):
        await media_house.chat.customer.invoke(
            AttachFile("bill.pdf", "", broken(), media_house.chat.channel_sid)
        )
    assert media_house.bytes_on_disk() == []
    assert "abort" in media_house.scanner.ended
    assert media_house.told("MediaRefused") == []


async def test_an_upload_that_is_cancelled_leaves_nothing(media_house: MediaHouse) -> None:
    started = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield PDF.ljust(5000)
        started.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(
        media_house.chat.customer.invoke(AttachFile("bill.pdf", "", slow(), media_house.chat.channel_sid))
    )
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert media_house.bytes_on_disk() == []


async def test_both_sides_are_told_of_a_refusal_and_why(media_house: MediaHouse) -> None:
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload(b"<html><script>alert(1)</script>", name="photo.jpg")
    [told] = media_house.told("MediaRefused")
    assert told.stream == media_house.chat.channel_sid
    assert told.refusal.to_sender == str(refused.value)
    view = await media_house.chat.agent.invoke(OpenChannel(media_house.chat.channel_sid))
    assert [row.refusal for row in view.refusals] == [told.refusal]


async def test_the_others_see_that_a_file_is_on_its_way(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    told = media_house.told("Sending")
    assert [(notice.media_sid, notice.done) for notice in told] == [(media.sid, False), (media.sid, True)]


async def test_a_loose_file_needs_the_right_to_send_somewhere(media_house: MediaHouse) -> None:
    customer = media_house.chat.customer
    loose = await customer.invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))
    assert loose.channel_sid is None
    await media_house.chat.block()
    with pytest.raises(PermissionDenied):
        await customer.invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))


async def test_a_loose_file_is_its_uploaders_alone(media_house: MediaHouse) -> None:
    loose = await media_house.chat.customer.invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))
    assert await media_house.chat.customer.invoke(FetchMedia("", loose.sid)) == loose
    stranger, _ = await media_house.house.visitor("Eve")
    with pytest.raises(NotFound):
        await stranger.invoke(FetchMedia("", loose.sid))


async def test_a_nameless_file_is_told_what_it_lacks(media_house: MediaHouse) -> None:
    with pytest.raises(InvalidRequest, match="needs a name"):
        await media_house.upload(name="")


async def test_more_files_than_the_house_can_take_are_asked_to_come_again(tmp_path) -> None:
    house = await open_media_house(tmp_path, most=1)
    waiting = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        await waiting.wait()
        yield PDF

    first = asyncio.create_task(
        house.chat.customer.invoke(AttachFile("a.pdf", "", slow(), house.chat.channel_sid))
    )
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await house.upload()
    waiting.set()
    assert (await first).state == "clean"
    await house.house.close()


async def test_a_file_that_waits_for_its_verdict_is_counted_once(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, most=2)
    release = asyncio.Event()

    async def look() -> Verdict:
        await release.wait()
        return Verdict(outcome="clean", check="check")

    house.check.deed, house.check.seconds = look, 10.0
    uploads = [asyncio.create_task(house.upload())]
    await asyncio.sleep(0.2)  # the first waits for its verdict
    uploads.append(asyncio.create_task(house.upload()))
    await asyncio.sleep(0.2)
    with pytest.raises(Busy):
        await house.upload()
    release.set()
    assert [media.state for media in await asyncio.gather(*uploads)] == ["clean", "clean"]
    await house.house.close()


async def test_a_name_with_half_a_letter_is_kept_without_it(media_house: MediaHouse) -> None:
    media = await media_house.upload(name="bill\ud800.pdf", declared="application/pdf")
    assert (media.state, media.filename) == ("clean", "bill.pdf")


async def test_half_a_letter_in_a_declared_type_is_refused(media_house: MediaHouse) -> None:
    with pytest.raises(MediaRefused):
        await media_house.upload(declared="application/pdf\udfff")
