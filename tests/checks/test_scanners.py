"""Several virus scanners: one that is lost costs nobody a file, and silence of all opens none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import binary, sampled_from

from tests.checks.conftest import HOME_MADE, running_clamd
from tests.checks.lying_clamd import (
    Lie,
    answer,
    answer_after,
    answer_to_the_whole,
    counted,
    lying,
    never_answer,
    never_read,
)
from tests.checks.specimens import chunks_of, specimen, stored
from vestibule.checks import scanners
from vestibule.checks.antivirus import BACKLOG, AntivirusCheck
from vestibule.checks.clamd import judge
from vestibule.checks.scanners import Scanners
from vestibule.errors import ConfigurationError
from vestibule.models import Verdict

OK = answer_to_the_whole(b"stream: OK\0")
FOUND = answer_to_the_whole(b"stream: Win.Test FOUND\0")
DEAD = "unix:/nobody/listens/here"


@asynccontextmanager
async def daemons(*lies: Lie) -> AsyncIterator[list[str]]:
    """The addresses of several, in the order in which they are asked."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(lying(lie)) for lie in lies]


async def uploaded(addresses: list[str], folder: Path, content: bytes, seconds: float = 1.0) -> Verdict:
    """The verdict of a file that arrives in pieces, and then lies in storage."""
    storage = await stored(folder, content)
    check = AntivirusCheck(addresses, seconds, storage)
    feeding = await check.open(specimen(content))
    async for chunk in chunks_of(content):
        await feeding.feed(chunk)
    return await feeding.finish()


@pytest.mark.parametrize(
    "lost",
    [
        never_answer,
        never_read,
        answer(b""),
        answer(b"stream: OK\0"),
        answer_after(70_000, b""),
        answer_to_the_whole(b""),
        answer_to_the_whole(b"\x89PNG\xff\xfe\x00"),
        answer_to_the_whole(b"stream: O"),
        answer_after(9, b"COMMAND READ TIMED OUT. ERROR\0"),
    ],
    ids=[
        "is silent",
        "takes nothing",
        "hangs up at once",
        "consents before the end",
        "dies in mid-stream",
        "dies after the last byte",
        "talks nonsense",
        "is cut off in its answer",
        "loses patience",
    ],
)
@pytest.mark.parametrize(("then", "outcome"), [(OK, "clean"), (FOUND, "infected")], ids=["OK", "FOUND"])
async def test_where_one_scanner_is_lost_another_gets_the_whole_file(
    lost: Lie, then: Lie, outcome: str, tmp_path: Path
) -> None:
    content = bytes(3 * BACKLOG)
    heard: list[bytes] = []
    async with daemons(lost, counted(then, heard)) as addresses:
        verdict = await uploaded(addresses, tmp_path, content)
    assert verdict.outcome == outcome, verdict
    assert [len(whole) for whole in heard] == [len(content)]


async def test_a_scanner_that_cannot_be_reached_costs_no_second_reading(tmp_path: Path) -> None:
    async with daemons(OK) as addresses:
        check = AntivirusCheck([DEAD, *addresses])  # and no storage to read again from
        feeding = await check.open(specimen(b""))
        await feeding.feed(b"hello")
        assert (await feeding.finish()).is_clean


async def test_when_all_scanners_are_dead_the_file_stays_closed_and_each_is_named(tmp_path: Path) -> None:
    verdict = await uploaded([DEAD, DEAD + "/2"], tmp_path, b"hello")
    assert (verdict.outcome, verdict.reason) == ("error", "check_failed")
    assert f"{DEAD}: " in verdict.detail
    assert f"{DEAD}/2: " in verdict.detail


async def test_when_all_scanners_are_silent_the_budget_is_kept(tmp_path: Path) -> None:
    async with daemons(never_answer, never_read, never_answer) as addresses:
        began = time.monotonic()
        verdict = await uploaded(addresses, tmp_path, bytes(3 * BACKLOG), seconds=0.9)
    assert (verdict.outcome, verdict.reason) == ("timeout", "check_failed")
    assert time.monotonic() - began < 2


async def test_when_all_scanners_talk_nonsense_nobody_is_believed(tmp_path: Path) -> None:
    async with daemons(answer_to_the_whole(b"OK\0"), answer_to_the_whole(b"stream: OKAY\0")) as addresses:
        verdict = await uploaded(addresses, tmp_path, b"hello")
    assert (verdict.outcome, verdict.reason) == ("error", "check_failed")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"stream: Win.Test FOUND\0", "infected"),
        (b"stream: Heuristics.Encrypted.PDF FOUND\0", "encrypted"),
        (b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0", "too_large"),
    ],
)
async def test_what_one_scanner_found_no_other_can_take_back(
    reply: bytes, outcome: str, tmp_path: Path
) -> None:
    heard: list[bytes] = []
    async with daemons(answer_to_the_whole(reply), counted(OK, heard)) as addresses:
        verdict = await uploaded(addresses, tmp_path, b"hello")
    assert verdict.outcome == outcome
    assert heard == []


LIMITED = answer_after(9, b"INSTREAM size limit exceeded. ERROR\0")


@pytest.mark.parametrize(
    ("other", "outcome", "reason"),
    [
        (OK, "clean", ""),
        (FOUND, "infected", "infected"),
        (LIMITED, "too_large", "too_large"),
        (answer(b""), "too_large", "too_large"),
    ],
)
async def test_a_file_that_one_scanner_finds_too_large_goes_to_another(
    other: Lie, outcome: str, reason: str, tmp_path: Path
) -> None:
    async with daemons(LIMITED, other) as addresses:
        verdict = await uploaded(addresses, tmp_path, bytes(3 * BACKLOG))
    assert (verdict.outcome, verdict.reason) == (outcome, reason), verdict


async def test_of_a_slow_scanner_and_one_that_was_asked_later_the_first_answer_counts(tmp_path: Path) -> None:
    slow = answer_to_the_whole(b"stream: Win.Test FOUND\0", after=0.6)
    async with daemons(slow, never_answer) as addresses:
        assert (await uploaded(addresses, tmp_path, b"hello", seconds=1.0)).outcome == "infected"


async def test_without_the_bytes_nobody_else_is_asked() -> None:
    async with daemons(answer_after(9, b""), OK) as addresses:
        feeding = await AntivirusCheck(addresses).open(specimen(b""))
        await feeding.feed(bytes(BACKLOG))
        assert (await feeding.finish()).outcome == "error"


async def test_a_scanner_that_failed_rests_and_then_has_another_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanners, "REST", 0.2)
    heard: list[bytes] = []
    async with daemons(counted(answer_to_the_whole(b""), heard), OK) as addresses:
        pool = Scanners(addresses)
        for _ in range(3):
            assert (await pool.scan(lambda: chunks_of(b"hello"))).outcome == "clean"
        assert len(heard) == 1
        await asyncio.sleep(0.25)
        assert (await pool.scan(lambda: chunks_of(b"hello"))).outcome == "clean"
        assert len(heard) == 2
        await asyncio.sleep(0.25)  # the second rest is longer
        await pool.scan(lambda: chunks_of(b"hello"))
        assert len(heard) == 2


async def test_if_all_rest_they_are_asked_all_the_same(tmp_path: Path) -> None:
    async with daemons(OK) as addresses:
        pool = Scanners(addresses)
        pool.daemons[0].failed("a moment ago")
        assert (await pool.scan(lambda: chunks_of(b"hello"))).outcome == "clean"


async def test_files_are_spread_over_the_scanners() -> None:
    one, other = list[bytes](), list[bytes]()
    slow = answer_to_the_whole(b"stream: OK\0", after=0.1)
    async with daemons(counted(slow, one), counted(slow, other)) as addresses:
        pool = Scanners(addresses)
        answers = await asyncio.gather(*(pool.scan(lambda: chunks_of(b"hello")) for _ in range(8)))
    assert {answer.outcome for answer in answers} == {"clean"}
    assert len(one) == len(other) == 4


async def test_nothing_is_left_of_the_attempts(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with daemons(never_answer, OK) as addresses:
        pool = Scanners(addresses, 1.0)
        assert (await pool.scan(lambda: chunks_of(b"hello"))).outcome == "clean"
        assert not {task for task in asyncio.all_tasks() - before if "Attempt" in repr(task.get_coro())}
        assert [daemon.busy for daemon in pool.daemons] == [0, 0]


async def test_a_fault_of_the_storage_is_not_held_against_a_scanner() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"hello"
        raise OSError("the disk is gone")

    async with daemons(OK) as addresses:
        pool = Scanners(addresses)
        with pytest.raises(OSError, match="disk"):
            await pool.scan(broken)
        assert pool.daemons[0].trouble == ""


@pytest.mark.parametrize("addresses", [[], ["unix:/a", "unix:/a"], ["unix:/a", "b"]])
def test_wrong_addresses_are_told_at_the_start(addresses: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        Scanners(addresses)


@pytest.mark.clamd
async def test_a_real_scanner_stands_in_for_a_dead_one(clamd: str, tmp_path: Path) -> None:
    verdict = await uploaded([DEAD, clamd], tmp_path, b"look: " + HOME_MADE)
    assert verdict.outcome == "infected"
    assert "Vestibule.Test.Parcel" in verdict.detail


@pytest.mark.clamd
async def test_a_real_scanner_stands_in_for_one_that_dies_in_mid_stream(clamd: str, tmp_path: Path) -> None:
    content = bytes(BACKLOG) + HOME_MADE
    async with daemons(answer_after(300_000, b"")) as addresses:
        verdict = await uploaded([*addresses, clamd], tmp_path, content)
    assert verdict.outcome == "infected"


@pytest.mark.clamd
@pytest.mark.parametrize("content", [bytes(BACKLOG), bytes(BACKLOG) + HOME_MADE], ids=["clean", "infected"])
async def test_a_real_scanner_that_is_killed_in_mid_stream_costs_nobody_a_file(
    content: bytes, clamd: str, tmp_path: Path
) -> None:
    storage = await stored(tmp_path, content)
    with running_clamd() as (doomed, process):
        check = AntivirusCheck([doomed, clamd], 10, storage)
        feeding = await check.open(specimen(content))
        await feeding.feed(content[: BACKLOG // 2])
        await asyncio.sleep(0.1)
        process.kill()
        await feeding.feed(content[BACKLOG // 2 :])
        verdict = await feeding.finish()
    assert verdict.outcome == ("infected" if HOME_MADE in content else "clean"), verdict
    assert check.scanners.daemons[0].is_resting


@given(reply=binary(max_size=60) | sampled_from([b"stream: OK\0", b"stream: OK\0\0", b"stream: OK \0"]))
def test_no_reply_but_one_is_consent(reply: bytes) -> None:
    outcome, reason, _ = judge(reply, whole=True)
    assert (outcome == "clean") == (reply.partition(b"\0")[0].strip() == b"stream: OK" and b"\0" in reply)
    assert (reason == "") == (outcome == "clean")
    assert judge(reply, whole=False)[0] != "clean"
