"""A file that takes long holds nobody up."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from typing import BinaryIO

import psutil
import pytest

from tests.checks.test_sandbox import JOBS, nurseries, until
from vestibule.checks.places import Places
from vestibule.checks.sandbox import Sandbox

BRISK = 0.05  # seconds


@pytest.fixture
def places() -> Places:
    return Places(quick=1, slow=1, brisk=BRISK)


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        yield file


async def stay(places: Places, seconds: float, log: list[str], name: str) -> None:
    async with places.one():
        log.append(f"{name} begins")
        await asyncio.sleep(seconds)
    log.append(f"{name} ends")


async def test_the_next_in_turn_gets_the_place_of_who_takes_long(places: Places) -> None:
    log: list[str] = []
    async with asyncio.TaskGroup() as crowd:
        crowd.create_task(stay(places, 10 * BRISK, log, "bomb"))
        crowd.create_task(stay(places, 0, log, "photo"))
    assert log == ["bomb begins", "photo begins", "photo ends", "bomb ends"]


async def test_of_many_that_take_long_only_so_many_run_at_once(places: Places) -> None:
    log: list[str] = []
    async with asyncio.TaskGroup() as crowd:
        for name in ("one", "two", "three"):
            crowd.create_task(stay(places, 5 * BRISK, log, name))
        await asyncio.sleep(3 * BRISK)
        assert log == ["one begins", "two begins"]
    assert log.index("three begins") > log.index("one ends")


async def test_who_is_quick_keeps_the_order_and_gives_every_place_back(places: Places) -> None:
    log: list[str] = []
    for _ in range(3):
        await asyncio.gather(*(stay(places, 0.001, log, name) for name in "abc"))
    assert log[:6] == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]
    assert (places._quick._value, places._slow._value) == (1, 1)


async def test_who_is_cut_off_in_the_middle_gives_its_place_back(places: Places) -> None:
    log: list[str] = []
    for moment in (0.0, BRISK / 2, BRISK, 2 * BRISK):
        both = [asyncio.create_task(stay(places, 3600, log, name)) for name in ("bomb", "another")]
        await asyncio.sleep(moment)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        assert (places._quick._value, places._slow._value) == (1, 1)


async def test_a_file_that_hangs_does_not_keep_the_next_waiting(file: BinaryIO) -> None:
    async with Sandbox([JOBS], workers=1) as sandbox:
        hanging = asyncio.create_task(sandbox.run("hang", file, seconds=20))
        await until(lambda: bool(nurseries()[0].children()))
        began = time.monotonic()
        assert (await sandbox.run("echo", file)).is_clean
        assert time.monotonic() - began < 10
        assert not hanging.done()
        hanging.cancel()


async def test_a_decoder_that_burns_the_processor_stands_back(file: BinaryIO) -> None:
    async with Sandbox([JOBS]) as sandbox:
        burning = asyncio.create_task(sandbox.run("spin", file, seconds=20))
        await until(lambda: bool(nurseries()[0].children()))
        child = psutil.Process(nurseries()[0].children()[0].pid)
        assert child.nice() <= 5
        await until(lambda: child.nice() == 15, seconds=10)
        burning.cancel()
