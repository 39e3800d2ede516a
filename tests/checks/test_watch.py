"""The watch over the scanners: the operator is told what does not work, before a customer is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.checks.conftest import STREAM_LIMIT, running_clamd
from tests.checks.lying_clamd import answer, answer_to_the_whole, lying, never_answer
from vestibule.checks.clamd import Address
from vestibule.checks.scanners import Scanners
from vestibule.checks.watch import OLD, Watch
from vestibule.config import Settings, load
from vestibule.http import Metrics

OK = answer_to_the_whole(b"stream: OK\0")
DEAD = "unix:/nobody/listens/here"


def version(hours_ago: float) -> bytes:
    made = time.strftime("%a %b %d %H:%M:%S %Y", time.localtime(time.time() - hours_ago * 3600))
    return f"ClamAV 1.4.6/27450/{made}\0".encode()


@asynccontextmanager
async def watched(*hours_ago: float, dead: int = 0) -> AsyncIterator[Watch]:
    """Scanners with signatures of these ages, and some that are away."""
    if not hours_ago:
        yield Watch(Scanners([f"{DEAD}/{number}" for number in range(dead)]), 1000)
        return
    async with lying(OK, version(hours_ago[0])) as first, lying(OK, version(hours_ago[-1])) as last:
        names = [first, last][: len(hours_ago)] + [f"{DEAD}/{number}" for number in range(dead)]
        yield Watch(Scanners(names), 1000)


async def test_readiness_says_how_old_the_signatures_are() -> None:
    async with watched(3) as watch:
        assert await watch.readiness() == {"antivirus": "ok", "signatures": "ok: 3 h"}


async def test_signatures_of_more_than_two_days_are_told_loudly_and_once() -> None:
    async with watched(71) as watch:
        with capture_logs() as logs:
            await watch.look()
            await watch.look()
        told = [entry for entry in logs if "signatures are old" in entry["event"]]
        assert [(entry["log_level"], entry["hours"]) for entry in told] == [("warning", 71)]
        assert (await watch.readiness())["signatures"] == "old: 71 h"


async def test_the_oldest_signatures_of_several_scanners_count() -> None:
    async with watched(1, 50) as watch:
        parts = await watch.readiness()
    assert (parts["antivirus"], parts["signatures"]) == ("ok", "old: 50 h")
    assert len(parts) == 4


async def test_one_scanner_that_is_away_makes_the_house_weak_and_is_named() -> None:
    async with watched(1, dead=1) as watch:
        parts = await watch.readiness()
    assert parts["antivirus"].startswith("weak: FileNotFoundError")
    assert parts[f"clamd {DEAD}/0"].startswith("weak: FileNotFoundError")
    assert parts["signatures"] == "ok: 1 h"


async def test_without_any_scanner_the_house_is_not_ready() -> None:
    async with watched(dead=2) as watch:
        parts = await watch.readiness()
    assert parts["antivirus"].startswith("FileNotFoundError")


async def test_a_scanner_without_official_signatures_says_so() -> None:
    async with lying(OK, b"ClamAV 1.4.6\0") as address:
        watch = Watch(Scanners(address), 1000)
        assert (await watch.readiness())["signatures"] == "weak: own only, none of ClamAV's"
        assert watch.ages() == {}


async def test_numbers_tell_each_scanners_state_and_age() -> None:
    async with watched(2, dead=1) as watch:
        await watch.readiness()
        metrics = Metrics()
        metrics.gauges("scanner_up", "Up.", "clamd", watch.up)
        metrics.gauges("signatures_age_seconds", "Age.", "clamd", watch.ages)
        shown = metrics.render().decode()
    assert f'vestibule_scanner_up{{clamd="{DEAD}/0"}} 0.0' in shown
    assert next(iter(watch.up().values())) == 1.0
    assert [round(age / 3600) for age in watch.ages().values()] == [2]
    assert OLD == 48 * 3600


async def test_who_goes_and_comes_back_is_told_once_each() -> None:
    async with lying(OK) as address:
        pool = Scanners(address)
        watch, (daemon,) = Watch(pool, 1000), pool.daemons
        here, daemon.address = daemon.address, Address.parse(DEAD)
        with capture_logs() as logs:
            for _ in range(2):
                await watch.look()
            daemon.address = here
            for _ in range(2):
                await watch.look()
        told = [entry["event"] for entry in logs if entry["event"].startswith("a virus")]
        assert told == ["a virus scanner cannot be asked", "a virus scanner is back"]


@pytest.mark.clamd
async def test_a_real_scanner_that_takes_less_than_we_do_is_told_at_the_start(clamd: str) -> None:
    watch = Watch(Scanners(clamd), STREAM_LIMIT + 1)
    with capture_logs() as logs:
        await watch.look()
        await watch.look()
    (told,) = logs
    assert told["log_level"] == "warning"
    assert "StreamMaxLength" in told["event"]
    assert "our policy" in told["event"]
    assert "StreamMaxLength" in (await watch.readiness())["antivirus"]


@pytest.mark.clamd
async def test_a_real_scanner_that_takes_as_much_as_we_do_is_left_in_peace(clamd: str) -> None:
    watch = Watch(Scanners(clamd), STREAM_LIMIT)
    with capture_logs() as logs:
        await watch.look()
    assert logs == []
    assert (await watch.readiness())["antivirus"] == "ok"


async def test_a_limit_for_files_within_is_told_by_its_own_name() -> None:
    async with lying(
        answer_to_the_whole(b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0")
    ) as address:
        watch = Watch(Scanners(address), 1000)
        with capture_logs() as logs:
            await watch.look()
    assert [entry for entry in logs if "MaxFileSize" in entry["event"]]


@pytest.mark.clamd
async def test_a_real_scanner_that_consents_to_what_it_skipped_is_told() -> None:
    with running_clamd(alerts=False) as (address, _):
        watch = Watch(Scanners(address), 1000)
        with capture_logs() as logs:
            await watch.look()
        state = (await watch.readiness())["antivirus"]
    assert [entry["event"].split()[0] for entry in logs] == ["AlertExceedsMax", "AlertEncrypted"]
    assert state == "weak: AlertExceedsMax, AlertEncrypted in clamd.conf"


@pytest.mark.parametrize("lie", [never_answer, answer(b"")])
async def test_the_watch_ends_whatever_it_is_at(lie: object) -> None:
    before = asyncio.all_tasks()
    async with lying(lie) as address:  # type: ignore[arg-type]
        watch = Watch(Scanners(address), 1000)
        watch.start()
        await asyncio.sleep(0.1)
        await watch.close()
        await watch.close()
    assert not {task for task in asyncio.all_tasks() - before if "Watch" in repr(task.get_coro())}


def test_one_scanner_is_a_text_and_several_are_a_list(tmp_path: Path) -> None:
    file = tmp_path / "vestibule.toml"
    for text in ('"unix:/a"', '["unix:/a"]'):
        file.write_text(f"clamd = {text}\n")
        assert load(file).clamd == ("unix:/a",)
    assert load(environment={"VESTIBULE_CLAMD": "unix:/a, tcp://b:3310"}).clamd == ("unix:/a", "tcp://b:3310")
    assert Settings().clamd == ()
