"""The virus scanner: a real one, and one that lies. In doubt a file stays closed."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from pathlib import Path

import pytest

from tests.checks.conftest import HOME_MADE, STREAM_LIMIT
from tests.checks.lying_clamd import (
    VERSION,
    Lie,
    answer,
    answer_after,
    answer_to_the_whole,
    lying,
    never_answer,
    never_read,
)
from tests.checks.specimens import EICAR, chunks_of, specimen, stored
from vestibule.checks.antivirus import BACKLOG, AntivirusCheck
from vestibule.errors import CheckUnavailable, ConfigurationError
from vestibule.models import Verdict

real = pytest.mark.clamd


async def uploaded(check: AntivirusCheck, content: bytes) -> Verdict:
    """The verdict of a file that arrives in pieces."""
    feeding = await check.open(specimen(content))
    async for chunk in chunks_of(content):
        await feeding.feed(chunk)
    return await feeding.finish()


# A real clamd


@real
async def test_a_harmless_file_is_clean_and_the_scanner_named(clamd: str) -> None:
    verdict = await uploaded(AntivirusCheck(clamd), b"Good morning, my order did not arrive.")
    assert verdict.is_clean
    assert verdict.version.startswith("ClamAV ")


@real
@pytest.mark.parametrize(
    ("content", "name"),
    [(EICAR, "Vestibule.Test.Eicar"), (b"look: " + HOME_MADE, "Vestibule.Test.Parcel")],
    ids=["eicar", "home-made"],
)
async def test_an_infected_file_is_found_while_it_arrives(clamd: str, content: bytes, name: str) -> None:
    verdict = await uploaded(AntivirusCheck(clamd), content)
    assert (verdict.outcome, verdict.reason) == ("infected", "infected")
    assert name in verdict.detail


@real
async def test_an_infected_file_is_found_again_in_storage(clamd: str, tmp_path: Path) -> None:
    storage = await stored(tmp_path, EICAR)
    finding = await AntivirusCheck(clamd)(specimen(EICAR), storage)
    assert finding.verdict.outcome == "infected"


@real
async def test_a_signature_across_two_chunks_is_found(clamd: str) -> None:
    feeding = await AntivirusCheck(clamd).open(specimen(EICAR))
    for chunk in (EICAR[:30], b"", EICAR[30:]):
        await feeding.feed(chunk)
    assert (await feeding.finish()).outcome == "infected"


@real
async def test_a_file_beyond_the_scanners_limit_is_not_clean(clamd: str) -> None:
    verdict = await uploaded(AntivirusCheck(clamd), bytes(4 * STREAM_LIMIT))
    assert (verdict.outcome, verdict.reason) == ("too_large", "too_large")
    assert verdict.detail == "INSTREAM size limit exceeded. ERROR"


@real
async def test_a_file_of_exactly_the_scanners_limit_is_scanned(clamd: str) -> None:
    verdict = await uploaded(AntivirusCheck(clamd), b"a" * STREAM_LIMIT)
    assert verdict.is_clean, verdict


@real
async def test_an_archive_beyond_the_scanners_patience_is_not_called_infected(clamd: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(50):
            file.writestr(f"{number}.txt", f"letter {number}")
    verdict = await uploaded(AntivirusCheck(clamd), archive.getvalue())
    assert (verdict.outcome, verdict.reason) == ("too_large", "too_complex"), verdict


@real
async def test_many_uploads_at_once_each_get_their_own_verdict(clamd: str) -> None:
    check = AntivirusCheck(clamd)
    contents = [EICAR if number % 3 == 0 else b"harmless %d" % number for number in range(12)]
    verdicts = await asyncio.gather(*(uploaded(check, content) for content in contents))
    assert [verdict.outcome == "infected" for verdict in verdicts] == [n % 3 == 0 for n in range(12)]


@real
async def test_an_upload_that_breaks_off_leaves_nothing_behind(clamd: str) -> None:
    before = asyncio.all_tasks()
    feeding = await AntivirusCheck(clamd).open(specimen(b""))
    await feeding.feed(b"the first half")
    await feeding.abort()
    await feeding.abort()
    assert asyncio.all_tasks() == before


@real
async def test_readiness_asks_the_scanner_for_its_version(clamd: str) -> None:
    assert (await AntivirusCheck(clamd).ping()).startswith("ClamAV ")


# A scanner that lies


@pytest.mark.parametrize(
    ("lie", "outcome", "reason"),
    [
        (answer_to_the_whole(b""), "error", "check_failed"),
        (answer_to_the_whole(b"\0"), "error", "check_failed"),
        (answer_to_the_whole(b"stream: OK"), "error", "check_failed"),
        (answer_to_the_whole(b"stream: O"), "error", "check_failed"),
        (answer_to_the_whole(b"\x89PNG\xff\xfe\x00"), "error", "check_failed"),
        (answer_to_the_whole(b"stream: OKAY\0"), "error", "check_failed"),
        (answer_to_the_whole(b"stream: OK FOUND ERROR\0"), "error", "check_failed"),
        (answer_to_the_whole(b"x" * 10000), "error", "check_failed"),
        (answer(b"stream: OK\0"), "error", "check_failed"),
        (answer(b""), "error", "check_failed"),
        (answer_after(9, b"COMMAND READ TIMED OUT. ERROR\0"), "error", "check_failed"),
        (answer_after(9, b"INSTREAM size limit exceeded. ERROR\0"), "too_large", "too_large"),
        (
            answer_to_the_whole(b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0"),
            "too_large",
            "too_complex",
        ),
        (answer_to_the_whole(b"stream: Heuristics.Encrypted.Zip FOUND\0"), "encrypted", "encrypted"),
        (answer_to_the_whole(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"), "infected", "infected"),
        (never_answer, "timeout", "check_failed"),
        (never_read, "timeout", "check_failed"),
        (answer_to_the_whole(b"stream: OK\0", after=30), "timeout", "check_failed"),
    ],
    ids=lambda value: None if callable(value) else str(value),
)
async def test_no_lie_of_a_scanner_opens_a_file(lie: Lie, outcome: str, reason: str) -> None:
    async with lying(lie) as address:
        verdict = await uploaded(AntivirusCheck(address, seconds=0.5), bytes(3 * BACKLOG))
    assert (verdict.outcome, verdict.reason) == (outcome, reason), verdict


@pytest.mark.parametrize("over_tcp", [False, True])
async def test_a_plain_ok_to_the_whole_file_is_clean(over_tcp: bool) -> None:
    async with lying(answer_to_the_whole(b"stream: OK\0"), over_tcp=over_tcp) as address:
        verdict = await uploaded(AntivirusCheck(address), b"hello")
    assert verdict.is_clean
    assert verdict.version == VERSION


@pytest.mark.parametrize("over_tcp", [False, True])
async def test_a_reset_while_sending_does_not_lose_the_scanners_answer(over_tcp: bool) -> None:
    """The answer lies in our buffer when the connection breaks under what we still send."""
    lie = answer_after(9, b"INSTREAM size limit exceeded. ERROR\0")
    async with lying(lie, over_tcp=over_tcp) as address:
        for _ in range(20):
            verdict = await uploaded(AntivirusCheck(address, seconds=5), bytes(200_000))
            assert verdict.outcome == "too_large", verdict


async def test_no_scanner_at_all_is_an_error(tmp_path: Path) -> None:
    verdict = await uploaded(AntivirusCheck(f"unix:{tmp_path}/nobody"), b"hello")
    assert (verdict.outcome, verdict.reason) == ("error", "check_failed")


async def test_nobody_at_a_port_is_an_error(unused_tcp_port: int) -> None:
    verdict = await uploaded(AntivirusCheck(f"tcp://127.0.0.1:{unused_tcp_port}"), b"hello")
    assert verdict.outcome == "error"


@pytest.mark.parametrize("version", [b"", b"ClamAV", b"UNKNOWN COMMAND\0", b"\x01\x02\0"])
async def test_a_scanner_that_cannot_say_what_it_is_is_not_believed(version: bytes) -> None:
    async with lying(answer_to_the_whole(b"stream: OK\0"), version) as address:
        check = AntivirusCheck(address)
        assert (await uploaded(check, b"hello")).outcome == "error"
        with pytest.raises(CheckUnavailable):
            await check.ping()


async def test_a_slow_scanner_does_not_slow_a_short_upload_down() -> None:
    async with lying(answer_to_the_whole(b"stream: OK\0", after=0.3)) as address:
        feeding = await AntivirusCheck(address).open(specimen(b""))
        began = time.monotonic()
        for _ in range(10):
            await feeding.feed(bytes(BACKLOG // 10))
        assert time.monotonic() - began < 0.2
        verdict = await feeding.finish()
    assert verdict.is_clean
    assert verdict.milliseconds > 250


async def test_an_upload_waits_for_a_stuck_scanner_no_longer_than_the_budget() -> None:
    async with lying(never_read) as address:
        feeding = await AntivirusCheck(address, seconds=0.3).open(specimen(b""))
        began = time.monotonic()
        for _ in range(64):
            await feeding.feed(bytes(BACKLOG))
        assert 0.25 < time.monotonic() - began < 2
        assert (await feeding.finish()).outcome == "timeout"


async def test_a_runner_that_loses_patience_leaves_nothing_behind() -> None:
    async with lying(never_answer) as address:
        before = asyncio.all_tasks()
        feeding = await AntivirusCheck(address).open(specimen(b""))
        await feeding.feed(b"hello")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(feeding.finish(), 0.2)
        assert not {task for task in asyncio.all_tasks() - before if "Fed" in repr(task.get_coro())}


@pytest.mark.parametrize("address", ["", "clamd", "http://127.0.0.1:1", "tcp://127.0.0.1", "tcp://h:99999"])
def test_a_wrong_address_is_told_at_the_start(address: str) -> None:
    with pytest.raises(ConfigurationError, match="neither"):
        AntivirusCheck(address)
