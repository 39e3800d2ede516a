"""The way of one file: whole for staff, in outline for its uploader, for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.media.conftest import MediaHouse, Scripted, open_media_house
from tests.media.late import LateHouse
from tests.media.rebuilding import Rebuilder
from tests.media.test_reviews import held, review
from vestibule.context import Context
from vestibule.errors import MediaHeld, MediaRefused, NotFound
from vestibule.models import Timeline, Verdict
from vestibule.payloads import (
    DeleteMessage,
    DownloadMedia,
    FetchTimeline,
    ReadMedia,
    SendMediaMessage,
)


def kinds(timeline: Timeline) -> list[str]:
    return [step.kind for step in timeline.steps]


async def way(who: Context, media_sid: str) -> Timeline:
    return await who.invoke(FetchTimeline(media_sid))


async def test_the_whole_way_of_a_file_is_told_in_order(media_house: MediaHouse) -> None:
    chat = media_house.chat
    media_sid = await held(media_house)
    await review(media_house, media_sid)
    message = await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))
    timeline = await way(chat.agent, media_sid)
    assert kinds(timeline) == ["received", "held", "reviewed", "cleared", "sent"]
    assert (timeline.steps[0].by, timeline.steps[-1].by) == (chat.customer.identity,) * 2
    dates = [verdict.date_created for verdict in timeline.verdicts]
    assert all(dates)
    assert dates == sorted(dates, key=str)
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))
    timeline = await way(chat.agent, media_sid)
    assert kinds(timeline)[-1] == "gone"
    assert timeline.media.filename == ""


async def test_a_refused_file_says_what_people_read_of_it(media_house: MediaHouse) -> None:
    media_house.check.outcome = "refused"
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload()
    timeline = await way(media_house.chat.agent, refused.value.detail["media_sid"])
    assert kinds(timeline) == ["received", "refused"]
    assert timeline.refusal
    assert timeline.refusal.reason == "rule"


async def test_a_vote_that_is_awaited_is_told_with_its_deadline(one: LateHouse) -> None:
    media_sid = await one.held()
    (awaited,) = (await way(one.chat.agent, media_sid)).awaited
    assert awaited.check == "first"
    assert awaited.date_expires - awaited.date_created == timedelta(seconds=one.first.later_seconds)
    await one.vote(one.first.ballot)
    assert (await way(one.chat.agent, media_sid)).awaited == []


async def test_its_uploader_reads_the_outline_and_nothing_of_the_inside(one: LateHouse) -> None:
    media_sid = await one.held()
    await review(one.media_house, media_sid, "refuse", reason="Win.Test.Parcel")
    timeline = await way(one.chat.customer, media_sid)
    assert kinds(timeline) == ["received", "held", "reviewed", "refused"]
    assert (timeline.verdicts, timeline.awaited) == ([], [])
    assert timeline.refusal
    assert timeline.refusal.reason == "not_released"
    for inside in ("grace", "Parcel", "first", "scanner"):
        assert inside not in str(timeline)


async def test_nobody_else_reads_it(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    stranger, _ = await media_house.house.visitor("Eve")
    neighbour = await media_house.house.neighbour("norbert")
    for who in (stranger, neighbour):
        with pytest.raises(NotFound):
            await way(who, media.sid)
    own = await media_house.upload(who=media_house.chat.agent)
    with pytest.raises(NotFound):  # a member, but neither its uploader nor staff
        await way(media_house.chat.customer, own.sid)
    with pytest.raises(NotFound):
        await way(media_house.chat.agent, "ME" + "0" * 32)


async def test_a_check_that_says_a_secret_says_it_to_staff_alone(media_house: MediaHouse) -> None:
    async def found() -> Verdict:
        return Verdict(outcome="infected", check="check", detail="Win.Test.Parcel", version="engine 7")

    media_house.check.deed = found
    with pytest.raises(MediaRefused) as refused:
        await media_house.upload()
    assert "Parcel" not in str(refused.value.to_dict())
    assert "Parcel" not in str(media_house.house.notices)
    timeline = await way(media_house.chat.agent, refused.value.detail["media_sid"])
    assert timeline.verdicts[-1].detail == "Win.Test.Parcel"


# A reviewer's look at what is held


@pytest.fixture
async def doubting(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    """A house that rebuilds files and then is not sure about them."""
    last = Scripted("last", outcome="suspicious")
    house = await open_media_house(tmp_path, checks=(Rebuilder(), last))
    yield house
    await house.house.close()


async def doubtful(house: MediaHouse, **more: Any) -> str:
    with pytest.raises(MediaHeld) as told:
        await house.upload(**more)
    return str(told.value.detail["media_sid"])


async def test_a_reviewer_sees_the_small_picture_of_a_held_file(doubting: MediaHouse) -> None:
    media_sid = await doubtful(doubting)
    agent, place = doubting.chat.agent, (doubting.chat.channel_sid, media_sid)
    assert (await agent.invoke(DownloadMedia(*place, "preview"))).content_type == "image/webp"
    with structlog.testing.capture_logs() as lines:
        await agent.invoke(ReadMedia(*place, "preview"))
    assert [(line["media_sid"], line["identity"]) for line in lines] == [(media_sid, "grace")]


@pytest.mark.parametrize("rendition", ["safe", "original", "poster"])
async def test_nothing_else_of_a_held_file_can_be_read(doubting: MediaHouse, rendition: Any) -> None:
    media_sid = await doubtful(doubting)
    for payload in (DownloadMedia, ReadMedia):
        with pytest.raises((MediaHeld, NotFound)):
            await doubting.chat.agent.invoke(payload(doubting.chat.channel_sid, media_sid, rendition))


async def test_its_uploader_sees_no_picture_of_it(doubting: MediaHouse) -> None:
    chat = doubting.chat
    media_sid = await doubtful(doubting)
    own = await doubtful(doubting, who=chat.agent)
    for who, sid in ((chat.customer, media_sid), (chat.agent, own)):
        with pytest.raises(MediaHeld):
            await who.invoke(ReadMedia(chat.channel_sid, sid, "preview"))


async def test_a_refused_file_leaves_no_picture(doubting: MediaHouse) -> None:
    media_sid = await doubtful(doubting)
    await review(doubting, media_sid, "refuse")
    with pytest.raises(MediaRefused):
        await doubting.chat.agent.invoke(ReadMedia(doubting.chat.channel_sid, media_sid, "preview"))
    assert doubting.bytes_on_disk() == []
