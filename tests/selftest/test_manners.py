"""How the self-test behaves as a guest: it waits where it is told to, and takes everything away again."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.selftest.houses import behind, saying, seen
from tests.servers import written_policy
from vestibule.http.limits import Rate, Rates
from vestibule.selftest import through
from vestibule.selftest.cases import Case
from vestibule.selftest.door import Door
from vestibule.selftest.visit import begun
from vestibule.testing import a_server


async def test_it_waits_where_a_rate_limit_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rates, "of", lambda **given: Rates(chats=Rate(1, 1)))
    async with a_server(tmp_path, rate_limits=True) as (_, address), Door(address) as door:
        began = time.monotonic()
        visit = await begun(door)  # two chats, of which the second has to wait
        assert time.monotonic() - began >= 0.9
        assert visit.visitor.channel_sid != visit.other.channel_sid


async def test_broken_off_it_still_takes_everything_away(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (house, address):
        reached = asyncio.Event()

        def tell(case: Case) -> None:
            if case.name == "deleted message":
                reached.set()

        testing = asyncio.create_task(through(address, tell))
        await reached.wait()
        testing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await testing
        assert [key async for key in house.parts.storage.list("")] == []


async def test_a_proxy_that_says_the_same_once_more_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(headers: dict[bytes, bytes]) -> None:
        for name in (b"x-content-type-options", b"referrer-policy", b"content-security-policy"):
            headers[name] = b", ".join([headers[name]] * 2)

    names = (
        "no guessing",
        "no referrer",
        "sandbox",
        "pages are not guessed at",
        "pages run no foreign script",
    )
    async with behind(saying(twice), tmp_path, monkeypatch) as address:
        results = await seen(address, *names)
    assert {result.outcome for result in results.values()} == {"held"}, results


async def test_where_no_text_is_taken_a_picture_is_the_large_file(tmp_path: Path) -> None:
    policy = written_policy(tmp_path, '[files]\nextensions = ["png"]\n')
    async with a_server(tmp_path / "data", policy=policy) as (_, address):
        result = (await seen(address, "as large as allowed"))["as large as allowed"]
    assert (result.outcome, result.seen) == ("held", "20.0 MiB got through")
