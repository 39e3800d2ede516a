"""PDFs that keep a reader busy for ever, or that are something else besides: refused, at little cost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.checks.looking import looked_at
from tests.files.monsters import LOCKED, MONSTERS, archive_in_a_stream
from vestibule.checks.documents import PdfCheck
from vestibule.checks.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def check() -> AsyncIterator[PdfCheck]:
    async with Sandbox() as sandbox:
        yield PdfCheck(sandbox)


@pytest.mark.parametrize(("name", "reason"), [(name, reason) for name, (_, reason) in MONSTERS.items()])
async def test_a_monster_is_refused(name: str, reason: str, check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, MONSTERS[name][0](), "application/pdf") as seen:
        assert seen.outcome == ("refused", reason), seen.finding.verdict.detail
        assert await seen.kept() == ["original"]


@pytest.mark.parametrize("name", LOCKED)
async def test_a_lock_that_we_do_not_know_is_told_as_a_lock(
    name: str, check: PdfCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, LOCKED[name]()) as seen:
        assert seen.outcome == ("encrypted", "encrypted"), seen.finding.verdict.detail


async def test_an_archive_within_a_picture_is_no_archive_in_the_copy(check: PdfCheck, tmp_path: Path) -> None:
    content = archive_in_a_stream()
    assert zipfile.is_zipfile(io.BytesIO(content))
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", "")
        assert not zipfile.is_zipfile(io.BytesIO(await seen.read("safe")))
