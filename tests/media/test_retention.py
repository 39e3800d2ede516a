"""After an interruption nothing stays half-way, and what nobody needs is swept."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from tests.media.conftest import PDF, MediaHouse, bytes_of, hang, open_media_house
from vestibule.errors import MediaHeld, StorageMissing, VestibuleError
from vestibule.models import Media
from vestibule.payloads import DeleteMessage, FetchMedia, SendMediaMessage


async def look(house: MediaHouse, media_sid: str) -> Media:
    return await house.chat.customer.invoke(FetchMedia(house.chat.channel_sid, media_sid))


async def test_a_file_whose_checks_were_cut_off_is_checked_again(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.01)
    house.check.deed, house.check.seconds = hang, 100
    media = await house.upload(PDF.ljust(9000))
    await house.judge.close()  # as if the process had died
    house.check.deed, house.scanner.fed = None, b""
    await house.retention.recover()
    while len(house.judge):
        await asyncio.sleep(0.01)
    assert (await look(house, media.sid)).state == "clean"
    assert house.scanner.fed == PDF.ljust(9000)
    await house.house.close()


async def test_a_file_that_turns_out_bad_the_second_time_is_refused(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.01)
    house.check.deed, house.check.seconds = hang, 100
    media = await house.upload()
    await house.judge.close()
    house.scanner.outcome = "infected"
    await house.retention.recover()
    while len(house.judge):
        await asyncio.sleep(0.01)
    assert (await look(house, media.sid)).reason == "infected"
    assert house.bytes_on_disk() == []
    await house.house.close()


async def test_an_original_that_left_quarantine_too_early_is_judged_again(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.01)
    house.check.deed, house.check.seconds = hang, 100
    media = await house.upload()
    await house.judge.close()
    await house.house.parts.storage.promote(f"quarantine/{media.sid}/original", f"{media.sid}/safe")
    house.check.deed, house.scanner.fed = None, b""
    await house.retention.recover()
    while len(house.judge):
        await asyncio.sleep(0.01)
    assert (await look(house, media.sid)).state == "clean"
    assert house.scanner.fed == PDF
    await house.house.close()


async def test_an_original_of_a_clean_file_does_not_stay(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    left = f"quarantine/{media.sid}/original"
    await media_house.house.parts.storage.put(left, bytes_of(PDF))
    await media_house.retention.recover()
    with pytest.raises(StorageMissing):
        await media_house.house.parts.storage.size(left)


async def test_a_file_whose_bytes_are_lost_is_refused_not_forgotten(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.01)
    house.check.deed, house.check.seconds = hang, 100
    media = await house.upload()
    await house.judge.close()
    house.bytes_on_disk()[0].unlink()
    await house.retention.recover()
    while len(house.judge):
        await asyncio.sleep(0.01)
    assert (await look(house, media.sid)).state == "refused"
    await house.house.close()


async def test_an_upload_that_a_dying_process_left_is_gone(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    await media_house.house.parts.database.write(
        lambda tx: tx.run("add_media", **half_arrived(media, "ME" + "0" * 32))
    )
    await media_house.retention.recover()
    assert (await look(media_house, "ME" + "0" * 32)).state == "gone"


def half_arrived(media: Media, sid: str) -> dict[str, Any]:
    known = ("service_sid", "channel_sid", "author", "filename", "declared_type")
    return {"sid": sid, "raw_filename": "x", **{name: getattr(media, name) for name in known}}


async def test_bytes_that_could_not_be_erased_are_erased_later(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await media_house.upload()
    message = await media_house.chat.customer.invoke(
        SendMediaMessage(media_house.chat.channel_sid, media.sid)
    )

    async def broken(prefix: str) -> int:
        raise OSError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(media_house.house.parts.storage, "delete", broken)
        with pytest.raises(OSError, match="away"):
            await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
    assert media_house.bytes_on_disk()
    await media_house.retention.sweep()
    assert media_house.bytes_on_disk() == []


async def test_an_upload_that_was_never_sent_is_swept(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await media_house.upload()
    await media_house.retention.sweep()
    assert media_house.bytes_on_disk()
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    await media_house.retention.sweep()
    assert media_house.bytes_on_disk() == []
    assert (await look(media_house, media.sid)).state == "gone"


async def test_the_deadline_of_a_held_file_refuses(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_house.check.outcome = "later"
    with pytest.raises(MediaHeld) as held:
        await media_house.upload()
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    await media_house.retention.sweep()
    assert (await look(media_house, held.value.detail["media_sid"])).state == "refused"
    assert media_house.bytes_on_disk() == []
    assert len(media_house.told("MediaRefused")) == 1


async def test_a_storage_that_fails_while_a_file_is_let_out_keeps_it_closed(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(key: str, to: str | None = None) -> str:
        raise StorageMissing

    monkeypatch.setattr(media_house.house.parts.storage, "promote", broken)
    with pytest.raises(VestibuleError) as refused:
        await media_house.upload()
    assert refused.value.detail["reason"] == "check_failed"
    assert media_house.bytes_on_disk() == []
