"""The words of a file, looked through for what should rarely be in one. Nothing is written, nothing kept."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from vestibule.checks.decoders import pdf_wording, zip_wording
from vestibule.checks.detectors.search import Search

CHUNK = 1 << 16  # bytes
MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

for _encoding in ("utf-8", "utf-16"):  # later no file can be opened
    codecs.getincrementaldecoder(_encoding)


def search(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Options: the `family` of the file, the `kinds` to look for, how many `characters` and `pages` at most,
    and the archives' `limits`. Gives the `hits`, and in `left` what was not looked at.
    """
    search = Search(tuple(options["kinds"]), most=options["characters"])
    left = _READERS[options["family"]](file, outputs, options, search)
    search.finish()
    return {"hits": msgspec.to_builtins(search.hits), "left": left or search.left}


def _text(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any], search: Search) -> str:
    for piece in decoded(iter(lambda: file.read(CHUNK), b"")):
        search.feed(piece)
    return ""


def _pdf(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any], search: Search) -> str:
    return pdf_wording.read(file, search, options["pages"])


def _zip(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any], search: Search) -> str:
    reader = zip_wording.Reader(search, options, outputs, decoded)
    reader.read(file)
    return ""


def decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    """A text piece by piece. What is no UTF-8 is of one byte a letter; what is looked for is ASCII in all."""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            encoding = next((name for mark, name in MARKS if chunk.startswith(mark)), "utf-8")
            decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(chunk)


Reader = Callable[[BinaryIO, dict[str, BinaryIO], dict[str, Any], Search], str]
_READERS: dict[str, Reader] = {"text": _text, "pdf": _pdf, "zip": _zip}

JOBS = {"wording.search": search}
