"""The words of a PDF: what its pages say, and what was filled into its forms and written beside."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

from vestibule.checks.decoders import pdf_rewrite
from vestibule.checks.detectors.search import Search
from vestibule.checks.nursery.jobs import Refused

PIECE = 100_000  # characters of a page at once
VALUES = 20_000  # of forms and notes
WRITTEN = ("/V", "/Contents")  # a field's value, a note's text. ISO 32000-2, tables 226 and 166


def read(file: BinaryIO, search: Search, most: int) -> str:
    """Feed everything to the search; gives what was left out. Raises `Refused`."""
    document = _opened(file)
    pages = len(document)
    for number in range(min(pages, most)):
        search.begin(f"page {number + 1}")
        for piece in _words(document[number]):
            search.feed(piece)
    search.begin("forms and notes")
    for value in _values(file):
        search.feed(f"{value}\n")
    return f"{pages - most} of {pages} pages" if pages > most else ""


def _opened(file: BinaryIO) -> pypdfium2.PdfDocument:
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    memory = (ctypes.c_char * len(content)).from_buffer(content)  # no copy, no callback
    try:
        return pypdfium2.PdfDocument(memory)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged", str(error)) from error


def _words(page: Any) -> Iterator[str]:
    text = page.get_textpage()
    for start in range(0, text.count_chars(), PIECE):
        yield text.get_text_range(start, min(PIECE, text.count_chars() - start))
    text.close()
    page.close()


def _values(file: BinaryIO) -> Iterator[str]:
    file.seek(0)
    with pdf_rewrite.opened(file) as pdf:
        left = VALUES
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            for key in WRITTEN:
                if isinstance(value := thing.get(key), pikepdf.String) and left:
                    left -= 1
                    yield str(value)
