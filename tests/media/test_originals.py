"""Originals: kept where the policy says so, read by privilege alone, gone when their time is over."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from tests.media.conftest import PDF, MediaHouse, Scripted, bytes_of, open_media_house
from tests.media.rebuilding import SAFE, Rebuilder
from vestibule.context import Context
from vestibule.errors import MediaGone, NotFound, VestibuleError
from vestibule.media.gate import Gate
from vestibule.models import Media
from vestibule.payloads import (
    DeleteMessage,
    DownloadMedia,
    FetchMedia,
    FetchTimeline,
    ReadMedia,
    RemoveMedia,
    SendMediaMessage,
)

KEPT = 60.0  # seconds


@pytest.fixture
async def keeping(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    """A house that rebuilds every file, and keeps what came."""
    house = await open_media_house(tmp_path, checks=(Rebuilder(),), keep_originals=KEPT)
    yield house
    await house.house.close()


async def admin(house: MediaHouse) -> Context:
    return await house.house.agent("root", role="service admin")


async def original_of(house: MediaHouse, media: Media, who: Context) -> bytes:
    """As a link to it is followed."""
    link = await who.invoke(DownloadMedia(house.chat.channel_sid, media.sid, "original", "inline"))
    assert link.content_type == "application/octet-stream"
    assert house.links.read(link.url.split("/")[2]).disposition == "attachment"
    await who.invoke(ReadMedia(house.chat.channel_sid, media.sid, "original"))
    chunks = house.house.parts.storage.get(f"quarantine/{media.sid}/original")
    return b"".join([chunk async for chunk in chunks])


async def sent(house: MediaHouse) -> Media:
    media = await house.upload()
    message = await house.chat.customer.invoke(SendMediaMessage(house.chat.channel_sid, media.sid))
    assert message.media
    return message.media


def names(house: MediaHouse) -> set[str]:
    return {path.name for path in house.bytes_on_disk()}


def later(house: MediaHouse, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: moment)


async def test_an_original_is_read_by_whoever_has_the_privilege(keeping: MediaHouse) -> None:
    media = await sent(keeping)
    assert await original_of(keeping, media, await admin(keeping)) == PDF
    available = keeping.house.parts.storage.get(f"available/{media.sid}/safe")
    assert b"".join([chunk async for chunk in available]) == SAFE
    assert names(keeping) == {"original", "safe", "preview"}


async def test_nobody_else_reads_it_or_learns_of_it(keeping: MediaHouse) -> None:
    media = await sent(keeping)
    place = (keeping.chat.channel_sid, media.sid)
    for who in (keeping.chat.customer, keeping.chat.agent):
        for payload in (DownloadMedia(*place, "original"), ReadMedia(*place, "original")):
            with pytest.raises(NotFound):
                await who.invoke(payload)
        assert "original" not in str(await who.invoke(FetchMedia(*place)))
    assert "original" not in str(keeping.house.notices)
    timeline = await keeping.chat.agent.invoke(FetchTimeline(media.sid))
    assert [copy.name for copy in timeline.media.renditions] == ["safe", "preview"]


async def test_an_admin_finds_it_among_the_copies(keeping: MediaHouse) -> None:
    media = await sent(keeping)
    root = await admin(keeping)
    record = await root.invoke(FetchMedia(keeping.chat.channel_sid, media.sid))
    timeline = await root.invoke(FetchTimeline(media.sid))
    for shown in (record, timeline.media):
        original = shown.renditions[-1]
        assert (original.name, original.content_type) == ("original", "application/octet-stream")
        assert original.size == len(PDF)


async def test_every_read_of_it_leaves_a_line(keeping: MediaHouse) -> None:
    media, root = await sent(keeping), await admin(keeping)
    with structlog.testing.capture_logs() as lines:
        await root.invoke(ReadMedia(keeping.chat.channel_sid, media.sid, "original"))
        await root.invoke(ReadMedia(keeping.chat.channel_sid, media.sid, "safe"))
    (line,) = lines
    assert (line["media_sid"], line["identity"], line["rendition"]) == (media.sid, "root", "original")


async def test_without_the_setting_nothing_is_kept(tmp_path: Path) -> None:
    assert Gate.__dataclass_fields__["keep_originals"].default == 0
    house = await open_media_house(tmp_path, checks=(Rebuilder(),))
    media = await sent(house)
    assert names(house) == {"safe", "preview"}
    with pytest.raises(NotFound):
        await original_of(house, media, await admin(house))
    await house.house.close()


async def test_of_what_was_not_rebuilt_there_is_no_second_one(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, checks=(Scripted(),), keep_originals=KEPT)
    await sent(house)
    assert names(house) == {"safe"}
    await house.house.close()


async def test_an_original_goes_when_its_time_is_over(
    keeping: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media, root = await sent(keeping), await admin(keeping)
    await keeping.retention.sweep()
    assert "original" in names(keeping)
    later(keeping, monkeypatch, KEPT + 1)
    await keeping.retention.sweep()
    assert names(keeping) == {"safe", "preview"}
    with pytest.raises(NotFound):
        await original_of(keeping, media, root)


async def test_a_restart_keeps_it(keeping: MediaHouse) -> None:
    media = await sent(keeping)
    await keeping.house.parts.storage.put(f"quarantine/{media.sid}/left", bytes_of(b"over"))
    await keeping.retention.recover()
    assert names(keeping) == {"original", "safe", "preview"}


async def test_after_a_restart_with_a_lower_setting_it_goes(keeping: MediaHouse) -> None:
    await sent(keeping)
    keeping.judge.gate = replace(keeping.judge.gate, keep_originals=0.0)
    await keeping.retention.recover()
    assert names(keeping) == {"safe", "preview"}


async def test_what_could_not_be_dropped_is_dropped_later(
    keeping: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sent(keeping)
    later(keeping, monkeypatch, KEPT + 1)

    async def broken(prefix: str) -> int:
        raise OSError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(keeping.house.parts.storage, "delete", broken)
        with pytest.raises(OSError, match="away"):
            await keeping.retention.sweep()
    await keeping.retention.sweep()
    assert "original" not in names(keeping)


async def test_a_deleted_message_takes_the_original_along(keeping: MediaHouse) -> None:
    media = await keeping.upload()
    customer = keeping.chat.customer
    message = await customer.invoke(SendMediaMessage(keeping.chat.channel_sid, media.sid))
    root = await admin(keeping)
    await customer.invoke(DeleteMessage(keeping.chat.channel_sid, message.sid))
    assert keeping.bytes_on_disk() == []
    with pytest.raises(MediaGone):
        await original_of(keeping, media, root)


async def test_what_is_taken_back_takes_the_original_along(keeping: MediaHouse) -> None:
    media = await keeping.upload()
    await keeping.chat.customer.invoke(RemoveMedia(keeping.chat.channel_sid, media.sid))
    assert keeping.bytes_on_disk() == []


async def test_the_original_of_a_refused_file_is_not_kept(tmp_path: Path) -> None:
    checks = (Rebuilder(), Scripted("last", outcome="refused"))
    house = await open_media_house(tmp_path, checks=checks, keep_originals=KEPT)
    with pytest.raises(VestibuleError):
        await house.upload()
    assert house.bytes_on_disk() == []
    await house.house.close()
