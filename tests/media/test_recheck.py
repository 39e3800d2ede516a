"""Stored files are put to today's checks: what is bad now is taken back, what cannot be told is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.media.conftest import PDF, MediaHouse, hang
from tests.media.late import after
from tests.media.test_renditions import follow, send
from vestibule.errors import MediaHeld, MediaRefused, NotFound, PermissionDenied
from vestibule.models import Media, Recheck, Rechecked, RecheckReport, Verdict
from vestibule.payloads import (
    BeginRecheck,
    DeleteMessage,
    EndRecheck,
    FetchTimeline,
    ListRecheck,
    ReadMedia,
    RecheckMedia,
    RemoveMedia,
)
from vestibule.ports import Finding, Specimen, Storage


async def recheck(house: MediaHouse, media_sid: str, **more: Any) -> Rechecked:
    return await house.house.system.invoke(RecheckMedia(media_sid, **more))


async def begin(house: MediaHouse, **more: Any) -> Recheck:
    return await house.house.system.invoke(BeginRecheck(**more))


async def listed(house: MediaHouse, run: Recheck) -> list[str]:
    return [row.sid for row in await house.house.system.invoke(ListRecheck(run))]


async def end(house: MediaHouse, run: Recheck) -> RecheckReport:
    return await house.house.system.invoke(EndRecheck(run.sid))


# One file


@pytest.mark.parametrize("outcome", ["infected", "refused"])
async def test_a_file_that_is_bad_now_is_recalled(media_house: MediaHouse, outcome: Any) -> None:
    _, media = await send(media_house)
    await media_house.chat.agent.invoke(ReadMedia(media_house.chat.channel_sid, media.sid, "safe"))
    media_house.check.outcome = outcome
    done = await recheck(media_house, media.sid)
    assert (done.outcome, done.media.state) == ("recalled", "recalled")
    assert [verdict.check for verdict in done.verdicts] == ["check"]
    assert [opening.identity for opening in done.openings] == ["grace"]
    assert len(media_house.told("MediaRecalled")) == 1
    with pytest.raises(MediaRefused):
        await follow(media_house, media_house.chat.agent, media.sid)
    assert media_house.bytes_on_disk() == []


async def test_a_scanner_that_knows_more_now_recalls_too(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    media_house.scanner.outcome = "infected"
    media_house.scanner.fed = b""
    assert (await recheck(media_house, media.sid)).outcome == "recalled"
    assert media_house.scanner.fed == PDF


async def test_a_clean_file_stays_and_its_timeline_says_that_it_was_looked_at(
    media_house: MediaHouse,
) -> None:
    _, media = await send(media_house)
    before = len((await media_house.chat.agent.invoke(FetchTimeline(media.sid))).verdicts)
    done = await recheck(media_house, media.sid)
    after = (await media_house.chat.agent.invoke(FetchTimeline(media.sid))).verdicts[before:]
    assert (done.outcome, done.verdicts) == ("clean", [])
    assert [(one.check, one.outcome) for one in after] == [
        ("scanner", "clean"),
        ("filetype", "clean"),
        ("check", "clean"),
    ]
    assert await follow(media_house, media_house.chat.agent, media.sid)


@pytest.mark.parametrize("outcome", ["timeout", "error", "later", "encrypted", "too_large"])
async def test_a_check_that_cannot_tell_takes_nothing_back(media_house: MediaHouse, outcome: Any) -> None:
    _, media = await send(media_house)
    media_house.check.outcome = outcome
    done = await recheck(media_house, media.sid)
    assert (done.outcome, [verdict.outcome for verdict in done.verdicts]) == ("unsure", [outcome])
    assert await follow(media_house, media_house.chat.agent, media.sid)


async def test_a_check_that_hangs_takes_nothing_back(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    media_house.check.deed = hang
    assert (await recheck(media_house, media.sid)).outcome == "unsure"


async def test_a_check_that_breaks_takes_nothing_back(media_house: MediaHouse) -> None:
    async def broken() -> Verdict:
        raise RuntimeError("out of order")

    _, media = await send(media_house)
    media_house.check.deed = broken
    assert (await recheck(media_house, media.sid)).outcome == "unsure"


async def test_that_a_decoder_reads_it_no_more_takes_nothing_back(media_house: MediaHouse) -> None:
    async def damaged() -> Verdict:
        return Verdict(outcome="refused", check="check", reason="damaged")

    _, media = await send(media_house)
    media_house.check.deed = damaged
    assert (await recheck(media_house, media.sid)).outcome == "unsure"


async def test_a_doubtful_file_is_closed_until_somebody_has_looked(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    media_house.check.outcome = "suspicious"
    done = await recheck(media_house, media.sid)
    assert (done.outcome, done.media.state) == ("held", "held")
    with pytest.raises(MediaHeld):
        await follow(media_house, media_house.chat.agent, media.sid)
    assert media_house.bytes_on_disk() != []


async def test_whoever_let_it_pass_is_not_asked_again(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    media_house.check.outcome = "suspicious"
    held = (await recheck(media_house, media.sid)).media
    media_house.check.outcome = "clean"
    await media_house.judge.again(held, media_house.house.system)
    media_house.check.outcome = "suspicious"
    assert (await recheck(media_house, media.sid)).outcome == "clean"
    assert await follow(media_house, media_house.chat.agent, media.sid)


async def test_a_dry_run_changes_nothing(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    timeline = await media_house.chat.agent.invoke(FetchTimeline(media.sid))
    media_house.check.outcome = "infected"
    assert (await recheck(media_house, media.sid, dry_run=True)).outcome == "recalled"
    assert await media_house.chat.agent.invoke(FetchTimeline(media.sid)) == timeline
    assert await follow(media_house, media_house.chat.agent, media.sid)


async def test_what_checks_make_is_thrown_away(media_house: MediaHouse) -> None:
    class Copying:
        name, seconds = "copying", 1.0

        def applies(self, specimen: Specimen) -> bool:
            return True

        async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
            place = f"quarantine/{specimen.media_sid}/"
            await storage.put(f"{place}safe", storage.get(f"{place}original"))
            assert await storage.size(f"{place}safe") == specimen.size
            return Finding(verdict=Verdict(outcome="clean", check=self.name))

    _, media = await send(media_house)
    before = media_house.bytes_on_disk()
    object.__setattr__(media_house.judge.gate, "checks", (Copying(),))
    assert (await recheck(media_house, media.sid)).outcome == "clean"
    assert media_house.bytes_on_disk() == before


async def test_a_file_whose_bytes_are_lost_is_told(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await media_house.house.parts.storage.delete(f"available/{media.sid}/")
    done = await recheck(media_house, media.sid)
    assert (done.outcome, done.verdicts[0].detail) == ("unsure", "its bytes are not there")


async def test_a_file_that_is_deleted_meanwhile_stays_deleted(media_house: MediaHouse) -> None:
    message, media = await send(media_house)

    async def meanwhile() -> Verdict:
        await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
        return Verdict(outcome="infected", check="check")

    media_house.check.deed = meanwhile
    done = await recheck(media_house, media.sid)
    assert (done.outcome, done.media.state) == ("skipped", "gone")
    assert media_house.told("MediaRecalled") == []
    assert media_house.bytes_on_disk() == []


async def test_only_the_house_rechecks(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    for payload in (RecheckMedia(media.sid), BeginRecheck(), EndRecheck("RC")):
        with pytest.raises(PermissionDenied):
            await media_house.chat.agent.invoke(payload)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await media_house.house.system.invoke(RecheckMedia("ME" + "0" * 32))


# A run


async def test_a_run_goes_through_what_it_was_asked_for(media_house: MediaHouse) -> None:
    first, text = await media_house.upload(), await media_house.upload(b"some words", "notes.txt")
    gone = await media_house.upload()
    await media_house.chat.customer.invoke(RemoveMedia(media_house.chat.channel_sid, gone.sid))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await listed(media_house, await begin(media_house)) == [first.sid, text.sid]
    assert await listed(media_house, await begin(media_house, content_type="text/")) == [text.sid]
    assert await listed(media_house, await begin(media_house, sha256="0" * 64)) == []
    assert await listed(media_house, await begin(media_house, since=tomorrow)) == []


async def test_a_run_that_was_cut_off_goes_on_where_it_was(media_house: MediaHouse) -> None:
    files = [await media_house.upload() for _ in range(3)]
    run = await begin(media_house)
    await recheck(media_house, files[0].sid)
    again = await begin(media_house)
    assert (run.sid, run.files, again.files) == (again.sid, 3, 2)
    assert await listed(media_house, again) == [media.sid for media in files[1:]]


async def test_a_run_over_the_last_days_goes_on_though_the_clock_does_too(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await media_house.upload(), await media_house.upload()
    run = await begin(media_house, since=datetime.now(UTC) - timedelta(hours=1))
    await recheck(media_house, first.sid)
    after(monkeypatch, 1800)
    again = await begin(media_house, since=run.since + timedelta(seconds=1800))
    assert (again.sid, await listed(media_house, again)) == (run.sid, [second.sid])
    other = await begin(media_house, since=run.since - timedelta(hours=1))
    assert other.sid != run.sid


async def test_a_run_of_another_day_is_not_gone_on_with(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await media_house.upload()
    run = await begin(media_house)
    await recheck(media_house, media.sid)
    after(monkeypatch, 25 * 3600)
    again = await begin(media_house)
    assert (again.sid != run.sid, await listed(media_house, again)) == (True, [media.sid])


async def test_a_finished_run_begins_anew(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    run = await begin(media_house)
    await recheck(media_house, media.sid)
    await end(media_house, run)
    assert await listed(media_house, await begin(media_house)) == [media.sid]


async def test_the_report_tells_also_what_was_found_before_it_was_cut_off(media_house: MediaHouse) -> None:
    bad, unsure, good = await sent(media_house), await sent(media_house), await sent(media_house)
    await media_house.chat.agent.invoke(ReadMedia(media_house.chat.channel_sid, bad.sid, "safe"))
    await begin(media_house)
    for media, outcome in ((bad, "infected"), (unsure, "timeout")):
        media_house.check.outcome = outcome  # type: ignore[assignment]
        await recheck(media_house, media.sid)
    run = await begin(media_house)
    media_house.check.outcome = "clean"
    await recheck(media_house, good.sid)
    report = await end(media_house, run)
    assert report.files == 3
    assert [(one.media.sid, one.outcome) for one in report.found] == [
        (bad.sid, "recalled"),
        (unsure.sid, "unsure"),
    ]
    assert [opening.identity for opening in report.found[0].openings] == ["grace"]
    assert [verdict.outcome for verdict in report.found[1].verdicts] == ["timeout"]


async def test_a_dry_run_leaves_no_run_behind(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    run = await begin(media_house, dry_run=True)
    assert (run.sid, await listed(media_house, run)) == ("", [media.sid])


async def sent(house: MediaHouse) -> Media:
    return (await send(house))[1]
