"""Office documents, PDF and our own pictures: what acts is found wherever it is put, and refused or gone."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import files
from tests.files.active_papers import ACTIVE, BOOM
from tests.files.good_office import GOOD
from tests.files.office import packaged
from tests.files.pictures import save
from tests.files.plain_papers import PLAIN
from tests.fuzz.mutations import bounded, fuzzed, mutated
from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders import containers, fields, formulas, headers, pdf_rewrite, pdf_walk
from vestibule.checks.decoders.unpacking import Unpacking
from vestibule.checks.decoders.zips import Budget
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.policy import Policy

DOCUMENTS = [(extension, content) for extension, make in GOOD.values() if len(content := make()) < 12_000]


def refused(content: bytes, extension: str) -> bool:
    spills = [io.BytesIO(), io.BytesIO()]
    unpacking = Unpacking(Policy(), Budget(Limits(), len(content)), spills, io.BytesIO(), {})
    try:
        unpacking.document(io.BytesIO(content), extension)
    except Refused:
        return True
    return False


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


PARTS = [(extension, parts_of(content)) for extension, content in DOCUMENTS]


@pytest.mark.parametrize(("extension", "parts"), PARTS[::3])
@given(data=st.data())
@fuzzed(15)
def test_a_damaged_part_breaks_no_reader(
    extension: str, parts: dict[str, bytes], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(parts)))
    content = packaged({**parts, name: data.draw(mutated([parts[name]], rb'[<>"=]'))})
    with bounded():
        assert refused(content, extension) == refused(content, extension)


ACTING = [
    b'<x:oleObject xmlns:x="urn:x"/>',
    b'<x:altChunk xmlns:x="urn:x"/>',
    b'<x:fldSimple xmlns:x="urn:x" x:instr=" DDEAUTO cmd /c "/>',
    b'<x:f xmlns:x="urn:x">WEBSERVICE(A1)</x:f>',
    b'<x:script xmlns:x="http://www.w3.org/2000/svg"/>',
    b'<!DOCTYPE x [<!ENTITY a "b">]>',
]
XML = re.compile(r"\.(xml|vml)$")
WITHIN = re.compile(rb"(?<![-?])>(?=\s*<[^?!])")  # between two tags


@given(data=st.data())
@fuzzed(150)
def test_what_acts_is_found_wherever_in_a_document_it_stands(data: st.DataObject) -> None:
    known = [(extension, parts) for extension, parts in PARTS if extension in {"docx", "xlsx", "pptx"}]
    extension, parts = data.draw(st.sampled_from(known))
    named = [name for name in sorted(parts) if XML.search(name) and name != "[Content_Types].xml"]
    name = data.draw(st.sampled_from([name for name in named if WITHIN.search(parts[name])]))
    places = [found.end() for found in WITHIN.finditer(parts[name])]
    at = data.draw(st.sampled_from(places))
    put = parts[name][:at] + data.draw(st.sampled_from(ACTING)) + parts[name][at:]
    assert refused(packaged({**parts, name: put}), extension)


NAMES = "DDE AUTO INCLUDEPICTURE HYPERLINK WEBSERVICE EXEC \\\\".split()
WORDS = st.lists(st.sampled_from([*NAMES, *'"\\{}|!()[]=.,:/#1a \n']), max_size=14).map("".join)


@given(text=WORDS)
@fuzzed(500)
def test_no_field_and_no_formula_takes_long(text: str) -> None:
    for judge in (fields.judge, formulas.judge):
        with bounded(seconds=1), contextlib.suppress(Refused):
            judge(text * 300, "a part")


# PDF

PAPERS = [content for make in [*PLAIN.values(), *ACTIVE.values()] if len(content := make()) < 20_000]


def written(content: bytes) -> bytes | None:
    """The disarmed copy; None where it is refused."""
    output = io.BytesIO()
    try:
        pdf_rewrite.rewrite(io.BytesIO(content), output, 100)
    except Refused:
        return None
    return output.getvalue()


@pytest.mark.filterwarnings("ignore::pikepdf.exceptions.PikepdfWarning")  # as the decoder has it
@given(content=mutated(PAPERS, rb"\d+ 0 obj|/[A-Z]|endobj|stream|xref|trailer|<<"))
@fuzzed(150)
def test_a_damaged_pdf_is_refused_or_disarmed(content: bytes) -> None:
    with bounded(seconds=20):
        copy = written(content)
        if copy is None:
            return
        with pdf_rewrite.opened(io.BytesIO(copy)) as pdf:
            pages = pdf_walk.pages(pdf, 100)
            assert list(pdf_rewrite.active(pdf, pages)) == []
        again = written(copy)
    assert again is not None
    assert copy.count(b"%%EOF") == 1
    assert not (BOOM in copy and BOOM not in content)


# Our own pictures

PICTURES = {
    f"image/{kind.lower()}": save(files.scene(24, 16), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")
}


@given(kind=st.sampled_from(sorted(PICTURES)), data=st.data())
@fuzzed(400)
def test_no_picture_breaks_the_walk_through_containers(kind: str, data: st.DataObject) -> None:
    content = data.draw(mutated([PICTURES[kind]], rb"\xff[\xc0-\xff]|IHDR|IDAT|IEND|VP8|RIFF|\x21|\x2c|\x3b"))
    with bounded(seconds=2):
        assert isinstance(containers.stray(io.BytesIO(content), kind), str)
        for format_ in headers.MAGIC:
            headers.is_format(content, format_)
            headers.declared_size(io.BytesIO(content), format_)


@given(kind=st.sampled_from(sorted(PICTURES)), tail=st.binary(min_size=1, max_size=40))
@fuzzed(100)
def test_whatever_hangs_on_a_picture_is_found(kind: str, tail: bytes) -> None:
    assert containers.stray(io.BytesIO(PICTURES[kind] + tail), kind) != ""
