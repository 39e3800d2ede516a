"""What becomes of a file: every outcome, and every way in which a check may fail."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.media.conftest import PDF, MediaHouse, Scripted, hang, open_media_house
from vestibule.errors import (
    MediaChecking,
    MediaGone,
    MediaHeld,
    MediaRefused,
    MediaTooLarge,
    VestibuleError,
)
from vestibule.media.verdicts import original
from vestibule.models import Verdict
from vestibule.payloads import (
    DownloadMedia,
    FetchMedia,
    FetchTimeline,
    RemoveMedia,
    SendMediaMessage,
    SettleMedia,
)

OUTCOMES: dict[str, type[VestibuleError]] = {
    "infected": MediaRefused,
    "refused": MediaRefused,
    "encrypted": MediaRefused,
    "too_large": MediaTooLarge,
    "timeout": MediaRefused,
    "error": MediaRefused,
    "suspicious": MediaHeld,
    "later": MediaHeld,
}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("looker", ["scanner", "check"])
async def test_nothing_but_clean_opens_a_file(media_house: MediaHouse, outcome: Any, looker: str) -> None:
    getattr(media_house, looker).outcome = outcome
    with pytest.raises(OUTCOMES[outcome]) as refused:
        await media_house.upload()
    media_sid = refused.value.detail["media_sid"]
    with pytest.raises(VestibuleError):
        await media_house.chat.customer.invoke(SendMediaMessage(media_house.chat.channel_sid, media_sid))
    with pytest.raises(VestibuleError):
        await media_house.chat.customer.invoke(DownloadMedia(media_house.chat.channel_sid, media_sid))
    assert not [path for path in media_house.bytes_on_disk() if "available" in path.parts]


async def test_the_bytes_of_a_refused_file_are_gone(media_house: MediaHouse) -> None:
    media_house.check.outcome = "infected"
    with pytest.raises(MediaRefused):
        await media_house.upload()
    assert media_house.bytes_on_disk() == []


async def test_the_bytes_of_a_held_file_stay_in_quarantine(media_house: MediaHouse) -> None:
    media_house.check.outcome = "suspicious"
    with pytest.raises(MediaHeld):
        await media_house.upload()
    assert [path.parent.parent.name for path in media_house.bytes_on_disk()] == ["quarantine"]
    assert len(media_house.told("MediaHeld")) == 1


@pytest.mark.parametrize("looker", ["scanner", "check"])
async def test_a_check_that_hangs_is_a_no(media_house: MediaHouse, looker: str) -> None:
    getattr(media_house, looker).deed = hang
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload()
    assert refused.value.detail["reason"] == "check_failed"


@pytest.mark.parametrize("looker", ["scanner", "check"])
async def test_a_check_that_raises_is_a_no(media_house: MediaHouse, looker: str) -> None:
    async def broken() -> Verdict:
        raise ZeroDivisionError

    getattr(media_house, looker).deed = broken
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload()
    assert refused.value.detail["reason"] == "check_failed"


async def test_a_check_that_answers_garbage_is_a_no(media_house: MediaHouse) -> None:
    async def garbage() -> Any:
        return "clean"

    media_house.check.deed = garbage
    with pytest.raises(VestibuleError):
        await media_house.upload()
    assert not [path for path in media_house.bytes_on_disk() if "available" in path.parts]


async def test_a_scanner_that_breaks_while_it_is_fed_is_a_no(
    media_house: MediaHouse, monkeypatch: Any
) -> None:
    async def broken(chunk: bytes) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(media_house.scanner, "feed", broken)
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload(PDF.ljust(9000))
    assert refused.value.detail["reason"] == "check_failed"


async def test_a_check_that_stumbles_once_is_asked_again(media_house: MediaHouse) -> None:
    async def second_time_lucky() -> Verdict:
        return Verdict(outcome="clean" if media_house.check.asked > 1 else "error", check="check")

    media_house.check.deed = second_time_lucky
    assert (await media_house.upload()).state == "clean"


async def test_a_file_that_nobody_looked_at_is_not_clean(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, streams=(), checks=(), rebuilt=("application/",))
    with pytest.raises(MediaRefused):
        await house.upload()
    await house.house.close()


@pytest.mark.parametrize("order", [("infected", "clean"), ("clean", "infected"), ("suspicious", "infected")])
async def test_of_two_scanners_the_worse_verdict_counts(tmp_path: Path, order: tuple[Any, Any]) -> None:
    scanners = tuple(Scripted(f"scanner {outcome}", outcome=outcome) for outcome in order)
    house = await open_media_house(tmp_path, streams=scanners)
    with pytest.raises(MediaRefused) as refused:
        await house.upload()
    assert refused.value.detail["reason"] == "infected"
    await house.house.close()


async def test_after_a_refusal_no_further_check_is_bothered(media_house: MediaHouse) -> None:
    media_house.scanner.outcome = "infected"
    with pytest.raises(MediaRefused):
        await media_house.upload()
    assert media_house.check.asked == 0


async def test_staff_see_what_every_check_said(media_house: MediaHouse) -> None:
    media_house.check.outcome = "infected"
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload()
    timeline = await media_house.chat.agent.invoke(FetchTimeline(refused.value.detail["media_sid"]))
    said = [(verdict.check, verdict.outcome) for verdict in timeline.verdicts]
    assert said == [
        ("policy", "clean"),
        ("filetype", "clean"),
        ("scanner", "clean"),
        ("filetype", "clean"),
        ("check", "infected"),
    ]


async def test_a_slow_check_leaves_the_file_checking_and_clears_it_later(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.02)
    done = asyncio.Event()

    async def wait() -> Verdict:
        await done.wait()
        return Verdict(outcome="clean", check="check")

    house.check.deed, house.check.seconds = wait, 5
    media = await house.upload()
    assert media.state == "checking"
    with pytest.raises(MediaChecking):
        await house.chat.customer.invoke(SendMediaMessage(house.chat.channel_sid, media.sid))
    done.set()
    while not house.told("MediaCleared"):
        await asyncio.sleep(0.01)
    await house.chat.customer.invoke(SendMediaMessage(house.chat.channel_sid, media.sid))
    await house.house.close()


@pytest.mark.parametrize("reads", [False, True])
async def test_a_file_taken_back_during_its_check_does_not_come_back(tmp_path: Path, reads: bool) -> None:
    house = await open_media_house(tmp_path, patience=0.02)
    done = asyncio.Event()

    async def wait() -> Verdict:
        await done.wait()
        if reads:
            await house.house.parts.storage.size(original(media.sid))
        return Verdict(outcome="clean", check="check")

    house.check.deed, house.check.seconds = wait, 5
    media = await house.upload()
    await house.chat.customer.invoke(RemoveMedia(house.chat.channel_sid, media.sid))
    with capture_logs() as logs:
        done.set()
        while len(house.judge):
            await asyncio.sleep(0.01)
    assert {"a file was taken back while it was checked"} == {log["event"] for log in logs}
    assert house.check.asked == 1
    assert house.bytes_on_disk() == []
    seen = await house.chat.customer.invoke(FetchMedia(house.chat.channel_sid, media.sid))
    assert seen.state == "gone"
    with pytest.raises(MediaGone):
        await house.chat.customer.invoke(SendMediaMessage(house.chat.channel_sid, media.sid))
    await house.house.close()


async def test_nobody_but_the_house_settles_a_file(media_house: MediaHouse) -> None:
    media_house.check.outcome = "suspicious"
    with pytest.raises(MediaHeld) as held:
        await media_house.upload()
    payload = SettleMedia(held.value.detail["media_sid"], "clean", "", ())
    for who in (media_house.chat.customer, media_house.chat.agent):
        with pytest.raises(VestibuleError):
            await who.invoke(payload)
