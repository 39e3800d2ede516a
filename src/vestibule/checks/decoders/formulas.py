"""Formulas of spreadsheets: those that reach out of the workbook, to programs or to the network."""

from __future__ import annotations

import re

from vestibule.checks.decoders.targets import may_be_clicked
from vestibule.checks.decoders.xml_parts import active

# They fetch from the network, or call code: the functions of sheets, those of Excel 4 macros, and those of
# sheets in the browser, which take such a file in as well.
NAMES = (
    "WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER|REGISTER\\.ID|SQL\\.REQUEST|EXEC|EVALUATE|FOPEN|RUN|PY"
    "|IMPORT(?:DATA|FEED|HTML|RANGE|XML)"
)
CALL = re.compile(rf"(?<![\w.])(?:_xlfn\.|_xlws\.|_xll\.|COM\.MICROSOFT\.)*({NAMES})\(", re.I)
SPACED_CALL = re.compile(CALL.pattern.replace(r"\(", r"\s*\("), re.I)
HYPERLINK = re.compile(r'(?<![\w.])HYPERLINK\s*\(\s*"((?:[^"]|"")*)"', re.I)
QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
BRACKETS = re.compile(r"\[[^\[\]]*\]")
OTHER_FILE = re.compile(r"'(?:[a-z][a-z0-9+.-]*:|\\\\|/)[^']*'#", re.I)  # OpenDocument 1.3 part 4, 5.8


def judge(formula: str, part: str) -> None:
    """Raises `Refused` for a formula that reaches out."""
    if "(" not in formula and "|" not in formula and "#" not in formula:
        return
    # A quote may be opened where Excel sees none, to hide a call: plain calls are sought in all of it.
    bare = QUOTED.sub("", formula)
    if found := CALL.search(formula) or SPACED_CALL.search(bare):
        raise active(f"{part!r} has a formula with {found[1].upper()}.")
    if "|" in BRACKETS.sub("", BRACKETS.sub("", bare)):
        raise active(f"{part!r} has a formula that talks to another program.")
    if OTHER_FILE.search(formula):
        raise active(f"{part!r} has a formula that reads another file.")
    for link in HYPERLINK.findall(formula):
        if not may_be_clicked(link):
            raise active(f"{part!r} has a link to {link[:100]!r}.")


def judge_name(name: str, attributes: dict[str, str], part: str) -> None:
    """Raises `Refused` for a defined name that is a macro, or starts one (ECMA-376 part 1, 18.2.5)."""
    if re.match(r"(_xlnm\.)?auto_(open|close|activate|deactivate)", name, re.I):
        raise active(f"{part!r} has a name {name[:40]!r}.")
    for attribute in ("xlm", "vbProcedure", "function"):
        if attributes.get(attribute, "0").strip().lower() in {"1", "true"}:
            raise active(f"{part!r} has a name that is a macro.")
