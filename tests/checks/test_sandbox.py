"""The sandbox: what a hijacked decoder tries fails, and costs its own file only."""

from __future__ import annotations

import asyncio
import io
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import BinaryIO

import psutil
import pytest

from vestibule.checks import keeper
from vestibule.checks.nursery import wire
from vestibule.checks.nursery.confinement import Limits
from vestibule.checks.sandbox import Sandbox, judged
from vestibule.errors import CheckUnavailable

JOBS = "tests.checks.sandbox_jobs"
MEMORY = 256 << 20  # bytes


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox([JOBS], memory=MEMORY, output=4 << 20) as sandbox:
        yield sandbox


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    """A file that the test may write, so that the job must not."""
    with tempfile.TemporaryFile() as file:
        file.write(b"hello")
        file.flush()
        yield file


def nurseries() -> list[psutil.Process]:
    """Those of this process that run; what is dead but not yet waited for does not."""
    children = psutil.Process().children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE and _is_nursery(child)]


def _is_nursery(process: psutil.Process) -> bool:
    return any("vestibule.checks.nursery" in word for word in process.cmdline())


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_job_reads_the_file_and_writes_its_outputs(sandbox: Sandbox, file: BinaryIO) -> None:
    with tempfile.TemporaryFile() as output:
        answer = await sandbox.run("echo", file, {"loud": output}, {"why": "to see"})
        output.seek(0)
        assert output.read() == b"HELLO"
    assert answer.is_clean
    assert answer.value["size"] == 5
    assert answer.value["options"] == {"why": "to see"}


# Limits


async def told(sandbox: Sandbox, job: str, file: BinaryIO, **options: object) -> tuple[str, str]:
    with tempfile.TemporaryFile() as output:
        answer = await sandbox.run(job, file, {"one": output}, options, seconds=2)
    return answer.outcome, answer.reason


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        ("crash", ("refused", "damaged")),
        ("abort", ("refused", "damaged")),
        ("fail", ("refused", "damaged")),
        ("flood", ("refused", "too_complex")),
        ("leave", ("error", "check_failed")),
        ("shout", ("error", "check_failed")),
        ("need", ("error", "check_failed")),
        ("no such job", ("error", "check_failed")),
    ],
)
async def test_what_becomes_of_a_file_whose_decoder(
    job: str, outcome: tuple[str, str], sandbox: Sandbox, file: BinaryIO
) -> None:
    assert await told(sandbox, job, file) == outcome


async def test_a_decoder_that_wants_too_much_memory_is_stopped(sandbox: Sandbox, file: BinaryIO) -> None:
    assert await told(sandbox, "eat", file, bytes=2 * MEMORY) == ("refused", "too_complex")


async def test_under_the_limits_of_a_house_nobody_has_four_gigabytes(file: BinaryIO) -> None:
    async with Sandbox([JOBS]) as usual:
        answer = await usual.run("eat", file, options={"bytes": 4 << 30})
    assert (answer.outcome, answer.reason) == ("refused", "too_complex"), answer


async def test_a_decoder_that_hangs_is_cut(sandbox: Sandbox, file: BinaryIO) -> None:
    started = time.monotonic()
    answer = await sandbox.run("hang", file, seconds=0.3)
    assert (answer.outcome, answer.reason) == ("timeout", "check_failed")
    assert time.monotonic() - started < 4
    assert (await sandbox.run("echo", file)).is_clean


async def test_a_decoder_that_burns_the_processor_is_stopped_by_the_kernel(
    sandbox: Sandbox, file: BinaryIO
) -> None:
    answer = await sandbox.run("spin", file, seconds=1)
    assert (answer.outcome, answer.reason) in (("refused", "too_complex"), ("timeout", "check_failed"))


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "garbage",
            '{"outcome":"perfect"}',
            '{"outcome":"clean","value":3}',
            "null",
            '{"outcome":"clean"',
        ),
        '{"outcome":"clean","value":' + '{"a":' * 5000,
    ],
    ids=["nothing", "garbage", "outcome", "value", "null", "half", "deep"],
)
async def test_a_word_that_makes_no_sense_opens_nothing(words: str, sandbox: Sandbox, file: BinaryIO) -> None:
    assert await told(sandbox, "lie", file, words=words) == ("error", "check_failed")


async def test_a_crash_costs_its_own_file_only(sandbox: Sandbox, file: BinaryIO) -> None:
    jobs = ["echo", "crash", "echo", "abort", "leave", "echo"]
    answers = await asyncio.gather(*(sandbox.run(job, file) for job in jobs))
    assert [answer.is_clean for answer in answers] == [True, False, True, False, False, True]
    assert len(nurseries()) == 1


# The nursery


async def test_a_killed_nursery_is_started_again(sandbox: Sandbox, file: BinaryIO) -> None:
    waiting = asyncio.create_task(sandbox.run("hang", file, seconds=10))
    await until(lambda: bool(nurseries()[0].children()))
    child = nurseries()[0].children()[0]
    nurseries()[0].kill()
    answer = await waiting
    assert (answer.outcome, answer.reason) == ("error", "check_failed")
    assert (await sandbox.run("echo", file)).is_clean
    await until(lambda: not child.is_running())


async def test_a_nursery_that_hangs_is_replaced(
    sandbox: Sandbox, file: BinaryIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "GRACE", 0.2)
    nurseries()[0].suspend()
    assert (await sandbox.run("echo", file, seconds=0.3)).outcome == "timeout"
    assert (await sandbox.run("echo", file)).is_clean


async def test_decoders_that_cannot_be_loaded_are_told_at_the_start() -> None:
    with pytest.raises(CheckUnavailable):
        await Sandbox(["tests.checks.no_such_module"]).start()
    assert nurseries() == []


async def test_a_file_is_not_passed_when_the_nursery_cannot_be_started(file: BinaryIO) -> None:
    answer = await Sandbox(["tests.checks.no_such_module"]).run("echo", file)
    assert (answer.outcome, answer.reason) == ("error", "check_failed")


async def test_who_stops_waiting_leaves_no_decoder_behind(sandbox: Sandbox, file: BinaryIO) -> None:
    waiting = asyncio.create_task(sandbox.run("hang", file))
    await until(lambda: bool(nurseries()[0].children()))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert nurseries()[0].children() == []


async def test_closing_ends_everything(file: BinaryIO) -> None:
    sandbox = Sandbox([JOBS])
    await sandbox.start()
    waiting = asyncio.create_task(sandbox.run("hang", file))
    await until(lambda: bool(nurseries()[0].children()))
    await sandbox.close()
    await sandbox.close()
    assert (await waiting).outcome == "error"
    assert nurseries() == []


async def test_the_nursery_ends_with_a_server_that_was_killed() -> None:
    script = (
        f"import asyncio, sys; sys.path[:] = {sys.path!r}; from vestibule.checks.sandbox import Sandbox\n"
        "async def main():\n"
        f"    await Sandbox([{JOBS!r}]).start(); print('ready', flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    assert server.stdout
    assert await server.stdout.readline() == b"ready\n"
    children = psutil.Process(server.pid).children(recursive=True)
    assert children
    server.kill()
    await server.wait()
    await until(lambda: not any(child.is_running() for child in children))


async def test_no_more_decoders_run_than_there_are_places_and_first_come_is_first_served(
    file: BinaryIO,
) -> None:
    order: list[int] = []

    async def job(number: int) -> None:
        await narrow.run("nap", file, options={"seconds": 0.05})
        order.append(number)

    async with Sandbox([JOBS], workers=1) as narrow:
        jobs = asyncio.gather(*(job(number) for number in range(5)))
        most = 0
        while not jobs.done():
            most = max(most, len(nurseries()[0].children()))
            await asyncio.sleep(0.01)
    assert order == [0, 1, 2, 3, 4]
    assert most == 1


async def test_memory_and_descriptors_stay_flat_over_many_files(sandbox: Sandbox, file: BinaryIO) -> None:
    nursery = nurseries()[0]

    async def a_hundred() -> tuple[int, int, int]:
        for _ in range(50):
            await asyncio.gather(sandbox.run("echo", file), sandbox.run("crash", file))
        return nursery.memory_info().rss, nursery.num_fds(), psutil.Process().num_fds()

    before, after = await a_hundred(), await a_hundred()
    assert after[0] - before[0] < 1 << 20
    assert after[1:] == before[1:]


def test_the_server_itself_never_loads_a_decoder() -> None:
    script = (
        "import sys, vestibule.checks.images, vestibule.checks.documents, vestibule.checks.video;"
        "print([name for name in ('PIL', 'av', 'pypdfium2', 'pi_heif') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_a_missing_file_is_the_callers_mistake(sandbox: Sandbox) -> None:
    with io.BytesIO() as nowhere, pytest.raises(OSError, match="fileno"):
        await sandbox.run("echo", nowhere)


def test_a_decoder_that_was_killed_for_want_of_memory_is_told_apart() -> None:
    limits = Limits(seconds=1, memory=100, output=1)
    ends = {-signal.SIGSEGV: "damaged", -signal.SIGKILL: "too_complex", -signal.SIGXCPU: "too_complex"}
    for status, reason in ends.items():
        assert judged(wire.Ended(1, status, 10, 0.1), b"", limits).reason == reason
    starved = judged(wire.Ended(1, -signal.SIGABRT, 90, 0.1), b"", limits)
    assert starved.reason == "too_complex"
