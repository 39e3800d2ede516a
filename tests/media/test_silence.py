"""A scanner that is away: files wait for it, and go on by themselves when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.media.conftest import MediaHouse, open_media_house
from vestibule.errors import MediaHeld
from vestibule.models import Timeline
from vestibule.payloads import FetchTimeline, RemoveMedia

HOLDING = {"scanner": {"error": "held", "timeout": "held"}}


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    """A house whose policy holds what its scanner is silent about."""
    house = await open_media_house(tmp_path, states=HOLDING, policy="patient-1")
    house.scanner.outcome = "error"
    yield house
    await house.retention.close()
    await house.judge.close()
    await house.house.close()


async def timeline(house: MediaHouse, sid: str) -> Timeline:
    return await house.house.system.invoke(FetchTimeline(sid))


async def held(house: MediaHouse) -> str:
    with pytest.raises(MediaHeld) as caught:
        await house.upload()
    return str(caught.value.detail["media_sid"])


async def settled(house: MediaHouse) -> None:
    while len(house.judge):
        await asyncio.sleep(0.01)


async def test_a_file_waits_for_a_scanner_that_is_away(patient: MediaHouse) -> None:
    sid = await held(patient)
    media = (await timeline(patient, sid)).media
    assert (media.state, media.reason) == ("held", "check_waiting")
    assert [notice.refusal.reason for notice in patient.told("MediaHeld")] == ["check_waiting"]


async def test_it_goes_on_by_itself_when_the_scanner_is_back(patient: MediaHouse) -> None:
    sid = await held(patient)
    patient.scanner.outcome = "clean"
    await patient.retention.ask_again()
    await settled(patient)
    assert (await timeline(patient, sid)).media.state == "clean"
    assert [notice.media.sid for notice in patient.told("MediaCleared")] == [sid]


async def test_what_is_found_then_counts(patient: MediaHouse) -> None:
    sid = await held(patient)
    patient.scanner.outcome = "infected"
    await patient.retention.ask_again()
    await settled(patient)
    assert (await timeline(patient, sid)).media.state == "refused"
    assert patient.bytes_on_disk() == []


async def test_people_are_told_once_that_a_file_waits(patient: MediaHouse) -> None:
    sid = await held(patient)
    await patient.retention.ask_again()
    await settled(patient)
    media = (await timeline(patient, sid)).media
    assert (media.state, len(patient.told("MediaHeld"))) == ("held", 1)


async def test_a_scanner_that_stays_away_is_asked_ever_more_seldom(patient: MediaHouse) -> None:
    await held(patient)
    for _ in range(3):
        await patient.retention.ask_again()
        await settled(patient)
    assert patient.scanner.ended.count("finish") == 2  # at the upload, and once more


async def test_waiting_again_does_not_move_the_deadline(patient: MediaHouse) -> None:
    sid = await held(patient)
    before = (await timeline(patient, sid)).media.date_updated
    await patient.retention.ask_again()
    await settled(patient)
    assert (await timeline(patient, sid)).media.date_updated == before


async def test_a_file_that_was_taken_back_meanwhile_stays_gone(patient: MediaHouse) -> None:
    sid = await held(patient)
    patient.scanner.outcome = "clean"
    await patient.chat.customer.invoke(RemoveMedia(patient.chat.channel_sid, sid))
    await patient.retention.ask_again()
    await settled(patient)
    assert (await timeline(patient, sid)).media.state == "gone"


async def test_every_verdict_names_its_policy(patient: MediaHouse) -> None:
    sid = await held(patient)
    verdicts = (await timeline(patient, sid)).verdicts
    assert verdicts
    assert {verdict.policy for verdict in verdicts} == {"patient-1"}
