"""Is it text, and in which encoding? Nothing but decoding all of it can tell."""

from __future__ import annotations

import codecs
import re

UNKNOWN_8BIT = "unknown-8bit"  # RFC 1428: text of one byte a letter, in an encoding nobody named

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Tab, the ends of line and page, escape (colours in logs) and Ctrl-Z (the end of a DOS text) do occur.
_PLAIN = bytes([*b"\t\n\v\f\r\x1a\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)])
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins so: `utf-8`, `utf-16`, `unknown-8bit`; empty if it is none."""
    test = TextTest(head)
    return test.encoding if head and test.feed(head) else ""


def beginning(head: bytes, encoding: str, length: int = 1024) -> str:
    """The first characters of a text, without its byte order mark. Never raises."""
    codec = "latin-1" if encoding == UNKNOWN_8BIT else encoding
    return head[: 2 * length].decode(codec, "ignore")[:length].lstrip("\ufeff")


class TextTest:
    """Takes a file chunk by chunk and says whether all of it is text. Memory is flat.

    What is not valid UTF-8 may still be text of one byte a letter, as Excel writes it in half the world;
    that holds from the first byte on, since only control characters tell it from other bytes.
    """

    def __init__(self, head: bytes) -> None:
        """`head` are the first bytes, which name the encoding; they are still to be fed."""
        marked = (encoding for mark, encoding in _BYTE_ORDER_MARKS if head.startswith(mark))
        self.encoding = next(marked, "utf-8")
        make = codecs.getincrementaldecoder(self.encoding)
        self._decoder: codecs.IncrementalDecoder | None = make("strict")

    def feed(self, chunk: bytes) -> bool:
        """Whether it can still be text. After False, stop."""
        if self.encoding == "utf-16":
            return self._is_decoded(chunk)
        if chunk.translate(None, _PLAIN):
            return False
        if not self._is_decoded(chunk):
            self._settle_for_bytes()
        return True

    def finish(self) -> bool:
        """Whether the whole was text: its last character is not cut off."""
        if self._is_decoded(b"", final=True):
            return True
        self._settle_for_bytes()
        return self.encoding == UNKNOWN_8BIT

    def _is_decoded(self, chunk: bytes, *, final: bool = False) -> bool:
        if self._decoder is None:
            return True
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            return False
        return self.encoding != "utf-16" or not _CONTROLS.search(text)

    def _settle_for_bytes(self) -> None:
        """Not UTF-8 after all."""
        if self.encoding == "utf-8":
            self.encoding, self._decoder = UNKNOWN_8BIT, None
