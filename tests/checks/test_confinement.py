"""What a decoder that was taken over by a file tries is denied, and an operator can see by what."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO

import pytest

from vestibule.checks import keeper
from vestibule.checks.nursery import landlock, seccomp, wire
from vestibule.checks.nursery.confinement import Confinement, libc
from vestibule.checks.sandbox import Sandbox

JOBS = "tests.checks.sandbox_jobs"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox([JOBS]) as sandbox:
        yield sandbox


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    """A file that the test may write, so that the job must not."""
    with tempfile.TemporaryFile() as file:
        file.write(b"hello")
        file.flush()
        yield file


def _needs(sandbox: Sandbox, feature: str) -> None:
    if not sandbox.report()[feature]:
        pytest.skip(f"this kernel has no {feature}: what it would deny cannot be tested here")


@pytest.mark.parametrize(
    "attempt",
    [
        "connect",
        "resolve",
        "unix",
        "read",
        "write",
        "list",
        "unlink",
        "fork",
        "exec",
        "kill",
        "executable memory",
        "look up descriptors",
    ],
)
async def test_a_decoder_is_denied_to(attempt: str, sandbox: Sandbox, file: BinaryIO) -> None:
    _needs(sandbox, "seccomp")
    answer = await sandbox.run("attempt", file, options={"names": [attempt]})
    assert answer.value == {attempt: "PermissionError"}


async def test_the_received_file_cannot_be_written(sandbox: Sandbox, file: BinaryIO) -> None:
    answer = await sandbox.run("attempt", file, options={"names": ["write the file"]})
    assert answer.value == {"write the file": "OSError"}
    file.seek(0)
    assert file.read() == b"hello"


async def test_landlock_alone_denies_every_file() -> None:
    script = (
        "from vestibule.checks.nursery import landlock\n"
        "from vestibule.checks.nursery.confinement import libc\n"
        "libc.prctl(38, 1, 0, 0, 0); print(landlock.restrict(libc, landlock.abi(libc))); open('/etc/passwd')"
    )
    if not landlock.abi(libc):
        pytest.skip("this kernel has no Landlock: what it would deny cannot be tested here")
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True
    )
    assert "True" in done.stdout
    assert "PermissionError" in done.stderr


async def test_no_secret_of_the_server_is_inherited(monkeypatch: pytest.MonkeyPatch, file: BinaryIO) -> None:
    monkeypatch.setenv("VESTIBULE_AUTH_TOKEN", "secret")
    async with Sandbox([JOBS]) as sandbox:
        answer = await sandbox.run("echo", file)
    assert set(answer.value["environment"]) <= {"LC_CTYPE"}


async def test_no_other_descriptor_is_open(sandbox: Sandbox, file: BinaryIO) -> None:
    with tempfile.TemporaryFile() as output:
        answer = await sandbox.run("descriptors", file, {"one": output})
    assert answer.value == {"open": [0, 1, 2, 3, 4, 5]}


async def test_an_operator_can_see_what_is_enforced(sandbox: Sandbox) -> None:
    report = sandbox.report()
    assert {"landlock", "seccomp", "privileges", "user", "missing"} == set(report)
    assert report["missing"] == [] or not report["seccomp"] or report["landlock"] < 4


def test_what_a_kernel_lacks_is_said_in_plain_words() -> None:
    bare = Confinement(landlock=0, seccomp=False, privileges=False, user=0)
    said = " ".join(keeper.missing(wire.Ready([], bare, ["open a file"])))
    for word in ("Landlock", "seccomp", "no_new_privs", "root", "open a file"):
        assert word in said


def test_a_machine_whose_system_calls_we_do_not_know_gets_no_filter() -> None:
    assert not seccomp.install(libc, "vax")
    assert not landlock.restrict(libc, 0)


def test_both_machines_filters_deny_by_default() -> None:
    for machine in seccomp.ARCHITECTURES:
        steps = seccomp.program(machine, 1)
        assert steps[-1] == (seccomp.RETURN, 0, 0, seccomp.ERRNO | 1)
        assert len(steps) < 256
