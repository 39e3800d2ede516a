"""Office documents: everyday ones pass as they are; nothing that acts by itself does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.looking import looked_at
from tests.checks.specimens import specimen, stored
from tests.files.archives import many, overlapping
from tests.files.bad_office import BAD
from tests.files.good_office import GOOD
from tests.files.office import OLE, cell, open_document, sheet, sheet_document, word
from vestibule.checks.content_types import BY_EXTENSION
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.office import OfficeCheck
from vestibule.checks.policy import Policy
from vestibule.checks.sandbox import Sandbox
from vestibule.http.dispositions import is_inline
from vestibule.refusals import REFUSALS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def check(sandbox: Sandbox) -> OfficeCheck:
    return OfficeCheck(sandbox)


@pytest.mark.parametrize("name", GOOD)
async def test_what_people_write_every_day_passes(name: str, check: OfficeCheck, tmp_path: Path) -> None:
    extension, make = GOOD[name]
    kind = BY_EXTENSION[extension].name
    async with looked_at(check, tmp_path, make(), kind, f"file.{extension}") as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert seen.finding.copies == ()  # it is handed on as it came


@pytest.mark.parametrize("name", BAD)
async def test_what_acts_by_itself_is_refused(name: str, check: OfficeCheck, tmp_path: Path) -> None:
    extension, make, reason = BAD[name]
    kind = BY_EXTENSION[extension].name
    async with looked_at(check, tmp_path, make(), kind, f"file.{extension}") as seen:
        assert seen.outcome == ("encrypted" if reason == "encrypted" else "refused", reason)
        assert reason in REFUSALS


@pytest.mark.parametrize("name", GOOD)
async def test_everyday_documents_are_told_by_their_heads(name: str) -> None:
    extension, make = GOOD[name]
    assert content_type_of(f"file.{extension}", make()[:4096]) == BY_EXTENSION[extension].name


@pytest.mark.parametrize("content", [many(20_000), overlapping()], ids=["members", "overlap"])
async def test_a_document_keeps_the_limits_of_archives(
    content: bytes, check: OfficeCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, content, BY_EXTENSION["docx"].name, "a.docx") as seen:
        assert seen.outcome == ("refused", "too_complex")
        assert seen.finding.verdict.milliseconds < 1000


@pytest.mark.parametrize("text", ["1+" * 100_000 + "1", "1+\n" * 50_000], ids=["long", "pieces"])
async def test_a_formula_without_an_end_is_stopped(text: str, check: OfficeCheck, tmp_path: Path) -> None:
    content = sheet_document(cell(text)).written()
    async with looked_at(check, tmp_path, content, BY_EXTENSION["xlsx"].name, "a.xlsx") as seen:
        assert seen.outcome == ("refused", "too_complex")


async def test_a_document_under_another_name_is_refused(check: OfficeCheck, tmp_path: Path) -> None:
    storage = await stored(tmp_path, word())
    finding = await check(specimen(word(), "letter.zip"), storage)
    assert finding.verdict.reason == "type_mismatch"


async def test_a_locked_document_is_told_as_locked() -> None:
    locked = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    verdict = FiletypeCheck(Policy()).judge_head("letter.docx", "", locked)
    assert (verdict.outcome, verdict.reason) == ("encrypted", "encrypted")


@pytest.mark.parametrize("content", [OLE, b"{\\rtf1\\ansi"], ids=["old", "rtf"])
async def test_an_old_document_under_a_new_name_is_refused(content: bytes) -> None:
    assert FiletypeCheck(Policy()).judge_head("a.docx", "", content).reason == "type_mismatch"


async def test_open_documents_wait_for_an_operator_who_wants_them() -> None:
    judge = FiletypeCheck(Policy()).judge_head
    assert judge("a.docx", "", word()).is_clean
    assert judge("a.xlsx", "application/octet-stream", sheet()).is_clean
    assert judge("a.odt", "", open_document()[:4096]).reason == "type_not_accepted"


async def test_a_document_is_only_ever_saved(check: OfficeCheck) -> None:
    for extension in ("docx", "xlsx", "pptx", "odt", "ods", "odp"):
        assert not is_inline(BY_EXTENSION[extension].name)
    assert not check.applies(specimen(b"Hello."))
