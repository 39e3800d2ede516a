"""TIFF: faxes, scans and photos become a picture that everybody can see, with every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import files
from tests.checks.looking import looked_at, opened
from tests.files import scans
from vestibule.checks.images import ImageCheck
from vestibule.checks.rebuilding import Limits
from vestibule.checks.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = b"PK\x05\x06" + bytes(18) + b"<html><script>alert('Kilroy was here')</script></html>"
CORNERS = ["red", "lime", "blue", "white"]


@pytest.fixture
def check(sandbox: Sandbox) -> ImageCheck:
    return ImageCheck(sandbox)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
async def test_a_photo_comes_out_as_a_jpeg_without_its_remarks(
    compression: str, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, scans.tiff(compression=compression, tail=PAGE)) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert seen.copy("safe").content_type == "image/jpeg"
        content = await seen.read("safe")
        assert files.corners(opened(content)) == CORNERS
        for word in (files.SECRET.encode(), b"script", b"PK\x05\x06", b"Exif", b"Camera"):
            assert word not in content + await seen.read("preview")


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8])
async def test_it_stays_the_way_up_that_it_was_seen(
    orientation: int, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, scans.tiff(orientation=orientation)) as seen:
        safe = opened(await seen.read("safe"))
        assert (safe.size, files.corners(safe)) == ((320, 240), CORNERS)
        assert (seen.finding.width, seen.finding.height) == (320, 240)


@pytest.mark.parametrize("mode", ["CMYK", "RGBA", "P", "RGB"])
async def test_its_colours_come_out_right(mode: str, check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.tiff_of(mode)) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert files.corners(opened(await seen.read("safe"))) == CORNERS


async def test_sixteen_bits_of_grey_keep_their_brightness(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.tiff_of("I;16")) as seen:
        assert opened(await seen.read("safe")).convert("L").getpixel((9, 9)) == scans.HALF


async def test_a_colour_profile_is_applied_before_it_is_dropped(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.tiff_in_wide_colours()) as seen:
        grey: Any = opened(await seen.read("safe")).convert("RGB").getpixel((9, 9))
        assert all(abs(value - 188) < 4 for value in grey)


async def test_every_page_of_a_fax_can_be_read(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.fax(pages=3)) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        safe = opened(await seen.read("safe")).convert("L")
        assert (safe.format, safe.size) == (None, (200, 3 * 280 + 2 * 12))
        assert seen.copy("safe").content_type == "image/png"
        bars = [sum(safe.getpixel((100, top + 30 + 40 * n)) == 0 for n in range(6)) for top in (0, 292, 584)]
        assert bars == [1, 2, 3]
        assert opened(await seen.read("preview")).size == (200, 280)  # the first page alone


async def test_so_can_every_page_of_a_scan_in_colour(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.scan(pages=2)) as seen:
        safe = opened(await seen.read("safe"))
        assert safe.size == (160, 252)
        assert files.corners(safe.crop((0, 132, 160, 252))) == CORNERS


async def test_a_smaller_copy_of_a_photo_is_no_second_page(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, scans.tiff_with_small_copy()) as seen:
        assert opened(await seen.read("safe")).size == (320, 240)


@pytest.mark.parametrize(
    "make", [scans.bomb_tiff, scans.bomb_of_pages, scans.bomb_of_directories], ids=["side", "pages", "many"]
)
async def test_a_bomb_is_refused_by_its_headers(
    make: Callable[[], bytes], check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make()) as seen:
        assert seen.outcome == ("refused", "too_complex")
        assert seen.finding.verdict.milliseconds < 5000
        assert await seen.kept() == ["original"]


async def test_pages_in_a_ring_have_an_end(check: ImageCheck, tmp_path: Path) -> None:
    content = scans.tiff_of_headers(*scans.grey_of(4), pages=3, ring=True)
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert opened(await seen.read("safe")).size == (4, 3 * 4 + 2 * 12)


async def test_more_pages_than_one_picture_can_hold_are_too_many(sandbox: Sandbox, tmp_path: Path) -> None:
    narrow = ImageCheck(sandbox, Limits(pixels=100_000))
    async with looked_at(narrow, tmp_path, scans.fax(pages=2)) as seen:
        assert seen.outcome == ("refused", "too_complex")


@pytest.mark.parametrize(
    "content",
    [scans.tiff()[:9000], b"II*\0" + b"<html>" * 40, b"II*\0\x08\0\0\0"],
    ids=["half", "page", "head"],
)
async def test_what_only_begins_like_one_is_refused(
    content: bytes, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome[0] == "refused"
        assert await seen.kept() == ["original"]
