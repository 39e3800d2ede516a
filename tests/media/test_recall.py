"""A file that is out is taken back: links dead, bytes gone, both sides told; and it is known who had it."""

from __future__ import annotations

import asyncio

import pytest

from tests.media.conftest import MediaHouse
from tests.media.test_renditions import follow, redeem, send
from vestibule.errors import (
    Conflict,
    InvalidRequest,
    MediaGone,
    MediaHeld,
    MediaRefused,
    NotFound,
    PermissionDenied,
)
from vestibule.models import Media
from vestibule.payloads import (
    DeleteMessage,
    DownloadMedia,
    FetchMessage,
    FetchTimeline,
    OpenChannel,
    ReadChannelStream,
    ReadMedia,
    RecallMedia,
    RestoreMedia,
    ReviewMedia,
    SendMediaMessage,
)


async def recall(house: MediaHouse, media_sid: str, **more: object) -> Media:
    return await house.chat.agent.invoke(RecallMedia(media_sid, **more))  # type: ignore[arg-type]


async def test_a_recalled_file_cannot_be_opened_any_more(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    link = await media_house.chat.agent.invoke(DownloadMedia(media_house.chat.channel_sid, media.sid))
    recalled = await recall(media_house, media.sid)
    assert (recalled.state, recalled.reason) == ("recalled", "recalled")
    with pytest.raises(MediaRefused):
        await redeem(media_house, link.url)
    with pytest.raises(MediaRefused):
        await follow(media_house, media_house.chat.customer, media.sid)
    assert media_house.bytes_on_disk() == []


async def test_both_sides_are_told_what_was_recalled_and_why(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid, reason="infected")
    (told,) = media_house.told("MediaRecalled")
    assert (told.stream, told.sid) == (media_house.chat.channel_sid, media.sid)
    assert told.refusal.reason == told.media.reason == "infected"


async def test_whoever_was_away_reads_of_it_in_the_stream(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid)
    page = await media_house.chat.customer.invoke(ReadChannelStream(media_house.chat.channel_sid, 0))
    last = page.events[-1]
    assert (type(last).__name__, last.media.state, last.refusal.reason) == (  # type: ignore[attr-defined]
        "MediaRecalled",
        "recalled",
        "recalled",
    )


async def test_the_message_stays_and_says_that_its_file_is_recalled(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    await recall(media_house, media.sid)
    kept = await media_house.chat.customer.invoke(FetchMessage(media_house.chat.channel_sid, message.sid))
    view = await media_house.chat.agent.invoke(OpenChannel(media_house.chat.channel_sid))
    assert kept.media
    assert kept.media.state == "recalled"
    assert [told.refusal.reason for told in view.refusals] == ["recalled"]


async def test_the_timeline_says_who_recalled_it_and_their_note(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid, note="sent to the wrong chat")
    last = (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).verdicts[-1]
    assert (last.check, last.outcome, last.detail, last.version) == (
        "recall",
        "refused",
        "sent to the wrong chat",
        "grace",
    )


async def test_a_customer_and_a_neighbour_recall_nothing(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    neighbour = await media_house.house.neighbour("eve")
    with pytest.raises(PermissionDenied):
        await media_house.chat.customer.invoke(RecallMedia(media.sid))
    with pytest.raises(NotFound):
        await neighbour.invoke(RecallMedia(media.sid))
    assert await follow(media_house, media_house.chat.agent, media.sid)


async def test_a_recall_needs_a_reason_that_people_can_read(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    with pytest.raises(InvalidRequest):
        await recall(media_house, media.sid, reason="because")
    with pytest.raises(InvalidRequest):
        await recall(media_house, media.sid, note="x" * 501)


async def test_recalled_twice_it_is_told_once(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid)
    assert (await recall(media_house, media.sid)).state == "recalled"
    assert len(media_house.told("MediaRecalled")) == 1


async def test_a_file_that_is_recalled_before_it_is_sent_cannot_be_sent(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    await recall(media_house, media.sid)
    with pytest.raises(MediaRefused):
        await media_house.chat.customer.invoke(SendMediaMessage(media_house.chat.channel_sid, media.sid))


async def test_a_deleted_file_is_not_recalled(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
    with pytest.raises(Conflict):
        await recall(media_house, media.sid)


async def test_a_recalled_file_goes_with_its_message(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    await recall(media_house, media.sid)
    await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
    with pytest.raises(MediaGone):
        await follow(media_house, media_house.chat.agent, media.sid)


@pytest.mark.parametrize("turn", range(6))
async def test_of_deleting_and_recalling_at_once_the_file_is_gone(media_house: MediaHouse, turn: int) -> None:
    message, media = await send(media_house)
    both = [
        recall(media_house, media.sid),
        media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid)),
    ]
    done = await asyncio.gather(*both[:: -1 if turn % 2 else 1], return_exceptions=True)
    assert all(isinstance(one, Conflict | Media | None) for one in done), done
    assert media_house.bytes_on_disk() == []
    with pytest.raises(MediaGone):
        await follow(media_house, media_house.chat.agent, media.sid)


async def test_a_file_that_is_sent_while_it_is_recalled_opens_for_nobody(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    send_it = media_house.chat.customer.invoke(SendMediaMessage(media_house.chat.channel_sid, media.sid))
    await asyncio.gather(send_it, recall(media_house, media.sid), return_exceptions=True)
    with pytest.raises(MediaRefused):
        await follow(media_house, media_house.chat.customer, media.sid)
    assert media_house.bytes_on_disk() == []


async def test_bytes_that_could_not_be_erased_go_with_the_next_sweep(media_house: MediaHouse) -> None:
    """The process died between the recall and the erasing."""
    _, media = await send(media_house)
    await media_house.house.parts.database.write(
        lambda tx: tx.run("recall_media", sid=media.sid, state="recalled", reason="recalled")
    )
    assert media_house.bytes_on_disk() != []
    await media_house.retention.sweep()
    assert media_house.bytes_on_disk() == []


# Until somebody has looked


async def test_a_file_in_doubt_is_closed_and_kept(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    held = await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    assert held.state == "held"
    with pytest.raises(MediaHeld):
        await follow(media_house, media_house.chat.customer, media.sid)
    assert media_house.bytes_on_disk() != []
    assert [told.media.state for told in media_house.told("MediaHeld")] == ["held"]


async def test_a_file_that_comes_back_is_shown_again_in_its_message(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    held = await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    system = media_house.house.system
    assert (await media_house.judge.again(held, system)).state == "clean"
    (told,) = media_house.told("MessageUpdated")
    assert (told.sid, told.message.media.state) == (message.sid, "clean")
    assert await follow(media_house, media_house.chat.agent, media.sid)


async def test_a_reviewer_opens_it_again_as_it_was(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    restored = await media_house.chat.agent.invoke(RestoreMedia(media.sid, note="an invoice of ours"))
    assert (restored.state, restored.reason, restored.renditions) == ("clean", "", media.renditions)
    (told,) = media_house.told("MessageUpdated")
    assert (told.sid, told.message.media.state) == (message.sid, "clean")
    last = (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).verdicts[-1]
    assert (last.check, last.outcome, last.detail, last.version) == (
        "recall",
        "clean",
        "an invoice of ours",
        "grace",
    )
    assert await follow(media_house, media_house.chat.customer, media.sid)


async def test_releasing_it_at_the_desk_is_the_same(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    asked = media_house.check.asked
    review = ReviewMedia(media_house.chat.channel_sid, media.sid, "release", "an invoice of ours")
    assert (await media_house.chat.agent.invoke(review)).renditions == media.renditions
    assert media_house.check.asked == asked
    assert len(media_house.told("MessageUpdated")) == 1
    assert await follow(media_house, media_house.chat.customer, media.sid)


async def test_refusing_it_at_the_desk_is_the_end_of_it(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    review = ReviewMedia(media_house.chat.channel_sid, media.sid, "refuse", "a scam")
    await media_house.chat.agent.invoke(review)
    assert media_house.bytes_on_disk() == []
    with pytest.raises(Conflict):
        await media_house.chat.agent.invoke(RestoreMedia(media.sid))


async def test_only_what_was_out_and_is_held_is_restored(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    with pytest.raises(Conflict):
        await media_house.chat.agent.invoke(RestoreMedia(media.sid))
    await recall(media_house, media.sid)
    with pytest.raises(Conflict):
        await media_house.chat.agent.invoke(RestoreMedia(media.sid))


async def test_a_file_that_never_was_out_is_not_restored(media_house: MediaHouse) -> None:
    media_house.check.outcome = "suspicious"
    with pytest.raises(MediaHeld) as held:
        await media_house.upload()
    with pytest.raises(Conflict):
        await media_house.chat.agent.invoke(RestoreMedia(held.value.detail["media_sid"]))


async def test_nobody_restores_a_file_of_their_own(media_house: MediaHouse) -> None:
    agent = media_house.chat.agent
    media = await media_house.upload(who=agent)
    await agent.invoke(SendMediaMessage(media_house.chat.channel_sid, media.sid))
    await recall(media_house, media.sid, reason="check_pending", until_reviewed=True)
    with pytest.raises(PermissionDenied):
        await agent.invoke(RestoreMedia(media.sid))
    with pytest.raises(PermissionDenied):
        await media_house.chat.customer.invoke(RestoreMedia(media.sid))


# Who opened it


async def test_it_is_known_who_opened_a_file_and_how_often(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    for _ in range(3):
        await read(media_house, media.sid, "one link")
    await read(media_house, media.sid, "another link")
    openings = (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).openings
    assert [(one.identity, one.rendition, one.times) for one in openings] == [("grace", "safe", 2)]
    assert openings[0].date_first < openings[0].date_last


async def test_a_link_that_was_not_followed_is_known_as_that(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    customer = media_house.chat.customer
    await customer.invoke(DownloadMedia(media_house.chat.channel_sid, media.sid))
    (opening,) = (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).openings
    assert (opening.identity, opening.times) == (customer.identity, 0)


async def test_whoever_was_turned_away_opened_nothing(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    stranger, _ = await media_house.house.visitor("Eve")
    with pytest.raises(NotFound):
        await stranger.invoke(ReadMedia(media_house.chat.channel_sid, media.sid, "safe"))
    assert (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).openings == []


async def test_who_opened_a_file_stays_known_when_its_name_is_gone(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    await read(media_house, media.sid, "a link")
    await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
    timeline = await media_house.chat.agent.invoke(FetchTimeline(media.sid))
    assert timeline.media.filename == ""
    assert [one.identity for one in timeline.openings] == ["grace"]


async def read(house: MediaHouse, media_sid: str, link: str) -> None:
    await house.chat.agent.invoke(ReadMedia(house.chat.channel_sid, media_sid, "safe", link))
