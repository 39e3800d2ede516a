"""How much one visitor may send: counted in the records, so that nobody becomes new by coming back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.media.conftest import PDF, MediaHouse, open_media_house
from vestibule.errors import MediaRefused, TooManyRequests
from vestibule.media.quota import Quota, Quotas
from vestibule.payloads import AttachFile

SMALL = Quotas(visitors=Quota(files=3, size=10 * len(PDF), at_once=2))


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    house = await open_media_house(tmp_path, quotas=SMALL)
    yield house
    await house.judge.close()
    await house.house.close()


async def change(house: MediaHouse, statement: str) -> None:
    """Let time go by for the records."""
    await house.house.parts.database.write(lambda tx: tx._connection.execute(statement))  # type: ignore[attr-defined]


async def test_the_file_after_the_last_of_a_minute_has_to_wait(strict: MediaHouse) -> None:
    for _ in range(3):
        await strict.upload()
    with pytest.raises(TooManyRequests, match="within a minute") as caught:
        await strict.upload()
    assert 50 <= caught.value.detail["retry_after"] <= 60
    await change(strict, "UPDATE media SET date_created = date_created - 61")
    await strict.upload()


async def test_what_was_refused_or_taken_back_counts(strict: MediaHouse) -> None:
    for _ in range(3):
        with pytest.raises(MediaRefused):
            await strict.upload(b"MZ\0", "photo.jpg")
    with pytest.raises(TooManyRequests):
        await strict.upload()


async def test_a_day_has_so_many_bytes(strict: MediaHouse) -> None:
    for _ in range(2):
        await strict.upload(PDF * 4)
    await change(strict, "UPDATE media SET date_created = date_created - 3600")
    with pytest.raises(TooManyRequests, match="within a day") as caught:
        await strict.upload(PDF * 4, size=len(PDF * 4))
    assert 22 * 3600 < caught.value.detail["retry_after"] <= 23 * 3600
    await strict.upload(PDF, size=len(PDF))


async def test_only_so_many_files_arrive_at_once(strict: MediaHouse) -> None:
    gate = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield PDF
        await gate.wait()

    def begun() -> AttachFile:
        return AttachFile("bill.pdf", "", slow(), strict.chat.channel_sid)

    first = [asyncio.create_task(strict.chat.customer.invoke(begun())) for _ in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(TooManyRequests, match="already"):
        await strict.upload()
    gate.set()
    await asyncio.gather(*first)
    await strict.upload()


async def test_of_many_at_the_same_moment_only_so_many_get_in(strict: MediaHouse) -> None:
    tries = await asyncio.gather(*(strict.upload() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(each, TooManyRequests) for each in tries) >= 5


async def test_one_persons_quota_is_not_anothers(strict: MediaHouse) -> None:
    for _ in range(3):
        await strict.upload()
    other, session = await strict.house.visitor("Bob")
    await other.invoke(AttachFile("bill.pdf", "", _bytes(), session.channel.sid))


async def test_agents_and_the_house_have_no_quota(strict: MediaHouse) -> None:
    for who in (strict.chat.agent, strict.house.system):
        for _ in range(5):
            await strict.upload(who=who)


async def test_an_operator_may_lift_quotas(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, quotas=Quotas.off())
    for _ in range(12):
        await house.upload()
    await house.judge.close()
    await house.house.close()


async def _bytes() -> AsyncIterator[bytes]:
    yield PDF
