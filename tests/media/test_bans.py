"""What is banned, by whom, where, and for how long."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.media.conftest import PDF, MediaHouse, bytes_of
from vestibule.context import Context
from vestibule.errors import InvalidRequest, NotFound, PermissionDenied
from vestibule.media.bans import BanList
from vestibule.models import Ban
from vestibule.payloads import AddBan, AttachFile, ImportBans, ListBans, NewBan, RemoveBan

DIGEST = hashlib.sha256(PDF).hexdigest()
BITS = "0f" * 32


async def ban(who: Context, **more: Any) -> list[Ban]:
    return await who.invoke(AddBan(**more))


async def banned(house: MediaHouse, media_sid: str) -> str:
    return await BanList(house.house.parts.database).exact(media_sid, (DIGEST,))


async def test_a_ban_says_who_when_why_and_until_when(media_house: MediaHouse) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    (made,) = await ban(media_house.chat.agent, sha256=DIGEST, reason="spam", date_expires=tomorrow)
    assert (made.kind, made.value, made.reason, made.created_by) == ("sha256", DIGEST, "spam", "grace")
    assert made.date_expires == tomorrow
    assert await media_house.chat.agent.invoke(ListBans()) == [made]


async def test_a_file_is_banned_by_its_sid(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    (made,) = await ban(media_house.chat.agent, media_sid=media.sid)
    assert made.value == DIGEST


async def test_a_file_that_was_refused_can_still_be_banned(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    await media_house.house.parts.storage.delete(f"available/{media.sid}/")
    assert len(await ban(media_house.house.system, media_sid=media.sid)) == 1


async def test_a_ban_that_is_over_counts_no_more(
    media_house: MediaHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await media_house.upload()
    soon = datetime.now(UTC) + timedelta(seconds=60)
    await ban(media_house.chat.agent, sha256=DIGEST, date_expires=soon)
    assert await banned(media_house, media.sid)
    moment = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: moment)
    assert not await banned(media_house, media.sid)
    assert await media_house.chat.agent.invoke(ListBans()) == []


async def test_banned_again_it_gets_the_new_reason(media_house: MediaHouse) -> None:
    first = await ban(media_house.chat.agent, sha256=DIGEST, reason="spam")
    second = await ban(media_house.chat.agent, sha256=DIGEST.upper(), reason="worse")
    assert first[0].sid == second[0].sid
    assert [one.reason for one in await media_house.chat.agent.invoke(ListBans())] == ["worse"]


async def test_a_ban_is_removed(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    (made,) = await ban(media_house.chat.agent, sha256=DIGEST)
    await media_house.chat.agent.invoke(RemoveBan(made.sid))
    assert not await banned(media_house, media.sid)
    with pytest.raises(NotFound):
        await media_house.chat.agent.invoke(RemoveBan(made.sid))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sha256": "abc"},
        {"sha256": "g" * 64},
        {"perceptual": "0" * 63},
        {"sha256": DIGEST, "reason": "x" * 501},
        {"sha256": DIGEST, "date_expires": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["nothing", "too short", "no hex", "63 digits", "a long reason", "over already"],
)
async def test_what_is_no_ban_is_told(media_house: MediaHouse, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        await ban(media_house.chat.agent, **given)


async def test_a_customer_bans_and_reads_nothing(media_house: MediaHouse) -> None:
    for payload in (AddBan(sha256=DIGEST), ListBans(), RemoveBan("BN"), ImportBans("x", ())):
        with pytest.raises(PermissionDenied):
            await media_house.chat.customer.invoke(payload)  # type: ignore[arg-type]


async def test_a_service_s_ban_counts_in_that_service_alone(media_house: MediaHouse) -> None:
    neighbour = await media_house.house.neighbour("eve")
    theirs = await neighbour.as_system().invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))
    ours = await media_house.upload()
    (made,) = await ban(neighbour, sha256=DIGEST)
    assert await banned(media_house, theirs.sid)
    assert not await banned(media_house, ours.sid)
    assert await media_house.chat.agent.invoke(ListBans()) == []
    with pytest.raises(NotFound):
        await media_house.chat.agent.invoke(RemoveBan(made.sid))
    with pytest.raises(NotFound):
        await ban(neighbour, media_sid=ours.sid)


async def test_the_house_s_ban_counts_everywhere_and_is_the_house_s_to_remove(
    media_house: MediaHouse,
) -> None:
    neighbour = await media_house.house.neighbour("eve")
    theirs = await neighbour.as_system().invoke(AttachFile("bill.pdf", "", bytes_of(PDF)))
    ours = await media_house.upload()
    (made,) = await ban(media_house.house.system, sha256=DIGEST)
    for media in (theirs, ours):
        assert await banned(media_house, media.sid)
    with pytest.raises(NotFound):
        await neighbour.invoke(RemoveBan(made.sid))
    assert [one.sid for one in await neighbour.invoke(ListBans())] == [made.sid]


# Lists of others


async def test_a_list_of_others_keeps_its_source_and_ours_stays_as_it_is(media_house: MediaHouse) -> None:
    await ban(media_house.house.system, sha256=DIGEST, reason="ours")
    entries = (NewBan(kind="sha256", value=DIGEST, reason="theirs"), NewBan(kind="perceptual", value=BITS))
    for _ in range(2):
        assert await media_house.house.system.invoke(ImportBans("partner", entries)) == 2
    told = {(one.kind, one.source, one.reason) for one in await media_house.house.system.invoke(ListBans())}
    assert told == {("sha256", "", "ours"), ("sha256", "partner", "theirs"), ("perceptual", "partner", "")}


async def test_of_a_list_with_one_wrong_entry_nothing_is_taken(media_house: MediaHouse) -> None:
    entries = (NewBan(kind="sha256", value=DIGEST), NewBan(kind="sha256", value="short"))
    with pytest.raises(InvalidRequest):
        await media_house.house.system.invoke(ImportBans("partner", entries))
    assert await media_house.house.system.invoke(ListBans()) == []


async def test_an_entry_that_is_over_is_left_out(media_house: MediaHouse) -> None:
    past = NewBan(kind="sha256", value=DIGEST, date_expires=datetime(2020, 1, 1, tzinfo=UTC))
    assert await media_house.house.system.invoke(ImportBans("partner", (past,))) == 0
