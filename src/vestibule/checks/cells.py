"""Cells of a CSV that a spreadsheet would take for a formula, made text by an apostrophe.

Which separator a reader goes by nobody knows: Excel asks the country, others ask the person. A cell therefore
begins wherever one could begin, in quotes or out of them, so that no quotation mark hides a formula.
"""

from __future__ import annotations

import re

SEPARATORS = ",;\t|"
LINE_ENDS = "\n\r\x85\u2028\u2029"
PIECE = 1 << 18  # characters of a line that are held at most

_BLANK = " \u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff"  # which readers strip, or nobody sees
_SIGNS = "=+\\-@＝＋－＠"  # the wide ones count in East Asian versions
# What may follow a sign without being a formula that does anything: amounts, telephone numbers, dashes.
_MONEY = "[€$£¥]|[A-Z]{3}"
_NUMBER = r"\d[\d .,'’()/\-\u00a0\u202f]*(?:[eE][-+]?\d+)?"
_HARMLESS = (
    rf"(?:[-+] ?(?:{_MONEY})? ?{_NUMBER}[ \u00a0]?(?:%|{_MONEY})?|[-+]+ ?)"
    rf'(?=[{_BLANK}"]*(?:[{SEPARATORS}{LINE_ENDS}]|\Z))'
)
# A dash between words, as in "tea, - the green one -, and milk": no function, no other program.
_PROSE = re.compile(rf"[-+] +[^\W\d][^(!{SEPARATORS}{LINE_ENDS}]*(?=[,;\t{LINE_ENDS}]|\Z)")
_NO_SEPARATORS = frozenset(_BLANK + _SIGNS + "'\"")
_SEPARATOR_LINE = re.compile(rf'[{_BLANK}"]*sep=(.)', re.IGNORECASE)


class Cells:
    """Takes a CSV piece by piece, and gives it back with its formulas made text. Memory is flat."""

    def __init__(self) -> None:
        self._kept = ""
        self._is_start = True  # of a line
        self._begins: re.Pattern[str] | None = None

    def feed(self, text: str) -> str:
        """What can be given back already: whole lines, or cells of a line that does not end."""
        self._kept += text
        cut = 1 + max(map(self._kept.rfind, LINE_ENDS))
        if not cut and len(self._kept) > PIECE:
            cut = max(map(self._kept.rfind, SEPARATORS))  # the next piece begins with it
            cut = cut if cut > 0 else len(self._kept)
        return self._give(cut) if cut > 0 else ""

    def finish(self) -> str:
        return self._give(len(self._kept))

    def _give(self, cut: int) -> str:
        piece, self._kept = self._kept[:cut], self._kept[cut:]
        if not piece:
            return ""
        if self._begins is None:
            piece, own = _own_separator(piece)
            self._begins = _beginnings(own)
        before = "\n" if self._is_start else "x"
        self._is_start = piece[-1] in LINE_ENDS
        return self._begins.sub(_neutralised, before + piece)[1:]


def _own_separator(first: str) -> tuple[str, str]:
    """The first piece, and the separator that a first line `sep=#` names for Excel.

    One that is itself a sign, a blank, or the mark that makes text of a cell would undo what is done here.
    Then the line is made text, and names nothing.
    """
    if not (named := _SEPARATOR_LINE.match(first)):
        return first, ""
    return (f"'{first}", "") if named[1] in _NO_SEPARATORS or named[1].isspace() else (first, named[1])


def _beginnings(own: str) -> re.Pattern[str]:
    """Finds where a cell begins with a sign."""
    return re.compile(
        rf'([{SEPARATORS}{LINE_ENDS}{re.escape(own)}])([{_BLANK}"]*)(?!{_HARMLESS})([{_SIGNS}])'
    )


def _neutralised(cell: re.Match[str]) -> str:
    before, blank, sign = cell.groups()
    is_within = blank and not blank.strip(" ") and before != "\t" and before not in LINE_ENDS
    if is_within and _PROSE.match(cell.string, cell.start(3)):
        return cell[0]
    return f"{before}{blank}'{sign}"
