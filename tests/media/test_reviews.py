"""A person decides about a held file: what held it is overruled, a refusal never is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.media.conftest import PDF, MediaHouse, Scripted, bytes_of, hang, open_media_house
from tests.media.late import LateHouse, close, open_late_house
from vestibule.context import Context
from vestibule.errors import (
    Conflict,
    InvalidRequest,
    MediaGone,
    MediaHeld,
    NotFound,
    PermissionDenied,
)
from vestibule.media.decisions import STATES
from vestibule.models import Media
from vestibule.payloads import (
    AttachFile,
    DeleteChannel,
    DownloadMedia,
    FetchMedia,
    FetchTimeline,
    RemoveMedia,
    ReviewMedia,
    SendMediaMessage,
)

PATIENT = {**STATES, "timeout": "held", "error": "held"}


async def held(house: MediaHouse, outcome: Any = "suspicious", **more: Any) -> str:
    """A file that waits for a person: its sid."""
    house.check.outcome = outcome
    with pytest.raises(MediaHeld) as told:
        await house.upload(**more)
    return str(told.value.detail["media_sid"])


async def review(house: MediaHouse, media_sid: str, decision: Any = "release", **more: Any) -> Media:
    who: Context = more.pop("who", house.chat.agent)
    reason = more.pop("reason", "An invoice that I asked for.")
    channel_sid = more.pop("channel_sid", house.chat.channel_sid)
    return await who.invoke(ReviewMedia(channel_sid, media_sid, decision, reason))


async def look(house: MediaHouse, media_sid: str) -> Media:
    return await house.chat.customer.invoke(FetchMedia(house.chat.channel_sid, media_sid))


# Letting it through


async def test_a_released_file_is_as_good_as_a_clean_one(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    assert (await review(media_house, media_sid)).state == "clean"
    assert [notice.media.sid for notice in media_house.told("MediaCleared")] == [media_sid]
    await media_house.chat.customer.invoke(SendMediaMessage(media_house.chat.channel_sid, media_sid))
    await media_house.chat.agent.invoke(DownloadMedia(media_house.chat.channel_sid, media_sid))


async def test_a_released_file_is_still_asked_about_by_every_check(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    media_house.scanner.outcome = "infected"  # it learned of it meanwhile
    media = await review(media_house, media_sid)
    assert (media.state, media.reason) == ("refused", "infected")
    assert media_house.bytes_on_disk() == []


async def test_the_check_that_held_it_may_still_refuse(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    media_house.check.outcome = "refused"
    assert (await review(media_house, media_sid)).state == "refused"


async def test_what_another_check_holds_needs_a_decision_of_its_own(tmp_path: Path) -> None:
    first, second = Scripted("first", outcome="suspicious"), Scripted("second", outcome="suspicious")
    house = await open_media_house(tmp_path, checks=(first, second))
    media_sid = await held(house)
    assert second.asked == 0  # a hold stops the others
    assert (await review(house, media_sid)).state == "held"
    assert (await review(house, media_sid)).state == "clean"
    await house.house.close()


@pytest.mark.parametrize("outcome", ["timeout", "error"])
async def test_a_scanner_that_stays_silent_can_be_overruled(tmp_path: Path, outcome: Any) -> None:
    house = await open_media_house(tmp_path, states={"scanner": PATIENT})
    house.scanner.outcome = outcome
    media_sid = await held(house, "clean")
    assert (await review(house, media_sid)).state == "clean"
    await house.house.close()


async def test_a_late_scanner_that_was_silent_is_asked_once_more(tmp_path: Path) -> None:
    house = await open_late_house(tmp_path, states={"first": PATIENT})
    house.first.outcome, house.second.outcome = "error", "clean"
    media_sid = await held(house.media_house, "clean")
    house.first.outcome = "infected"  # it is back
    assert (await review(house.media_house, media_sid)).state == "refused"
    await close(house)


async def test_without_a_safe_copy_a_release_opens_nothing(tmp_path: Path) -> None:
    silent = Scripted("rebuilder", outcome="error")  # it should have made the copy
    house = await open_media_house(
        tmp_path, checks=(silent,), rebuilt=("application/pdf",), states={"rebuilder": PATIENT}
    )
    media_sid = await held(house)
    assert (await review(house, media_sid)).state == "refused"
    assert house.bytes_on_disk() == []
    await house.house.close()


async def test_a_file_that_waits_for_a_vote_can_be_released(one: LateHouse) -> None:
    media_sid = await one.held()
    assert (await review(one.media_house, media_sid)).state == "clean"
    assert len(one.first.ballots) == 1  # it was not asked to promise once more
    with pytest.raises(NotFound):
        await one.vote(one.first.ballot, "infected")


async def test_a_suspicious_vote_can_be_overruled(one: LateHouse) -> None:
    media_sid = await one.held()
    await one.vote(one.first.ballot, "suspicious")
    assert (await one.look(media_sid)).state == "held"
    assert (await review(one.media_house, media_sid)).state == "clean"


async def test_a_bad_vote_that_came_first_cannot_be_overruled(both: LateHouse) -> None:
    media_sid = await both.held()
    await both.vote(both.first.ballot, "infected")
    with pytest.raises(Conflict):
        await review(both.media_house, media_sid)


async def test_a_release_that_was_cut_off_goes_on_after_the_restart(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, patience=0.01)
    media_sid = await held_in_background(house)
    house.check.deed, house.check.seconds = hang, 100
    assert (await review(house, media_sid)).state == "checking"
    await house.judge.close()  # as if the process had died
    house.check.deed = None
    await house.retention.recover()
    while len(house.judge):
        await asyncio.sleep(0.01)
    assert (await look(house, media_sid)).state == "clean"
    await house.house.close()


async def held_in_background(house: MediaHouse) -> str:
    """The same where an upload does not wait for its verdict."""
    house.check.outcome = "suspicious"
    try:
        media_sid = (await house.upload()).sid
    except MediaHeld as told:
        media_sid = told.detail["media_sid"]
    while len(house.judge):
        await asyncio.sleep(0.01)
    return media_sid


# Closing it


async def test_a_refused_file_is_erased_and_both_sides_are_told(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    media = await review(media_house, media_sid, "refuse", reason="Somebody else's passport.")
    assert (media.state, media.reason) == ("refused", "not_released")
    assert media_house.bytes_on_disk() == []
    (told,) = media_house.told("MediaRefused")
    assert (told.stream, told.refusal.reason) == (media_house.chat.channel_sid, "not_released")
    assert "passport" not in str(told)


# Who may, and when


async def test_of_two_reviewers_one_decides(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    decisions = [review(media_house, media_sid, decision) for decision in ("release", "refuse") * 3]
    answers = await asyncio.gather(*decisions, return_exceptions=True)
    assert len([answer for answer in answers if isinstance(answer, Media)]) == 1
    assert len([answer for answer in answers if isinstance(answer, Conflict)]) == 5


@pytest.mark.parametrize("decision", ["release", "refuse"])
async def test_nobody_reviews_their_own_file(media_house: MediaHouse, decision: str) -> None:
    media_sid = await held(media_house, who=media_house.chat.agent)
    with pytest.raises(PermissionDenied):
        await review(media_house, media_sid, decision)
    colleague = await media_house.house.agent("alan")
    assert await review(media_house, media_sid, decision, who=colleague)


async def test_a_customer_reviews_nothing(media_house: MediaHouse) -> None:
    media_sid = await held(media_house, who=media_house.chat.agent)
    with pytest.raises(PermissionDenied):
        await review(media_house, media_sid, who=media_house.chat.customer)
    stranger, _ = await media_house.house.visitor("Eve")
    with pytest.raises(NotFound):
        await review(media_house, media_sid, who=stranger)


async def test_a_house_next_door_reviews_nothing_here(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    neighbour = await media_house.house.neighbour("norbert")
    with pytest.raises(NotFound):
        await review(media_house, media_sid, who=neighbour)


async def test_a_file_is_found_in_its_own_channel_only(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    _, session = await media_house.house.visitor("Eve")
    for channel_sid in (session.channel.sid, ""):
        with pytest.raises(NotFound):
            await review(media_house, media_sid, channel_sid=channel_sid)


async def test_a_loose_file_can_be_reviewed(media_house: MediaHouse) -> None:
    media_house.check.outcome = "suspicious"
    with pytest.raises(MediaHeld) as told:
        await media_house.chat.customer.invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))
    media = await review(media_house, told.value.detail["media_sid"], channel_sid="")
    assert media.state == "clean"


async def test_a_file_that_was_taken_back_or_lost_its_channel_is_not_released(
    media_house: MediaHouse,
) -> None:
    media_sid = await held(media_house)
    await media_house.chat.customer.invoke(RemoveMedia(media_house.chat.channel_sid, media_sid))
    with pytest.raises(MediaGone):
        await review(media_house, media_sid)
    other = await held(media_house)
    await media_house.house.system.invoke(DeleteChannel(media_house.chat.channel_sid))
    with pytest.raises(NotFound):
        await review(media_house, other)
    assert media_house.bytes_on_disk() == []


async def test_a_clean_file_waits_for_nobody(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    for decision in ("release", "refuse"):
        with pytest.raises(Conflict):
            await review(media_house, media.sid, decision)
    assert (await look(media_house, media.sid)).state == "clean"


@pytest.mark.parametrize(
    ("decision", "reason"), [("release", " "), ("refuse", ""), ("release", "x" * 501), ("open", "Why not")]
)
async def test_a_decision_needs_a_reason_and_is_one_of_two(
    media_house: MediaHouse, decision: str, reason: str
) -> None:
    media_sid = await held(media_house)
    with pytest.raises(InvalidRequest):
        await review(media_house, media_sid, decision, reason=reason)
    assert (await look(media_house, media_sid)).state == "held"


async def test_the_decision_stands_in_the_timeline_with_name_and_reason(media_house: MediaHouse) -> None:
    media_sid = await held(media_house)
    await review(media_house, media_sid, reason="  The model looks like a card.  ")
    timeline = await media_house.chat.agent.invoke(FetchTimeline(media_sid))
    decided = next(verdict for verdict in timeline.verdicts if verdict.check == "review")
    assert (decided.outcome, decided.version) == ("clean", "grace")
    assert decided.detail == "The model looks like a card."
    assert [(step.kind, step.by) for step in timeline.steps if step.kind == "reviewed"] == [
        ("reviewed", "grace")
    ]


async def test_a_release_while_a_vote_comes_in_never_opens_what_was_called_infected(tmp_path: Path) -> None:
    house = await open_late_house(tmp_path)
    for _ in range(5):
        house.second.outcome = "clean"
        media_sid = await house.held()
        answers = await asyncio.gather(
            house.vote(house.first.ballot, "infected"),
            review(house.media_house, media_sid),
            return_exceptions=True,
        )
        await house.settled()
        voted = answers[0] is None
        assert (await house.look(media_sid)).state == ("refused" if voted else "clean")
    await close(house)
