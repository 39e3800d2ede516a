"""Texts and tables: judged alike however they are cut, and written anew once for good."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from tests.checks.specimens import JPEG, PDF, PNG
from tests.files.archives import archive
from tests.fuzz.mutations import bounded, frugal, fuzzed, mutated
from vestibule.checks.cells import Cells
from vestibule.checks.signatures import HEAD, sniff
from vestibule.checks.text import TextTest
from vestibule.checks.texts import _UNWANTED, Rewriting

TEXTS = [
    b"name;price\r\nAda;-12,50\r\n=1+1;@SUM(A1)\r\n",
    "sep=|\nBob|=cmd|' /C calc'!A0|\u2028|+49 30 123\n".encode(),
    "\ufeffGr\u00fc\u00dfe, \u202eexe.fdp, \u200b=1+1\n".encode("utf-16"),
    b"\xef\xbb\xbfcaf\xc3\xa9\n",
    b"caf\xe9 \x81 \x1b[31m\n",
]
TABLES = st.text(st.sampled_from("\"';,|\t=+-@ab1 \u00a0\u200b\ufeff\uff1d%$.()\n\r\u2028\x85"), max_size=60)
HEADS = [
    PNG,
    JPEG,
    PDF,
    archive("a.txt"),
    b"RIFF\0\0\0\0WAVE",
    b"<html><b>",
    b"\0\0\0\x18ftypisom" + bytes(40),
]


@given(head=mutated([*HEADS, *TEXTS]) | st.binary(max_size=200))
@fuzzed(400)
def test_no_head_breaks_the_sniffer(head: bytes) -> None:
    with bounded(seconds=1):
        kind = sniff(head)
    assert kind == "" or kind.count("/") == 1
    assert sniff(head.ljust(HEAD, b"\0")[:HEAD] + b"more") == sniff(head.ljust(HEAD, b"\0")[:HEAD])


def encoding(content: bytes, cuts: list[int]) -> str:
    """What the whole of it is, taken piece by piece."""
    test = TextTest(content[:HEAD])
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        if not test.feed(content[start:end]):
            return ""
    return test.encoding if test.finish() else ""


def rewritten(content: bytes, cuts: list[int], *, is_csv: bool) -> bytes:
    rewriting = Rewriting(encoding(content, []), is_csv=is_csv)
    pieces = [
        rewriting.feed(content[start:end])
        for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True)
    ]
    return b"".join([*pieces, rewriting.feed(b"", final=True)])


LETTERS = st.text(st.sampled_from("a\u202a\ufeff\u0085\x1b=;\n\u00e9"), max_size=8)
BYTES = LETTERS.map(str.encode) | LETTERS.map(lambda text: text.encode("utf-16")) | st.binary(max_size=60)


@given(content=BYTES | mutated(TEXTS), data=st.data(), is_csv=st.booleans())
@fuzzed(800)
def test_a_text_written_anew_is_one_and_stays_as_it_is(
    content: bytes, data: st.DataObject, is_csv: bool
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=4)))
    with bounded(seconds=2):
        kind = encoding(content, [])
        assert encoding(content, cuts) == kind
        if not kind:
            return
        once = rewritten(content, cuts, is_csv=is_csv)
        assert once == rewritten(content, [], is_csv=is_csv)
    if not once:
        return
    assert not _UNWANTED.search(once.decode("utf-8"))
    assert encoding(once, []) == "utf-8"
    assert rewritten(once, [], is_csv=is_csv) == once


def neutralised(text: str) -> str:
    cells = Cells()
    return cells.feed(text) + cells.finish()


@given(text=TABLES)
@example(text="sep='\n'=1+1\n")
@example(text="sep==\na==+1\n")
@example(text="sep=+\na+=1\n")
@example(text='sep="\na"=1\n')
@fuzzed(800)
def test_a_neutralised_table_stays_as_it_is(text: str) -> None:
    with bounded(seconds=2):
        once = neutralised(text)
        assert neutralised(once) == once


SEPARATORS = st.sampled_from("'\"=+-@ 1a#\u00a0;\uff1d\\]^.")
CELLS = st.lists(st.sampled_from("'\"=+-@ 1a#\u00a0;,|\uff1d(!)A\\]^.").map(str), max_size=24).map("".join)


@given(separator=SEPARATORS, line=CELLS)
@fuzzed(1000)
def test_no_cell_by_a_separator_of_its_own_begins_with_a_sign(separator: str, line: str) -> None:
    """As Excel does it: the first line says the separator, and is no cell then."""
    table = neutralised(f"sep={separator}\n{line}\n")
    first, _, rest = table.partition("\n")
    if not first.startswith("sep="):
        return
    for cell in rest.replace('"', "").split(first[4]):
        assert not _does_something(cell), (table, cell)


def _does_something(cell: str) -> bool:
    text = cell.strip(" \u00a0\n")
    return text[:1] in "=@\uff1d" and len(text) > 1 and "(" in text


@given(text=st.text(max_size=5), times=st.integers(1, 40_000))
@fuzzed(30)
def test_a_line_without_end_takes_little_memory_and_time(text: str, times: int) -> None:
    cells = Cells()
    with frugal(20_000_000), bounded():
        for _ in range(8):
            cells.feed(text * times)
        cells.finish()


@given(text=TABLES)
@fuzzed(300)
def test_readers_find_no_formula_in_any_row(text: str) -> None:
    for separator in ",;\t|":
        reader = csv.reader(io.StringIO(neutralised(text), newline=""), delimiter=separator)
        for row in reader:
            for cell in row:
                assert not cell.lstrip(" \u00a0\u200b\ufeff").startswith(("=(", "@(", "=a", "@a")), cell
