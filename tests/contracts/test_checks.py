"""The contracts of `Check` and `StreamCheck`, on every one: whatever the file, an answer, in time."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import get_args

import pytest

from tests.checks import lying_http, lying_icap
from tests.checks.lying_clamd import answer_to_the_whole, lying, never_answer
from tests.checks.specimens import EICAR, JPEG, PDF, PNG, chunks_of, specimen, stored
from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.bans import BanCheck
from vestibule.checks.filename import FilenameCheck
from vestibule.checks.filetype import FiletypeCheck
from vestibule.checks.icap import IcapCheck
from vestibule.checks.likeness import LikenessCheck
from vestibule.checks.policy import Policy
from vestibule.checks.rules import RulesCheck, RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.sensitive import SensitiveCheck
from vestibule.checks.texts import TextCheck
from vestibule.checks.webhook import WebhookCheck
from vestibule.models import Outcome, Verdict
from vestibule.ports import Check, StreamCheck
from vestibule.refusals import REFUSALS

SECONDS = 0.5  # the budget of the scanners here


@asynccontextmanager
async def alone(check: Check) -> AsyncIterator[Check]:
    yield check


@asynccontextmanager
async def scanner() -> AsyncIterator[AntivirusCheck]:
    async with lying(answer_to_the_whole(b"stream: OK\0")) as address:
        yield AntivirusCheck(address, SECONDS)


@asynccontextmanager
async def silent_scanner() -> AsyncIterator[AntivirusCheck]:
    async with lying(never_answer) as address:
        yield AntivirusCheck(address, SECONDS)


@asynccontextmanager
async def absent_scanner() -> AsyncIterator[AntivirusCheck]:
    yield AntivirusCheck("unix:/nobody/listens/here", SECONDS)


@asynccontextmanager
async def webhook(deed: lying_http.Deed) -> AsyncIterator[Check]:
    async with lying_http.scanning(deed) as served:
        yield WebhookCheck(served.url, "secret", SECONDS)


@asynccontextmanager
async def icap(deed: lying_icap.Deed) -> AsyncIterator[Check]:
    async with lying_icap.scanning(deed) as served:
        yield IcapCheck(served.url, SECONDS)


@asynccontextmanager
async def sensitive() -> AsyncIterator[Check]:
    async with Sandbox() as sandbox:
        yield SensitiveCheck(sandbox)


async def nothing_banned(media_sid: str, digests: Sequence[str]) -> str:
    return ""


async def a_picture_banned(media_sid: str) -> list[tuple[int, str]]:
    return [(1, "BN1")]


STREAM_CHECKS: dict[str, Callable[[], AbstractAsyncContextManager[AntivirusCheck]]] = {
    "antivirus": scanner,
    "antivirus, silent": silent_scanner,
    "antivirus, absent": absent_scanner,
}
CHECKS: dict[str, Callable[[], AbstractAsyncContextManager[Check]]] = {
    "bans": lambda: alone(BanCheck(nothing_banned)),
    "likeness, with nothing to compare": lambda: alone(LikenessCheck(Sandbox(), a_picture_banned)),
    "filename": lambda: alone(FilenameCheck()),
    "filetype": lambda: alone(FiletypeCheck(Policy())),
    "rules": lambda: alone(RulesCheck(RuleSet.compiled())),
    "texts": lambda: alone(TextCheck()),
    "sensitive": sensitive,
    "webhook": lambda: webhook(lying_http.answer("clean")),
    "webhook, later": lambda: webhook(lying_http.answer("later", reason="of its own")),
    "webhook, silent": lambda: webhook(lying_http.keep_silent),
    "icap": lambda: icap(lying_icap.say(lying_icap.NO_CONTENT)),
    "icap, echoing": lambda: icap(lying_icap.echo),
    "icap, silent": lambda: icap(lying_icap.keep_silent),
    **STREAM_CHECKS,
}

NOISE = random.Random(2).randbytes(3000)
FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "photo.jpg", "image/jpeg"),
    "one byte": (b"\xff", "photo.jpg", "image/jpeg"),
    "noise": (NOISE, "photo.jpg", "image/jpeg"),
    "noise behind a signature": (JPEG + NOISE, "photo.jpg", "image/jpeg"),
    "half a picture": (PNG, "photo.png", "image/png"),
    "half a letter": (PDF, "letter.pdf", "application/pdf"),
    "noise in a text": (b"hello\n" * 900 + NOISE, "notes.txt", "text/plain"),
    "zeros": (bytes(3_000_000), "notes.txt", "text/plain"),
    "a test virus": (EICAR, "notes.txt", "text/plain"),
    "no name": (PNG, "", ""),
    "a hostile name": (PNG, "a\x00/../\ud800\u202e" * 50, "image/png"),
    "a hostile declaration": (PNG, "photo.png", "image/png, \r\n" * 50),
}

pytestmark = pytest.mark.parametrize("file", FILES)


def is_proper(verdict: Verdict, check: Check | StreamCheck) -> bool:
    """An outcome of the list; a reason of the catalogue with all but `clean`."""
    has_reason = verdict.reason == "" if verdict.is_clean else verdict.reason in REFUSALS
    return verdict.check == check.name and verdict.outcome in get_args(Outcome) and has_reason


@pytest.mark.parametrize("kind", CHECKS)
async def test_a_check_answers_whatever_the_file_and_within_its_budget(
    kind: str, file: str, tmp_path: Path
) -> None:
    content, filename, declared_type = FILES[file]
    received = specimen(content, filename, declared_type)
    storage = await stored(tmp_path, content)
    async with CHECKS[kind]() as check:
        if not check.applies(received):
            return
        began = time.monotonic()
        finding = await check(received, storage)
        assert time.monotonic() - began < check.seconds + 0.5
        assert is_proper(finding.verdict, check), finding
        assert all(key.startswith(f"quarantine/{received.media_sid}/") for _, key in finding.copies)


@pytest.mark.parametrize("kind", CHECKS)
async def test_a_check_that_is_given_up_leaves_no_task_behind(kind: str, file: str, tmp_path: Path) -> None:
    content, filename, declared_type = FILES[file]
    storage = await stored(tmp_path, content)
    async with CHECKS[kind]() as check:
        asking = asyncio.ensure_future(check(specimen(content, filename, declared_type), storage))
        await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert not [task for task in asyncio.all_tasks() if "vestibule.checks" in _module(task)]


@pytest.mark.parametrize("kind", STREAM_CHECKS)
async def test_a_stream_check_answers_whatever_arrives(kind: str, file: str) -> None:
    content, filename, declared_type = FILES[file]
    async with STREAM_CHECKS[kind]() as check:
        feeding = await check.open(specimen(content, filename, declared_type))
        async for chunk in chunks_of(content, size=1000):
            await feeding.feed(chunk)
        await feeding.feed(b"")
        began = time.monotonic()
        verdict = await feeding.finish()
        assert time.monotonic() - began < check.seconds + 0.5
        assert is_proper(verdict, check), verdict
        await feeding.abort()


@pytest.mark.parametrize("kind", STREAM_CHECKS)
async def test_a_stream_check_can_be_broken_off(kind: str, file: str) -> None:
    content, filename, declared_type = FILES[file]
    async with STREAM_CHECKS[kind]() as check:
        feeding = await check.open(specimen(content, filename, declared_type))
        await feeding.feed(content)
        await feeding.abort()
        await feeding.abort()
        await feeding.feed(b"late")
        assert not [task for task in asyncio.all_tasks() if "vestibule.checks" in _module(task)]


def _module(task: asyncio.Task[object]) -> str:
    frame = getattr(task.get_coro(), "cr_frame", None)
    return frame.f_globals["__name__"] if frame else ""
