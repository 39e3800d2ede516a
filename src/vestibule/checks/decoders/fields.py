"""Fields of Word: instructions in a text, spread over runs and within each other.

ECMA-376 part 1, section 17.16.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vestibule.checks.decoders.targets import is_on_disk, may_be_clicked
from vestibule.checks.decoders.xml_parts import LONGEST_TEXT, active
from vestibule.checks.nursery.jobs import Refused

# They fetch, start or control something else: other programs, files, databases, printers.
FETCHING = frozenset(
    "DDE DDEAUTO LINK IMPORT INCLUDE INCLUDETEXT DATABASE RD CONTROL HTMLCONTROL OCX PRINT ADDIN".split()
)
WORD = re.compile(r'[\s"\\]*([A-Za-z]+)')
ARGUMENT = re.compile(r'\s+(?:"((?:[^"\\]|\\.)*)"|([^\s"\\]\S*|\\\\\S+))')
DEEPEST = 50  # fields within each other


@dataclass(slots=True)
class Field:
    """One that has begun. Until its separator comes, text is its instruction."""

    text: str = ""
    nested: bool = False  # others are within its instruction
    told: bool = False  # its instruction is at its end


@dataclass(slots=True)
class Fields:
    """Those of one part that have not ended. Whatever ends in a wrong order is taken as it comes."""

    part: str
    open: list[Field] = field(default_factory=list)
    stray: str = ""  # instructions outside of any field

    @property
    def takes_text(self) -> bool:
        return bool(self.open) and not self.open[-1].told

    def mark(self, kind: str) -> None:
        """`begin`, `separate` or `end` of a field."""
        if kind == "begin":
            self._begin()
        elif self.open:
            self._told(self.open[-1])
            if kind == "end":
                self.open.pop()

    def add(self, text: str) -> None:
        """A piece of an instruction."""
        if self.takes_text:
            self.open[-1].text += text
            if len(self.open[-1].text) > LONGEST_TEXT:
                raise Refused("too_complex", f"{self.part!r} has a field without end.")
        else:
            self.stray = (self.stray + text)[-LONGEST_TEXT:]
            judge(self.stray, self.part)

    def close(self) -> None:
        """The part is at its end: what has not ended counts as well."""
        while self.open:
            self._told(self.open.pop())

    def _begin(self) -> None:
        if self.takes_text:
            if not self.open[-1].text.strip():
                raise active(f"{self.part!r} has a field whose name is computed.")
            self.open[-1].nested = True
        self.open.append(Field())
        if len(self.open) > DEEPEST:
            raise Refused("too_complex", f"{self.part!r} has too many fields within each other.")

    def _told(self, one: Field) -> None:
        if not one.told:
            one.told = True
            judge(one.text, self.part, nested=one.nested)


def judge(instruction: str, part: str, *, nested: bool = False) -> None:
    """Raises `Refused` for an instruction that does more than lay out text."""
    if not (word := WORD.match(instruction)):
        return
    name = word[1].upper()
    argument = ARGUMENT.match(instruction, word.end())
    target = (argument[1] or argument[2] or "").replace("\\\\", "\\") if argument else ""
    if name in FETCHING:
        raise active(f"{part!r} has a field {name}.")
    if name == "INCLUDEPICTURE" and (nested or not is_on_disk(target)):
        raise active(f"{part!r} has a field {name} {target[:100]!r}.")
    if name == "HYPERLINK" and not may_be_clicked(target):
        raise active(f"{part!r} has a link to {target[:100]!r}.")
