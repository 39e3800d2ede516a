"""Contents: what is packed away in an archive, a document or a PDF is found as if it had been sent alone."""

from __future__ import annotations

import base64
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import binary, builds, integers, lists

from tests.checks.conftest import HOME_MADE
from tests.checks.hijacked_contents import LIES
from tests.checks.looking import looked_at
from tests.checks.lying_clamd import Lie, answer, answer_to_the_whole, counted, lying, never_answer
from tests.checks.specimens import EICAR
from tests.files import office
from tests.files.active_papers import locked_for_editing
from tests.files.archives import GOOD_ARCHIVES, packed
from tests.files.good_office import GOOD
from tests.files.papers import paper, stream, updated
from tests.files.plain_papers import PLAIN
from vestibule.checks.contents import ContentsCheck
from vestibule.checks.pieces import FRAME, Garbled, pieces_of
from vestibule.checks.rules import RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.scanners import Scanners

OURS = RuleSet.compiled()
UNPACKERS = ["vestibule.checks.decoders.documents", "vestibule.checks.decoders.contents"]
OK = answer_to_the_whole(b"stream: OK\0")
WORDS = b"Good morning, the parcel has not arrived yet. " * 20


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(UNPACKERS) as sandbox:
        yield sandbox


@pytest.fixture
def rules(sandbox: Sandbox) -> ContentsCheck:
    """As in a house without a virus scanner."""
    return ContentsCheck(sandbox, None, OURS)


def packed_by(filters: str, content: bytes, more: str = "") -> bytes:
    head = f"<< /Length {len(content)} /Filter {filters} {more} >>".encode()
    return head + b"\nstream\n" + content + b"\nendstream"


def predicted(content: bytes) -> bytes:
    """Rows of 8 bytes, each less the one above it, as for PNG (15.7.4 there: Up)."""
    rows = [content[at : at + 8].ljust(8) for at in range(0, len(content), 8)]
    above = [bytes(8), *rows]
    less = [
        bytes((a - b) % 256 for a, b in zip(row, up, strict=True))
        for row, up in zip(rows, above, strict=False)
    ]
    return zlib.compress(b"".join(b"\x02" + row for row in less))


FLATE = zlib.compress(WORDS + EICAR)
PREDICTOR = "/DecodeParms << /Predictor 12 /Columns 8 >>"
PAPERS: dict[str, Callable[[], bytes]] = {
    "what a page draws": lambda: updated(paper(), {4: packed_by("/FlateDecode", FLATE)}),
    "a file within": lambda: paper(more=[packed_by("/FlateDecode", FLATE, "/Type /EmbeddedFile")]),
    "two packings": lambda: paper(
        more=[packed_by("[/ASCII85Decode /FlateDecode]", base64.a85encode(FLATE) + b"~>")]
    ),
    "hexadecimal": lambda: paper(more=[packed_by("/ASCIIHexDecode", EICAR.hex().encode() + b">")]),
    "a predictor": lambda: paper(more=[packed_by("/FlateDecode", predicted(WORDS + EICAR), PREDICTOR)]),
    "a packing that breaks off": lambda: paper(
        more=[packed_by("/FlateDecode", zlib.compress(WORDS + EICAR + bytes(range(250)))[:-60])]
    ),
    "what is no photo": lambda: paper(more=[packed_by("/DCTDecode", EICAR)]),
    "packed, and no photo": lambda: paper(more=[packed_by("[/FlateDecode /DCTDecode]", FLATE)]),
    "the pixels of a picture": lambda: paper(
        more=[packed_by("/FlateDecode", FLATE, "/Subtype /Image /Width 988 /Height 1 /BitsPerComponent 8")]
    ),
    "a former version": lambda: updated(
        paper(more=[packed_by("/FlateDecode", FLATE)]), {6: stream(b"nothing")}
    ),
    "a locked file": lambda: locked_for_editing(
        paper(catalogue=b"/PieceInfo 6 0 R", more=[packed_by("/FlateDecode", FLATE)])
    ),
    "an archive within": lambda: paper(more=[stream(packed({"a.txt": WORDS, "b.txt": WORDS + EICAR}))]),
}


@pytest.mark.parametrize("place", PAPERS)
async def test_the_test_virus_is_found_wherever_it_is_in_a_pdf(
    place: str, rules: ContentsCheck, tmp_path: Path
) -> None:
    content = PAPERS[place]()
    assert EICAR not in content or place == "what is no photo"
    async with looked_at(rules, tmp_path, content, "application/pdf") as seen:
        assert seen.outcome == ("infected", "infected"), seen.finding.verdict
        assert "eicar_test_file" in seen.finding.verdict.detail


@pytest.mark.parametrize("depth", [1, 2, 3])
async def test_the_test_virus_is_found_in_archives_within_archives(
    depth: int, rules: ContentsCheck, tmp_path: Path
) -> None:
    content = EICAR
    for _ in range(depth):
        content = packed({"before.txt": WORDS, "letter.txt": content, "after.txt": b"bye"})
    assert EICAR not in content
    async with looked_at(rules, tmp_path, content) as seen:
        assert seen.outcome == ("infected", "infected")
        inner = "/".join(["letter.txt"] * depth)
        assert f"'{inner}': eicar_test_file" in seen.finding.verdict.detail


async def test_the_test_virus_is_found_in_a_pdf_in_an_archive(rules: ContentsCheck, tmp_path: Path) -> None:
    content = packed({"bills/may.pdf": PAPERS["a predictor"]()})
    async with looked_at(rules, tmp_path, content) as seen:
        assert "'bills/may.pdf/object 6': eicar_test_file" in seen.finding.verdict.detail


async def test_the_test_virus_is_found_in_a_part_of_a_document(rules: ContentsCheck, tmp_path: Path) -> None:
    content = office.word_document().part("word/media/image1.png", WORDS + EICAR).written()
    async with looked_at(rules, tmp_path, content) as seen:
        assert "'word/media/image1.png': eicar_test_file" in seen.finding.verdict.detail


async def test_a_rule_sees_each_member_as_a_file_of_its_own(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "own.yar").write_text("rule own { condition: uint32be(0) == 0x41424344 and filesize == 6 }")
    check = ContentsCheck(sandbox, None, RuleSet.compiled([tmp_path / "own.yar"], own=False))
    async with looked_at(check, tmp_path, packed({"a": b"ABCDEFG"})) as seen:
        assert seen.outcome == ("clean", "")
    async with looked_at(check, tmp_path, packed({"a": WORDS, "b": b"ABCDEF"})) as seen:
        assert seen.outcome == ("refused", "rule")


async def test_nobody_is_accused_of_an_ordinary_archive_or_document(
    rules: ContentsCheck, tmp_path: Path
) -> None:
    for name, make in {**GOOD_ARCHIVES, **{name: make for name, (_, make) in GOOD.items()}}.items():
        async with looked_at(rules, tmp_path / name, make(), "application/zip") as seen:
            assert seen.outcome == ("clean", ""), (name, seen.finding)


async def test_nobody_is_accused_of_an_ordinary_paper(rules: ContentsCheck, tmp_path: Path) -> None:
    for name, make in PLAIN.items():
        async with looked_at(rules, tmp_path / name, make(), "application/pdf") as seen:
            assert seen.outcome == ("clean", ""), (name, seen.finding)


async def test_a_text_that_speaks_of_pdfs_is_no_broken_one(rules: ContentsCheck, tmp_path: Path) -> None:
    content = packed({"notes.txt": b"A PDF begins with %PDF-1.7 and ends with %%EOF."})
    async with looked_at(rules, tmp_path, content) as seen:
        assert seen.outcome == ("clean", "")


async def test_an_archive_that_cannot_be_opened_is_not_clean(rules: ContentsCheck, tmp_path: Path) -> None:
    async with looked_at(rules, tmp_path, packed({"a.txt": WORDS})[:-30], "application/zip") as seen:
        assert seen.outcome[0] == "refused"


async def test_nothing_is_clean_without_somebody_who_unpacks(tmp_path: Path) -> None:
    async with (
        Sandbox(["vestibule.checks.decoders.archives"]) as others,
        looked_at(ContentsCheck(others, None, OURS), tmp_path, packed({"a": WORDS})) as seen,
    ):
        assert seen.outcome == ("error", "check_failed")


@pytest.mark.parametrize("lie", LIES)
async def test_a_hijacked_unpacker_is_not_believed(lie: str, tmp_path: Path) -> None:
    async with Sandbox([*UNPACKERS, "tests.checks.hijacked_contents"]) as hijacked:
        check = ContentsCheck(hijacked, None, OURS)
        async with looked_at(check, tmp_path, b"PK\x03\x04" + lie.encode(), "application/zip") as seen:
            assert seen.outcome == ("error", "check_failed"), seen.finding
            assert "makes no sense" in seen.finding.verdict.detail


framed = builds(
    lambda name, content: FRAME.pack(len(name), len(content)) + name + content, binary(), binary()
)


@given(content=binary(max_size=80) | lists(framed, max_size=4).map(b"".join), cut=integers(0, 20))
def test_whatever_was_written_is_pieces_to_the_last_byte_or_nothing(content: bytes, cut: int) -> None:
    content = content[: len(content) - cut]
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            pieces = pieces_of(file.fileno())
        except Garbled:
            return
    end = 0
    for piece in pieces:
        assert piece.size > 0
        end = piece.start + piece.size
    assert end == len(content)


# With virus scanners


async def test_each_scanner_gets_each_piece_once_and_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    heard: list[bytes] = []
    pieces = {f"{number}.txt": WORDS + b"%d" % number for number in range(40)}
    content = packed({**pieces, "twin.txt": pieces["3.txt"], "empty.txt": b"", "large.txt": b"x" * 700_000})
    async with lying(counted(OK, heard)) as one, lying(counted(OK, heard)) as other:
        check = ContentsCheck(sandbox, Scanners([one, other]), None)
        async with looked_at(check, tmp_path, content) as seen:
            assert seen.outcome == ("clean", "")
    assert sorted(heard) == sorted([*pieces.values(), b"x" * 700_000])


@pytest.mark.parametrize(
    ("lie", "outcome", "reason"),
    [
        (answer_to_the_whole(b"stream: Win.Test FOUND\0"), "infected", "infected"),
        (answer_to_the_whole(b"stream: Heuristics.Encrypted.Zip FOUND\0"), "encrypted", "encrypted"),
        (answer_to_the_whole(b"stream: Heuristics.Limits.Exceeded FOUND\0"), "too_large", "too_complex"),
        (answer(b"INSTREAM size limit exceeded. ERROR\0"), "too_large", "too_large"),
        (answer_to_the_whole(b"stream: OKAY\0"), "error", "check_failed"),
        (answer(b"stream: OK\0"), "error", "check_failed"),
        (answer(b""), "error", "check_failed"),
        (never_answer, "timeout", "check_failed"),
    ],
)
async def test_no_answer_but_ok_to_each_piece_opens_a_file(
    lie: Lie, outcome: str, reason: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with lying(lie) as address:
        check = ContentsCheck(sandbox, Scanners(address, 0.5), OURS)
        async with looked_at(check, tmp_path, packed({"a.txt": WORDS, "b.txt": b"x" * 900_000})) as seen:
            assert seen.outcome == (outcome, reason)
            assert ".txt': " in seen.finding.verdict.detail


async def test_a_scanner_that_dies_is_stood_in_for(sandbox: Sandbox, tmp_path: Path) -> None:
    async with lying(answer_to_the_whole(b"")) as dying, lying(OK) as other:
        check = ContentsCheck(sandbox, Scanners([dying, other]), None)
        async with looked_at(check, tmp_path, packed({"a.txt": WORDS, "b.txt": b"b"})) as seen:
            assert seen.outcome == ("clean", "")


@pytest.mark.clamd
@pytest.mark.parametrize(
    "content",
    [
        packed({"a.txt": WORDS, "b/c.txt": HOME_MADE}),
        packed({**{f"{number}.txt": b"%d" % number for number in range(60)}, "b/c.txt": WORDS + HOME_MADE}),
        packed({"a.zip": packed({"b/c.txt": EICAR})}),
        paper(more=[packed_by("/FlateDecode", zlib.compress(EICAR), "/Type /EmbeddedFile")]),
        paper(more=[packed_by("/FlateDecode", zlib.compress(EICAR))]),
    ],
    ids=[
        "member",
        "one of more than clamd unpacks",
        "of an archive within",
        "file in a PDF",
        "stream in a PDF",
    ],
)
async def test_a_real_scanner_finds_what_is_packed_away(
    content: bytes, clamd: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    check = ContentsCheck(sandbox, Scanners(clamd), None)
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("infected", "infected"), seen.finding.verdict
        assert "Vestibule.Test" in seen.finding.verdict.detail
        assert seen.finding.verdict.version.startswith("ClamAV")
