"""A check that answers later: its file waits, its vote counts once, and nothing opens it but `clean`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.media.conftest import Scripted, open_media_house
from tests.media.late import Late, LateHouse
from vestibule.errors import (
    ConfigurationError,
    Conflict,
    InvalidRequest,
    MediaRefused,
    NotFound,
    VestibuleError,
)
from vestibule.models import Verdict
from vestibule.payloads import CastVote, SendMediaMessage

# What becomes of a file


async def test_a_check_that_answers_later_holds_the_file_until_it_votes(one: LateHouse) -> None:
    media_sid = await one.held()
    assert not await one.is_open(media_sid)
    assert one.available() == []
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "clean"
    told = one.media_house.told("MediaCleared")
    assert [notice.media.sid for notice in told] == [media_sid]
    await one.chat.customer.invoke(SendMediaMessage(one.chat.channel_sid, media_sid))
    assert await one.is_open(media_sid)


async def test_a_check_that_answers_later_does_not_keep_the_others_waiting(one: LateHouse) -> None:
    await one.held()
    assert (one.check.asked, one.second.asked) == (1, 1)


@pytest.mark.parametrize("outcome", ["infected", "refused", "error", "timeout", "encrypted", "too_large"])
async def test_a_no_of_another_check_wins_at_once(one: LateHouse, outcome: Any) -> None:
    one.check.outcome = outcome
    with pytest.raises(VestibuleError) as refused:
        await one.media_house.upload()
    media_sid = refused.value.detail["media_sid"]
    assert (await one.look(media_sid)).state == "refused"
    with pytest.raises(Conflict):
        await one.vote(one.first.ballot)
    assert one.media_house.bytes_on_disk() == []


@pytest.mark.parametrize(("outcome", "reason"), [("infected", "infected"), ("refused", "rule")])
async def test_a_bad_vote_refuses(one: LateHouse, outcome: Any, reason: str) -> None:
    media_sid = await one.held()
    await one.vote(one.first.ballot, outcome, detail="Test.Parcel")
    media = await one.look(media_sid)
    assert (media.state, media.reason) == ("refused", reason)
    assert len(one.media_house.told("MediaRefused")) == 1
    assert one.media_house.bytes_on_disk() == []


async def test_a_vote_brings_its_own_reason(one: LateHouse) -> None:
    media_sid = await one.held()
    await one.vote(one.first.ballot, "refused", reason="encrypted")
    assert (await one.look(media_sid)).reason == "encrypted"


async def test_a_vote_of_suspicion_leaves_the_file_to_a_person(one: LateHouse) -> None:
    media_sid = await one.held()
    await one.vote(one.first.ballot, "suspicious")
    assert (await one.look(media_sid)).state == "held"
    assert one.available() == []


async def test_of_two_votes_the_second_lets_the_file_out(both: LateHouse) -> None:
    media_sid = await both.held()
    await both.vote(both.second.ballot)
    assert (await both.look(media_sid)).state == "held"
    assert not await both.is_open(media_sid)
    await both.vote(both.first.ballot)
    assert (await both.look(media_sid)).state == "clean"


async def test_a_bad_vote_waits_for_no_other(both: LateHouse) -> None:
    media_sid = await both.held()
    await both.vote(both.second.ballot, "infected")
    assert (await both.look(media_sid)).state == "refused"
    with pytest.raises(Conflict):
        await both.vote(both.first.ballot)
    assert (await both.look(media_sid)).state == "refused"


async def test_what_is_found_after_the_vote_still_refuses(one: LateHouse) -> None:
    """The others look again before the file is let out: their signatures may be newer by now."""
    media_sid = await one.held()
    one.check.outcome = "infected"
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "refused"
    assert one.media_house.bytes_on_disk() == []


async def test_a_suspicious_file_stays_with_a_person_whatever_the_vote(one: LateHouse) -> None:
    one.check.outcome = "suspicious"
    media_sid = await one.held()
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "held"
    assert not await one.is_open(media_sid)


async def test_staff_see_the_vote_where_it_was_cast(one: LateHouse) -> None:
    media_sid = await one.held()
    before = await one.timeline(media_sid)
    assert ("first", "later") in before
    await one.vote(one.first.ballot)
    assert (await one.timeline(media_sid))[len(before) :] == [
        ("first", "clean"),
        ("scanner", "clean"),
        ("check", "clean"),
        ("second", "clean"),
    ]


# Who may vote, and how often


async def test_a_vote_is_cast_once(both: LateHouse) -> None:
    media_sid = await both.held()
    await both.vote(both.first.ballot)
    with pytest.raises(Conflict):
        await both.vote(both.first.ballot)
    assert (await both.look(media_sid)).state == "held"


async def test_of_many_votes_at_once_one_counts(one: LateHouse) -> None:
    media_sid = await one.held()
    votes = [one.vote(one.first.ballot, outcome) for outcome in ("infected", "clean") * 5]
    answers = await asyncio.gather(*votes, return_exceptions=True)
    assert answers.count(None) == 1
    assert all(isinstance(answer, Conflict) for answer in answers if answer is not None)
    said = await one.timeline(media_sid)
    assert said.count(("first", "infected")) + said.count(("first", "clean")) == 1


@pytest.mark.parametrize("word", ["", "guess", "x" * 5000, "\ud800"])
async def test_a_stranger_has_no_vote(one: LateHouse, word: str) -> None:
    media_sid = await one.held()
    with pytest.raises(NotFound):
        await one.vote(word)
    assert (await one.look(media_sid)).state == "held"


async def test_a_ballot_is_good_for_its_own_file_only(one: LateHouse) -> None:
    mine = await one.held()
    ballot = one.first.ballot
    other = await one.held()
    await one.vote(ballot)
    assert ((await one.look(mine)).state, (await one.look(other)).state) == ("clean", "held")


async def test_the_house_does_not_keep_the_word_itself(one: LateHouse, tmp_path: Path) -> None:
    await one.held()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("house.sqlite*"))
    assert one.first.ballot.encode() not in kept
    assert len(one.first.ballot) >= 43  # 256 bits


@pytest.mark.parametrize("outcome", ["later", "ok", ""])
async def test_a_vote_is_no_promise(one: LateHouse, outcome: Any) -> None:
    await one.held()
    with pytest.raises(InvalidRequest):
        await one.vote(one.first.ballot, outcome)
    await one.vote(one.first.ballot)  # and was not lost by it


async def test_a_check_that_answered_at_once_has_no_vote_left(one: LateHouse) -> None:
    one.first.outcome = "clean"
    assert (await one.media_house.upload()).state == "clean"
    with pytest.raises(NotFound):
        await one.vote(one.first.ballot, "infected")


async def test_a_check_that_answers_one_thing_and_votes_another_is_not_believed(one: LateHouse) -> None:
    async def both_ways() -> Verdict:
        await one.chat.customer.invoke(CastVote(one.first.ballot, "infected"))
        return Verdict(outcome="clean", check="first")

    one.first.deed = both_ways
    with pytest.raises(MediaRefused) as refused:
        await one.media_house.upload()
    assert refused.value.detail["reason"] == "check_failed"


async def test_no_check_can_be_taken_for_another_that_voted(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'twin'"):
        await open_media_house(tmp_path, checks=(Late("twin"), Scripted("twin")))
