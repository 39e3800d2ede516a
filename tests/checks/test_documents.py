"""PDF: opened by a real reader, its first page drawn, everything else refused with the right reason."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tests import files
from tests.checks.looking import looked_at
from tests.checks.papers_seen import drawn
from tests.files.papers import paper, written
from vestibule.checks.documents import PdfCheck
from vestibule.checks.rebuilding import Limits
from vestibule.checks.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

ZIP_END = b"PK\x05\x06" + bytes(18)


@pytest.fixture
def check(sandbox: Sandbox) -> PdfCheck:
    return PdfCheck(sandbox)


async def test_a_pdf_shows_its_first_page(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.pdf(pages=3)) as seen:
        assert seen.outcome == ("clean", "")
        assert seen.finding.pages == 3
        page = Image.open(io.BytesIO(await seen.read("preview"))).convert("RGB")
        assert page.size == (seen.copy("preview").width, seen.copy("preview").height) == (679, 960)
        box, paper = page.getpixel((300, 500)), page.getpixel((20, 20))
        assert isinstance(box, tuple)
        assert box[1] > box[0] + 60  # the green box
        assert paper == (255, 255, 255)


async def test_a_poster_sized_page_is_drawn_small(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.pdf(size=(14_400, 7_200))) as seen:
        assert (seen.copy("preview").width, seen.copy("preview").height) == (960, 480)


async def test_a_locked_pdf_is_told_as_locked(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.pdf_with_password()) as seen:
        assert seen.outcome == ("encrypted", "encrypted")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (files.pdf()[:-200], "damaged"),
        (b"%PDF-1.7\nhello\n%%EOF\n", "damaged"),
        (written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]), "damaged"),
        (files.pdf(size=(14_400, 0.1)), "damaged"),
        (files.pdf(tail=ZIP_END), "type_mismatch"),
        (files.pdf(tail=b"<script>" * 200), "type_mismatch"),
        (files.pdf(head=b"MZ" + bytes(100)), "type_mismatch"),
        (b"<html></html>", "type_mismatch"),
    ],
    ids=["half", "no pages", "empty tree", "a thread", "zip behind", "page behind", "program before", "html"],
)
async def test_what_is_no_whole_pdf_is_refused(
    content: bytes, reason: str, check: PdfCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, content, "application/pdf") as seen:
        assert seen.outcome == ("refused", reason)
        assert await seen.kept() == ["original"]


@pytest.mark.parametrize("count", [b"7", b"0", b"-1", b"(one)"])
async def test_a_wrong_number_of_pages_is_put_right(count: bytes, check: PdfCheck, tmp_path: Path) -> None:
    content = paper().replace(b"/Count 1", b"/Count " + count)
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert seen.finding.pages == 1
        assert len(drawn(await seen.read("safe"))) == 1


async def test_a_lost_trailer_is_written_anew(check: PdfCheck, tmp_path: Path) -> None:
    content = paper().replace(b"trailer\n<< /Size", b"trail")
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert drawn(await seen.read("safe")) == drawn(paper())


async def test_a_pdf_of_too_many_pages_is_too_complex(sandbox: Sandbox, tmp_path: Path) -> None:
    async with looked_at(PdfCheck(sandbox, Limits(pages=5)), tmp_path, files.pdf(pages=6)) as seen:
        assert seen.outcome == ("refused", "too_complex")


async def test_a_page_that_unpacks_to_gigabytes_is_stopped(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.pdf_bomb()) as seen:
        assert seen.outcome == ("refused", "too_complex")


async def test_the_documents_of_other_makers_pass(check: PdfCheck, tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    found = list(Path(matplotlib.get_data_path()).rglob("*.pdf"))
    assert found
    for path in found:
        async with looked_at(check, tmp_path, path.read_bytes()) as seen:
            assert seen.outcome == ("clean", ""), path.name
