"""Texts are written anew: as UTF-8, without characters that hide, and without formulas in their cells.

No decoder of others is needed for that, so it happens here, in a thread. Two passes: only the whole tells
which encoding it is. What needs no change comes out as it went in, byte by byte.
"""

from __future__ import annotations

import asyncio
import codecs
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from vestibule import __version__
from vestibule.checks.cells import Cells
from vestibule.checks.content_types import CONTENT_TYPES
from vestibule.checks.text import UNKNOWN_8BIT, TextTest
from vestibule.models import Copy, Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

# A mail is left as it is: its own headers say how its bytes are meant.
TYPES = frozenset(kind.name for kind in CONTENT_TYPES.values() if kind.family == "text") - {"message/rfc822"}
CSV = "text/csv"

# Where nothing tells, what Windows writes in western Europe and the Americas. Other alphabets come out wrong,
# but nothing is lost that matters to safety.
GUESS = "windows-1252"
_CODECS = {"utf-8": "utf-8", "utf-16": "utf-16", UNKNOWN_8BIT: GUESS}

# Control characters but tab and the ends of lines (U+0085 is one), and those that turn the order of letters
# around: without them a text reads in the order in which it is stored, copied and run. The marks U+200E,
# U+200F and U+061C stay: Arabic and Hebrew need them, and they turn no other letters.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class TextCheck:
    """Makes `safe` of a text; refuses what is none. See the port `Check`."""

    seconds: float = 60.0  # it is read twice, perhaps from another machine

    name = "texts"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type in TYPES

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        encoding = await _encoding(specimen, storage)
        if not encoding:
            return Finding(verdict=_verdict("refused", "type_mismatch", "not text to its end"))
        rewriting = Rewriting(encoding, is_csv=specimen.content_type == CSV)
        key = f"quarantine/{specimen.media_sid}/safe"
        size = await storage.put(key, _rewritten(rewriting, specimen, storage))
        safe = Copy(name="safe", content_type=specimen.content_type, size=size)
        return Finding(verdict=_verdict("clean", detail=f"from {_CODECS[encoding]}"), copies=((safe, key),))


class Rewriting:
    """Takes the bytes of one text in order, and gives those of its copy. Memory is flat."""

    def __init__(self, encoding: str, *, is_csv: bool = False) -> None:
        make = codecs.getincrementaldecoder(_CODECS[encoding])
        self._decoder = make("replace" if encoding == UNKNOWN_8BIT else "strict")
        self._cells = Cells() if is_csv else None
        self._is_start = True

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        text = _UNWANTED.sub("", self._decoder.decode(chunk, final))
        if self._is_start:  # of what is left: a mark behind what was taken out is none of a byte order
            text = text.lstrip("\ufeff")
            self._is_start = not text
        if self._cells:
            text = self._cells.feed(text) + (self._cells.finish() if final else "")
        return text.encode()


async def _encoding(specimen: Specimen, storage: Storage) -> str:
    """The encoding of the whole; empty if it is no text."""
    test = TextTest(specimen.head)
    async for chunk in _original(specimen, storage):
        if not await asyncio.to_thread(test.feed, chunk):
            return ""
    return test.encoding if test.finish() else ""


async def _rewritten(rewriting: Rewriting, specimen: Specimen, storage: Storage) -> AsyncIterator[bytes]:
    async for chunk in _original(specimen, storage):
        if written := await asyncio.to_thread(rewriting.feed, chunk):
            yield written
    yield await asyncio.to_thread(rewriting.feed, b"", final=True)


def _original(specimen: Specimen, storage: Storage) -> AsyncIterator[bytes]:
    return storage.get(f"quarantine/{specimen.media_sid}/original")


def _verdict(outcome: Outcome, reason: str = "", detail: str = "") -> Verdict:
    return Verdict(outcome=outcome, check=TextCheck.name, reason=reason, detail=detail, version=__version__)
