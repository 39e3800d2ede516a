"""Every type that a house may take besides the usual ones, from the upload to what others are given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests import files
from tests.files import scans
from tests.files.drawings import drawing
from tests.files.office import open_document
from tests.media.conftest import MediaHouse, open_media_house
from vestibule.checks.filetype import FiletypeCheck
from vestibule.checks.policies.reading import parsed
from vestibule.checks.policy import Policy
from vestibule.checks.sandbox import Sandbox
from vestibule.config import Settings
from vestibule.errors import MediaRefused
from vestibule.gatehouse import build_gate
from vestibule.http import Metrics
from vestibule.http.dispositions import disposition, is_inline, served_type

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODF = "application/vnd.oasis.opendocument"
OPEN = parsed(f"[files]\nextensions = {'avif bmp tif tiff m4a amr flac aac odt ods odp svg'.split()}")

Maker = Callable[[], bytes]

# Name, what a browser declares, the file, what others are given, and whether it is shown in place
TAKEN: list[tuple[str, str, Maker, str, bool]] = [
    ("photo.avif", "image/avif", files.avif, "image/jpeg", True),
    ("paint.bmp", "image/bmp", files.bmp, "image/png", True),
    ("fax.tif", "image/tiff", scans.fax, "image/png", True),
    ("photo.tiff", "", scans.tiff, "image/jpeg", True),
    ("song.m4a", "audio/x-m4a", files.m4a, "audio/mp4", True),
    ("memo.amr", "audio/amr", files.amr, "audio/ogg", True),
    ("memo wide.amr", "audio/amr-wb", files.amr_wide, "audio/ogg", True),
    ("song.flac", "audio/flac", files.flac, "audio/flac", True),
    ("song.aac", "audio/aac", files.aac, "audio/aac", True),
    ("letter.odt", f"{ODF}.text", open_document, f"{ODF}.text", False),
    ("sums.ods", "", lambda: open_document("", "spreadsheet"), f"{ODF}.spreadsheet", False),
    ("talk.odp", "", lambda: open_document("", "presentation"), f"{ODF}.presentation", False),
    ("logo.svg", "image/svg+xml", drawing, "image/png", True),
]
NAMES = [name for name, *_ in TAKEN]


@pytest_asyncio.fixture(loop_scope="module")
async def house(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    async with Sandbox() as sandbox:
        gate = build_gate(Settings(), OPEN, sandbox, None, Metrics())
        own = {"checks": gate.checks, "rebuilt": gate.rebuilt, "patience": 60.0}
        media_house = await open_media_house(tmp_path, OPEN.policy, streams=(), **own)
        yield media_house
        await media_house.judge.close()
        await media_house.house.close()


@pytest.mark.parametrize(("name", "declared", "make", "kind", "inline"), TAKEN, ids=NAMES)
async def test_it_arrives_as_a_kind_that_can_be_shown_or_saved(
    name: str, declared: str, make: Maker, kind: str, inline: bool, house: MediaHouse
) -> None:
    media = await house.upload(make(), name, declared=declared)
    assert media.state == "clean"
    safe = next(copy for copy in media.renditions if copy.name == "safe")
    assert safe.content_type == kind
    assert (is_inline(kind), served_type(kind)) == (inline, kind)
    assert disposition("inline", kind, name).startswith("inline" if inline else "attachment")
    if inline and kind != "audio/aac":  # bare frames; else what it came as is nowhere any more
        assert make() not in [path.read_bytes() for path in house.bytes_on_disk()]


@pytest.mark.parametrize(("name", "make"), [(name, make) for name, _, make, *_ in TAKEN], ids=NAMES)
async def test_under_the_usual_list_it_is_not_accepted(name: str, make: Maker) -> None:
    verdict = FiletypeCheck(Policy()).judge_head(name, "", make()[:4096])
    assert (verdict.outcome, verdict.reason) == ("refused", "type_not_accepted")


@pytest.mark.parametrize("name", [*NAMES, "a.tiff"])
async def test_a_page_under_its_name_is_refused(name: str, house: MediaHouse) -> None:
    with pytest.raises(MediaRefused):
        await house.upload(b"<!DOCTYPE html><html><script>alert(1)</script></html>", name)
    assert house.bytes_on_disk() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.avif", b"\x00\x00\x00\x18ftypavif" + bytes(4) + b"mif1miaf" + b"<script>" * 99),
        ("photo.bmp", b"BM" + bytes(12) + b"\x28" + bytes(3) + b"<script>" * 99),
        ("photo.tif", b"MM\0*\0\0\0\x08" + b"<script>" * 99),
        ("song.m4a", b"\x00\x00\x00\x18ftypM4A " + bytes(4) + b"M4A mp42" + b"<script>" * 99),
        ("song.flac", b"fLaC\0\0\0\x22" + b"<script>" * 99),
        ("song.aac", b"\xff\xf1\x50\x80" + b"<script>" * 99),
        ("letter.odt", b"PK\3\4" + b"<script>" * 99),
        ("logo.svg", b"<svg>" + b"<script>" * 99),
    ],
    ids=["avif", "bmp", "tiff", "m4a", "flac", "aac", "odt", "svg"],
)
async def test_the_right_first_bytes_are_not_enough(name: str, content: bytes, house: MediaHouse) -> None:
    with pytest.raises(MediaRefused):
        await house.upload(content, name)
    assert house.bytes_on_disk() == []
