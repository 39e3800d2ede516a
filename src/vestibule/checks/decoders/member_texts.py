"""Texts and tables within archives: handed on as they came, so what acts in them is a reason to refuse.

A text that was sent alone is written anew, without formulas and without what turns its letters around. Here
only what does harm counts: formulas that talk to programs or to the network, and overrides, which make a text
read otherwise than it is (the embeddings beside them stand in many a Hebrew letter).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from vestibule.checks.decoders.formulas import CALL
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.text import TextTest

OVERLAP = 4096  # characters of a line that are looked at again with what follows
REACH = 1024  # characters between the beginning of a cell and what it calls

_OVERRIDES = re.compile("[\u202d\u202e]")
# A plus or a dash, a space and words are prose; `image(1).png` in a list of things to do is too.
_CELL = re.compile(
    '(?:^|[,;\t|])[ \t"\u00a0\u200b\u202f\u2060\ufeff]*(?:[=@\uff1d\uff20]|[+\\-\uff0b\uff0d](?! ))',
    re.MULTILINE,
)
_PROGRAM = re.compile(r"[A-Za-z][\w.]{0,100}\|\s{0,4}'[^'\r\n]{0,500}'!")  # program|'topic'!item
_LINE_ENDS = "\n\r\x85\u2028\u2029"


def judge_text(chunks: Iterable[bytes], head: bytes, *, is_table: bool = False) -> None:
    """Raises `Refused` for what is no text to its end, or acts. All of `chunks` is read."""
    test = TextTest(head)
    codec = "utf-16" if test.encoding == "utf-16" else "utf-8"
    decoder = codecs.getincrementaldecoder(codec)("replace")
    is_text, kept = True, ""
    for chunk in chunks:  # to the end: its checksum must be right
        is_text = is_text and test.feed(chunk)
        if is_text:
            kept = _judge(kept, decoder.decode(chunk), is_table)
    if not is_text or not test.finish():
        raise Refused("archive_member", "It is not text to its end.")


def _judge(before: str, text: str, is_table: bool) -> str:
    """Gives the end of it, to be looked at again with what follows."""
    if _OVERRIDES.search(text):
        raise Refused("active_content", "It has characters that turn letters around.")
    if not is_table:
        return ""
    text = before + text
    if "(" in text or "|" in text:
        _judge_calls(text, CALL, "It has a cell that reaches out")
        _judge_calls(text, _PROGRAM, "It has a cell that talks to another program")
    return text[-OVERLAP:]


def _judge_calls(text: str, calls: re.Pattern[str], sentence: str) -> None:
    """Raises `Refused` for a call in a line in which a cell before it began like a formula."""
    for call in calls.finditer(text):
        start = max(text.rfind(end, 0, call.start()) for end in _LINE_ENDS) + 1
        if _CELL.search(text[max(start, call.start() - REACH) : call.start()]):
            raise Refused("active_content", f"{sentence}: {call[0][:40]!r}.")
