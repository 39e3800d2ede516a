"""Files that are small to send and huge to open: refused at their headers, in little memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests import files
from tests.checks.looking import looked_at
from tests.checks.specimens import specimen
from tests.files.scans import bomb_tiff
from vestibule.checks.images import ImageCheck
from vestibule.checks.rebuilding import LIMITS, Limits
from vestibule.checks.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def check(sandbox: Sandbox) -> ImageCheck:
    return ImageCheck(sandbox)


BOMBS: list[Callable[[], bytes]] = [
    files.bomb_png,
    files.bomb_jpeg,
    files.bomb_gif,
    files.bomb_webp,
    files.bomb_heic,
    files.bomb_avif,
    files.bomb_bmp,
    bomb_tiff,
    files.bomb_of_frames,
]


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_is_refused_at_its_header(
    bomb: Callable[[], bytes], check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, bomb()) as seen:
        assert seen.outcome == ("refused", "too_complex")
        assert "pixels" in seen.finding.verdict.detail
        assert await seen.kept() == ["original"]


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_takes_no_memory(
    bomb: Callable[[], bytes], check: ImageCheck, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bomb())
    told = {"content_type": specimen(path.read_bytes()).content_type, **msgspec.to_builtins(LIMITS)}
    answer = await sandbox.run("images.rebuild", path, {}, told)
    assert answer.reason == "too_complex"
    # A child's first pages are those of the nursery, which has all decoders loaded.
    assert answer.memory < 64 << 20


async def test_a_remark_that_unpacks_to_a_hundred_megabytes_is_refused(
    check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, files.bomb_of_text()) as seen:
        assert seen.outcome[0] == "refused"


async def test_an_operator_may_set_narrower_limits(sandbox: Sandbox, tmp_path: Path) -> None:
    narrow = ImageCheck(sandbox, Limits(pixels=100_000))
    async with looked_at(narrow, tmp_path, files.jpeg_with_gps(640, 480)) as seen:
        assert seen.outcome == ("refused", "too_complex")
