"""PDFs that act: what others get of them looks the same, and does nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.checks.looking import looked_at
from tests.checks.papers_seen import laid_open, laid_open_as_it_came
from tests.files.active_papers import ACTIVE, BOOM
from tests.files.papers import paper, stream, updated
from tests.files.plain_papers import PLAIN
from vestibule.checks.documents import PdfCheck
from vestibule.checks.sandbox import DECODERS, Answer, Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

# As they stand in a file that is written plainly: with names in their own letters.
WORDS = (
    b"/JavaScript /JS /Launch /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /Sound /RichMedia "
    b"/3D /Screen /FileAttachment /EmbeddedFile /EmbeddedFiles /EF /AF /AA /XFA /Collection /Filespec /URI "
    b"/Metadata /Info /PieceInfo /Thumb /PresSteps /Author /PA /NeedsRendering /Encrypt /PS /Ref /SaveAs"
).split()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def check() -> AsyncIterator[PdfCheck]:
    async with Sandbox() as sandbox:
        yield PdfCheck(sandbox)


def words_in(content: bytes) -> list[bytes]:
    ends = b" \n\r\t/<>[](%"
    return [word for word in WORDS if any(word + ends[at : at + 1] in content for at in range(len(ends)))]


@pytest.mark.parametrize("name", ACTIVE)
async def test_what_acts_is_gone_from_the_copy(name: str, check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, ACTIVE[name]()) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        copy = await seen.read("safe")
        assert BOOM not in copy + laid_open(copy)
        assert words_in(copy + laid_open(copy)) == []
        assert copy.count(b"%%EOF") == 1
        assert b"Invoice" in laid_open(copy)


@pytest.mark.parametrize("name", ACTIVE)
async def test_every_one_of_them_does_act(name: str) -> None:
    content = ACTIVE[name]()
    assert BOOM in content + laid_open_as_it_came(content)


# Refused, where the house wants that

QUIET = frozenset(  # nothing in them acts by the time a reader opens them, or ever did
    {
        "script in a former version",
        "who wrote it",
        "who wrote it, in XML",
        "what its program kept",
        "what its program packed",
        "what the trailer refers to",
    }
)


@pytest.mark.parametrize("name", sorted(ACTIVE.keys() - QUIET))
async def test_a_strict_house_refuses_what_acts_and_says_what_it_was(
    name: str, check: PdfCheck, tmp_path: Path
) -> None:
    strict = PdfCheck(check.sandbox, active="refuse")
    async with looked_at(strict, tmp_path, ACTIVE[name]()) as seen:
        assert seen.outcome == ("refused", "active_content")
        assert seen.finding.verdict.detail.startswith("It has ")
        assert await seen.kept() == ["original"]


@pytest.mark.parametrize("name", [*sorted(QUIET), *PLAIN])
async def test_a_strict_house_takes_what_only_says_who_made_it(
    name: str, check: PdfCheck, tmp_path: Path
) -> None:
    strict = PdfCheck(check.sandbox, active="refuse")
    async with looked_at(strict, tmp_path, (ACTIVE | PLAIN)[name]()) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("script when opened", "disarmed: actions that start by themselves, scripts"),
        ("script of a link", "disarmed: scripts"),
        ("program behind a link", "disarmed: actions that start a program"),
        ("form sent off", "disarmed: forms that send themselves"),
        ("program within", "disarmed: files within"),
        ("who wrote it", "left out: what tells who made it"),
        ("annotation of an unknown kind", "disarmed: actions or annotations of unknown kinds"),
    ],
)
async def test_staff_is_told_what_was_taken_out(
    name: str, words: str, check: PdfCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, ACTIVE[name]()) as seen:
        assert seen.finding.verdict.detail == words


async def test_of_a_plain_document_there_is_nothing_to_tell(check: PdfCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, paper()) as seen:
        assert seen.finding.verdict.detail == ""


# Not even when a reader was taken over


async def test_a_hijacked_reader_cannot_pass_the_original_on(tmp_path: Path) -> None:
    async with (
        Sandbox([*DECODERS, "tests.checks.hijacked_papers"]) as hijacked,
        looked_at(PdfCheck(hijacked), tmp_path, ACTIVE["script when opened"]()) as seen,
    ):
        assert seen.outcome == ("error", "check_failed")
        assert "The copy still has '/OpenAction'" in seen.finding.verdict.detail
        assert await seen.kept() == ["original"]


@pytest.mark.parametrize("name", ACTIVE)
async def test_the_second_look_finds_every_one_of_them(name: str, check: PdfCheck, tmp_path: Path) -> None:
    answer = await second_look(check, tmp_path, ACTIVE[name]())
    assert (answer.outcome, answer.reason) == ("error", "check_failed")


@pytest.mark.parametrize(
    ("content", "told", "detail"),
    [
        (paper(), {"expected": 2}, "has 1 pages, or 1"),
        (paper(), {"size": -30_000}, "bytes long"),
        (paper(page=b"/Contents 4 0 R").replace(b"startxref\n", b"startxref\n9"), {}, "had to be repaired"),
        (paper(more=[stream(b"PK\5\6" + bytes(18))]), {}, "ends like an archive"),
        (updated(paper(), {4: stream(b"")}), {}, "has a history"),
    ],
    ids=["pages", "size", "repaired", "archive", "history"],
)
async def test_a_copy_that_is_not_as_we_write_them_is_thrown_away(
    content: bytes, told: dict[str, int], detail: str, check: PdfCheck, tmp_path: Path
) -> None:
    answer = await second_look(check, tmp_path, content, **told)
    assert (answer.outcome, answer.reason) == ("error", "check_failed")
    assert detail in answer.detail


async def second_look(check: PdfCheck, folder: Path, copy: bytes, **told: int) -> Answer:
    path = folder / "copy"
    path.write_bytes(copy)
    return await check.sandbox.run(
        "documents.verify", path, {}, {"pages": 5000, "expected": 1, "size": len(copy), **told}
    )
