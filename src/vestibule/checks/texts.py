"""Texts are written anew: as UTF-8, without characters that hide, and without formulas in their cells.

No decoder of others is needed for that, so it happens here, in a thread. One pass, in which it is taken for
what its first bytes say; a second one where only its end shows that it is not UTF-8. What needs no change
comes out as it went in, byte by byte.
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
# Tags (U+E0000 to U+E007F) are letters that nobody sees and programs read; but between a black flag and their
# end they make the flags of England, Scotland and Wales (UTS 51, section C.1).
_CLASS = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
_UNWANTED = re.compile(_CLASS)
_BLACK_FLAG = "\U0001f3f4"
_TAGS = "[\U000e0030-\U000e0039\U000e0061-\U000e007a]"
_OR_FLAG = re.compile(f"({_BLACK_FLAG}{_TAGS}{{3,6}}\U000e007f)|{_CLASS}")
_BEGUN_FLAG = re.compile(f"{_BLACK_FLAG}{_TAGS}{{0,6}}\\Z")


@dataclass(slots=True)
class TextCheck:
    """Makes `safe` of a text; refuses what is none. See the port `Check`."""

    seconds: float = 60.0  # it may be read twice, perhaps from another machine

    name = "texts"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type in TYPES

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        encoding = TextTest(specimen.head).encoding
        try:
            try:
                size = await _write(encoding, specimen, storage)
            except NotUtf8:
                encoding = UNKNOWN_8BIT
                size = await _write(encoding, specimen, storage)
        except NoText:
            return Finding(verdict=_verdict("refused", "type_mismatch", "not text to its end"))
        safe = Copy(name="safe", content_type=specimen.content_type, size=size)
        verdict = _verdict("clean", detail=f"from {_CODECS[encoding]}")
        return Finding(verdict=verdict, copies=((safe, _safe(specimen)),))


class NoText(Exception):
    """It is no text to its end."""


class NotUtf8(Exception):
    """It is a text, but of one byte a letter."""


class Rewriting:
    """Takes the bytes of one text in order, and gives those of its copy. Memory is flat."""

    def __init__(self, encoding: str, *, is_csv: bool = False) -> None:
        make = codecs.getincrementaldecoder(_CODECS[encoding])
        self._decoder = make("replace" if encoding == UNKNOWN_8BIT else "strict")
        self._cells = Cells() if is_csv else None
        self._is_start = True
        self._begun = ""  # a flag whose end is in the next chunk

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        text = _wanted(self._whole(self._decoder.decode(chunk, final), final))
        if self._is_start:  # of what is left: a mark behind what was taken out is none of a byte order
            text = text.lstrip("\ufeff")
            self._is_start = not text
        if self._cells:
            text = self._cells.feed(text) + (self._cells.finish() if final else "")
        return text.encode()

    def _whole(self, text: str, final: bool) -> str:
        """The text without a flag that is only begun."""
        text, self._begun = self._begun + text, ""
        if not final and (begun := _BEGUN_FLAG.search(text, max(0, len(text) - 7))):
            text, self._begun = text[: begun.start()], begun[0]
        return text


def _wanted(text: str) -> str:
    if _BLACK_FLAG not in text:
        return _UNWANTED.sub("", text)
    return _OR_FLAG.sub(lambda found: found[1] or "", text)


class Reading:
    """Tests the bytes of one text while they are written anew."""

    def __init__(self, encoding: str, specimen: Specimen) -> None:
        self._test = TextTest(specimen.head)
        self._encoding = encoding
        self._rewriting = Rewriting(encoding, is_csv=specimen.content_type == CSV)

    def feed(self, chunk: bytes) -> bytes:
        """The bytes of the copy. Raises `NoText`, and `NotUtf8` where the encoding was guessed wrong."""
        self._judge(self._test.feed(chunk))
        return self._rewriting.feed(chunk)

    def finish(self) -> bytes:
        self._judge(self._test.finish())
        return self._rewriting.feed(b"", final=True)

    def _judge(self, is_text: bool) -> None:
        if not is_text:
            raise NoText
        if self._test.encoding == UNKNOWN_8BIT != self._encoding:
            raise NotUtf8


async def _write(encoding: str, specimen: Specimen, storage: Storage) -> int:
    """Store the copy. Of one that turns out to be wrong, nothing stays."""
    return await storage.put(_safe(specimen), _rewritten(Reading(encoding, specimen), specimen, storage))


async def _rewritten(reading: Reading, specimen: Specimen, storage: Storage) -> AsyncIterator[bytes]:
    async for chunk in _original(specimen, storage):
        if written := await asyncio.to_thread(reading.feed, chunk):
            yield written
    yield await asyncio.to_thread(reading.finish)


def _safe(specimen: Specimen) -> str:
    return f"quarantine/{specimen.media_sid}/safe"


def _original(specimen: Specimen, storage: Storage) -> AsyncIterator[bytes]:
    return storage.get(f"quarantine/{specimen.media_sid}/original")


def _verdict(outcome: Outcome, reason: str = "", detail: str = "") -> Verdict:
    return Verdict(outcome=outcome, check=TextCheck.name, reason=reason, detail=detail, version=__version__)
