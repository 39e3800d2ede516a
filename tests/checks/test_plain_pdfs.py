"""PDFs that do no harm: others see what the sender saw, and can do with it what they could before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests import files
from tests.checks.looking import looked_at
from tests.checks.papers_seen import drawn, laid_open
from tests.files.papers import paper
from tests.files.plain_papers import PLAIN
from vestibule.checks.documents import PdfCheck
from vestibule.checks.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def check() -> AsyncIterator[PdfCheck]:
    async with Sandbox() as sandbox:
        yield PdfCheck(sandbox)


@pytest.mark.parametrize("name", PLAIN)
async def test_a_harmless_pdf_looks_the_same_afterwards(name: str, check: PdfCheck, tmp_path: Path) -> None:
    content = PLAIN[name]()
    async with looked_at(check, tmp_path, content, "application/pdf") as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        copy = await seen.read("safe")
        assert drawn(copy) == drawn(content)
        assert len(copy) <= len(content) + 600


@pytest.mark.parametrize("name", ["a form", "a signature", "comments", "a photo", "a large picture"])
async def test_there_is_something_to_see_of_them(name: str) -> None:
    assert drawn(PLAIN[name]()) != drawn(paper())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a form", [b"/AcroForm", b"(Ada Lovelace)", b"/T (agreed)"]),
        ("names in other letters", [b"/Wei#df"]),
        ("a signature", [b"/FT /Sig", b"/T (signature)"]),
        (
            "headings",
            [b"(Part 3)", b"/S /GoTo", b"(https://shop.example/orders?id=7)", b"(here)", b"/UseOutlines"],
        ),
        ("a tagged document", [b"/StructElem", b"/TextAlign", b"/RoleMap", b"/Lang (en)"]),
        ("a link to a site", [b"(https://shop.example/orders?id=7)"]),
        ("a link to write to", [b"(mailto:help@shop.example)"]),
        ("a link to the next page", [b"/NextPage"]),
        ("layers", [b"/SetOCGState", b"/OCProperties"]),
        ("opens at a place", [b"/OpenAction"]),
        ("opens by an action at a place", [b"/OpenAction"]),
        ("numbers of pages", [b"/PageLabels"]),
        ("a page about scripts", [b"/JavaScript, /JS, /OpenAction << /S /Launch >>"]),
    ],
)
async def test_what_readers_need_stays(name: str, kept: list[bytes], check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, PLAIN[name]()) as seen:
        plain = laid_open(await seen.read("safe"))
        assert [word for word in kept if word not in plain] == []


@pytest.mark.parametrize("name", ["a photo", "a photo in letters"])
async def test_a_photo_in_a_pdf_tells_no_place(name: str, check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, PLAIN[name]()) as seen:
        copy = await seen.read("safe")
        assert b"Exif" not in copy
        assert files.SECRET.encode() not in copy


async def test_a_signature_no_longer_claims_to_hold(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, PLAIN["a signature"]()) as seen:
        plain = laid_open(await seen.read("safe"))
        assert b"/ByteRange" not in plain
        assert b"/Perms" not in plain


async def test_what_only_its_owner_may_change_is_open_to_readers(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, PLAIN["locked for editing"]()) as seen:
        assert b"/Encrypt" not in await seen.read("safe")
