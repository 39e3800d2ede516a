"""A search through text that comes piece by piece: what was found, how often, and the first places of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from vestibule.checks.detectors import cards, credentials, ibans
from vestibule.checks.detectors.find import Find

Detector = Callable[[str], Iterator[Find]]

DETECTORS: Mapping[str, Detector] = {
    "card_number": cards.find,
    "iban": ibans.find,
    "secret": credentials.find,
}
WINDOW = 1 << 17  # characters that are looked through at once
AHEAD = 8 << 10  # characters: longer than anything that is looked for
BEHIND = 64  # characters that a detector may look back
PLACES = 3  # of each kind that are told


class Hits(msgspec.Struct):
    """How often something was found, and the first few: what may be told, and where."""

    count: int = 0
    places: list[str] = []


@dataclass(slots=True)
class Search:
    """Takes the text of one place after the other. Memory is flat, whatever the text."""

    kinds: tuple[str, ...] = tuple(DETECTORS)
    most: int = 0  # characters; 0: no end
    hits: dict[str, Hits] = field(default_factory=dict)
    characters: int = 0  # that came, looked at or not
    _place: str = ""
    _kept: str = ""
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0  # of what is kept and of the pieces
    _seen: int = 0  # characters of what is kept in which finds were told before
    _line: int = 1  # the number of the first line that is kept

    def begin(self, place: str) -> None:
        """What comes now is elsewhere: `page 2`. An empty place counts its lines."""
        self.finish()
        self._place = place

    def feed(self, text: str) -> None:
        """Look through the next piece."""
        self.characters += len(text)
        if self.most and self.characters > self.most:
            return
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= WINDOW + AHEAD:
            self._gather()
            while self._length >= WINDOW + AHEAD:
                self._look(self._kept[: WINDOW + AHEAD], WINDOW)

    @property
    def left(self) -> str:
        """What was not looked at, in words; nothing if all was."""
        beyond = self.characters - self.most if self.most else 0
        return f"{beyond} of {self.characters} characters" if beyond > 0 else ""

    def finish(self) -> None:
        """There is no more here. May be called twice."""
        self._gather()
        if self._length > self._seen:
            self._look(self._kept, self._length)
        self._kept, self._length, self._seen, self._line = "", 0, 0, 1

    def _gather(self) -> None:
        """Documents come in thousands of small pieces: they are put together once."""
        self._kept = "".join((self._kept, *self._pieces))
        self._pieces.clear()

    def _look(self, window: str, cut: int) -> None:
        """Tell the finds that begin before `cut`, and keep what the next ones may look back at."""
        for kind in self.kinds:
            for find in DETECTORS[kind](window):
                if self._seen <= find.start < cut:
                    self._tell(kind, find, window)
        start = max(0, cut - BEHIND)
        self._line += window.count("\n", 0, start)
        self._kept = self._kept[start:]
        self._length = len(self._kept)
        self._seen = cut - start

    def _tell(self, kind: str, find: Find, window: str) -> None:
        hits = self.hits.setdefault(kind, Hits(0, []))
        hits.count += 1
        if len(hits.places) < PLACES:
            line = f"line {self._line + window.count(chr(10), 0, find.start)}"
            hits.places.append(f"{find.told} ({self._place or line})")


def summary(hits: Mapping[str, Hits]) -> str:
    """What staff are told. It names no value: whoever reads it cannot use it."""
    return "; ".join(
        f"{kind}: {found.count}, {', '.join(found.places)}{', …' * (found.count > len(found.places))}"
        for kind, found in hits.items()
    )
