"""The words of Office documents and archives: the text of their parts, and of the texts and PDFs in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

import msgspec

from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders import pdf_wording
from vestibule.checks.decoders.xml_parts import local
from vestibule.checks.decoders.zips import Archive, Budget, Member, begun, opened
from vestibule.checks.detectors.search import Search
from vestibule.checks.nursery.jobs import Refused

SPILLS = ("second", "third")  # outputs in which archives within archives are read
SPARE = "spare"  # the output in which a PDF is
ZIP, PDF = b"PK\x03\x04", b"%PDF-"
PACKAGE = frozenset({"[content_types].xml", "mimetype"})  # one of these is in every Office document
TEXTS = (".txt", ".text", ".log", ".md", ".csv", ".json", ".ics", ".vcf", ".eml")

# Elements that end a paragraph or a cell, those that are a gap, and those whose text goes on in the next.
ENDS = frozenset("p h si c tc tr row br cr line-break table-cell table-row comment".split())
GAPS = frozenset({"s", "tab"})
JOINED = frozenset("t span a delText instrText".split())
_PLACE = re.compile(r"(?:worksheets/sheet|slides/slide|notesSlides/notesSlide|comments/?comment)([0-9]{1,5})")
_NAMED = {"w": "sheet", "s": "slide", "n": "notes of slide", "c": "comments"}


class Reader:
    """Goes through archives, and archives within them, and feeds their words to a search."""

    def __init__(
        self,
        search: Search,
        options: dict[str, Any],
        outputs: dict[str, BinaryIO],
        decoded: Callable[[Iterable[bytes]], Iterator[str]],
    ) -> None:
        self._search = search
        self._pages: int = options["pages"]
        self._limits = msgspec.convert(options["limits"], Limits)
        self._spills = [outputs[name] for name in SPILLS]
        self._spare = outputs[SPARE]
        self._decoded = decoded
        self._budget: Budget | None = None

    def read(self, file: BinaryIO, level: int = 0, within: str = "") -> None:
        """`within` is how the archive itself is called. Raises `Refused`."""
        self._budget = self._budget or Budget(self._limits, file.seek(0, 2))
        archive = opened(file, self._budget)
        is_document = any(member.name.lower() in PACKAGE for member in archive.members)
        for number, member in enumerate(archive.members, 1):
            if member.is_folder:
                continue
            if is_document:
                self._part(archive, member, within)
            else:
                self._member(archive, member, level, f"{within}member {number}")

    def _part(self, archive: Archive, member: Member, within: str) -> None:
        name = member.name.lower()
        if name.endswith(".xml") and name not in PACKAGE:
            self._search.begin(within + _place_of(member.name))
            Words(self._search).read(archive.chunks(member))

    def _member(self, archive: Archive, member: Member, level: int, place: str) -> None:
        """Places name no member: its name could be what was looked for."""
        head, chunks = begun(archive.chunks(member))
        if head.startswith(ZIP) and level < len(self._spills):
            self.read(_filled(self._spills[level], chunks), level + 1, f"{place}, ")
        elif head.startswith(PDF):
            pdf_wording.read(_filled(self._spare, chunks), self._search, self._pages)
        elif member.name.lower().endswith(TEXTS):
            self._search.begin(place)
            for piece in self._decoded(chunks):
                self._search.feed(piece)


def _place_of(name: str) -> str:
    found = _PLACE.search(name)
    return f"{_NAMED[found[0][0]]} {found[1]}" if found else "the document"


class Words:
    """Feeds all text between the tags of a part. Words that are cut into runs are put together again."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._is_text = False  # whether the last that came was text
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, chunks: Iterable[bytes]) -> None:
        """Raises `Refused`."""
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, UnicodeError) as error:
            raise Refused("damaged", str(error)) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._is_text = False
        if local(name) in GAPS:
            self._search.feed(" ")

    def _end(self, name: str) -> None:
        name = local(name)
        if name in ENDS or (self._is_text and name not in JOINED):
            self._search.feed("\n")
        self._is_text = False

    def _text(self, text: str) -> None:
        self._is_text = True
        self._search.feed(text)

    def _doctype(self, *declared: object) -> None:
        raise Refused("active_content", "A part declares a document type.")


def _filled(file: BinaryIO, chunks: Iterable[bytes]) -> BinaryIO:
    file.seek(0)
    file.truncate()
    file.writelines(chunks)
    file.flush()
    file.seek(0)
    return file
