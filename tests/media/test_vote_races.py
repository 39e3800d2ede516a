"""A vote and what happens at the same time: other checks, deletion, a restart, the deadline."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.media.conftest import hang
from tests.media.late import LateHouse, after, close, open_late_house
from vestibule.errors import Conflict, MediaRefused, NotFound
from vestibule.media import ballots
from vestibule.models import Verdict
from vestibule.payloads import CastVote, RemoveMedia


async def test_a_vote_that_is_faster_than_the_other_checks_counts(one: LateHouse) -> None:
    async def slow() -> Verdict:
        if one.check.asked == 1:
            await one.chat.customer.invoke(CastVote(one.first.ballot, "clean"))
        return Verdict(outcome="clean", check="check")

    one.check.deed = slow
    assert (await one.media_house.upload()).state == "clean"
    assert one.first.asked == 1


async def test_a_bad_vote_that_is_faster_than_the_other_checks_refuses(one: LateHouse) -> None:
    async def slow() -> Verdict:
        await one.chat.customer.invoke(CastVote(one.first.ballot, "infected"))
        return Verdict(outcome="clean", check="check")

    one.check.deed = slow
    with pytest.raises(MediaRefused):
        await one.media_house.upload()


async def test_a_file_taken_back_meanwhile_does_not_come_back(one: LateHouse) -> None:
    media_sid = await one.held()
    await one.chat.customer.invoke(RemoveMedia(one.chat.channel_sid, media_sid))
    with pytest.raises(Conflict):
        await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "gone"
    assert one.media_house.bytes_on_disk() == []


async def test_a_file_taken_back_while_the_vote_is_counted_does_not_come_back(one: LateHouse) -> None:
    media_sid = await one.held()

    async def meanwhile() -> Verdict:
        await one.chat.customer.invoke(RemoveMedia(one.chat.channel_sid, media_sid))
        return Verdict(outcome="clean", check="second")

    one.second.deed = meanwhile
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "gone"
    assert one.media_house.bytes_on_disk() == []


async def test_silence_past_the_deadline_refuses(both: LateHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    media_sid = await both.held()
    await both.vote(both.first.ballot)
    after(monkeypatch, 31)
    await both.media_house.retention.sweep()
    await both.settled()
    media = await both.look(media_sid)
    assert (media.state, media.reason) == ("refused", "check_failed")
    assert ("second", "timeout") in await both.timeline(media_sid)
    assert both.media_house.bytes_on_disk() == []


async def test_before_the_deadline_a_sweep_changes_nothing(
    one: LateHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_sid = await one.held()
    after(monkeypatch, 29)
    await one.media_house.retention.sweep()
    assert (await one.look(media_sid)).state == "held"
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "clean"


async def test_a_vote_after_the_deadline_is_none_even_before_the_sweep(
    one: LateHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_sid = await one.held()
    after(monkeypatch, 31)
    with pytest.raises(NotFound):
        await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "held"


async def test_a_vote_counts_after_a_restart(one: LateHouse) -> None:
    media_sid = await one.held()
    await one.restart()
    assert (await one.look(media_sid)).state == "held"
    await one.vote(one.first.ballot)
    assert (await one.look(media_sid)).state == "clean"


async def test_a_house_that_died_while_it_counted_goes_on_from_there(one: LateHouse) -> None:
    media_sid = await one.held()
    one.check.deed, one.check.seconds = hang, 100
    await one.chat.customer.invoke(CastVote(one.first.ballot, "clean"))
    await one.restart(one.check)
    assert (await one.look(media_sid)).state == "clean"
    assert one.first.asked == 1  # it had voted


async def test_a_vote_that_nobody_counted_is_counted_after_the_restart(one: LateHouse) -> None:
    """The process died between the vote and what follows from it."""
    media_sid = await one.held()
    database = one.media_house.house.parts.database
    word = ballots.hash_of(one.first.ballot)
    said = {"outcome": "clean", "reason": "", "detail": "", "version": ""}
    await database.write(lambda tx: tx.run("cast_vote", hash=word, **said))
    await one.restart()
    assert (await one.look(media_sid)).state == "clean"


async def test_a_check_that_was_cut_off_is_asked_again_with_another_ballot(tmp_path: Path) -> None:
    one = await open_late_house(tmp_path, patience=0.01)
    one.second.outcome = "clean"
    one.check.deed, one.check.seconds = hang, 100
    media_sid = (await one.media_house.upload()).sid
    while not one.check.asked:
        await asyncio.sleep(0.005)
    await one.restart(one.check)
    assert (await one.look(media_sid)).state == "held"
    old, new = one.first.ballots
    with pytest.raises(NotFound):
        await one.vote(old)
    await one.vote(new)
    assert (await one.look(media_sid)).state == "clean"
    await close(one)


async def test_votes_of_finished_files_are_swept(one: LateHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    await one.held()
    await one.vote(one.first.ballot)
    with pytest.raises(Conflict):
        await one.vote(one.first.ballot)
    after(monkeypatch, 31)
    await one.media_house.retention.sweep()
    word = ballots.hash_of(one.first.ballot)
    kept = await one.media_house.house.parts.database.read(
        lambda tx: tx.one(ballots.Ballot, "ballot", hash=word)
    )
    assert kept is None
