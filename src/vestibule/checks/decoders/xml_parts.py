"""XML from strangers, read as a stream: no document type, so no entity and nothing to fetch."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from xml.parsers import expat

from vestibule.checks.nursery.jobs import Refused

DEEPEST = 500  # elements within each other: office programs make some dozens
LONGEST_TEXT = 64 * 1024  # characters of one field or formula: Excel's own limit is 8192

# What a part may be written in besides Unicode. Looked up now: later no file can be opened.
ENCODINGS = [codecs.lookup(name).name for name in ("cp1252", "iso8859-15", "cp1251", "cp1250")]

Attributes = dict[str, str]
Look = Callable[[str, Attributes], None]


def active(detail: str) -> Refused:
    """The refusal of a document that can act by itself."""
    return Refused("active_content", detail)


class Reader:
    """Calls `looks(name)` once for each kind of element, and what that gives for each such element.

    Names are `namespace local`, as expat joins them. An element's text is collected only if asked for.
    """

    def __init__(self, part: str, looks: Callable[[str], Look | None]) -> None:
        self.part = part
        self._looks = looks
        self._known: dict[str, Look | None] = {}
        self._depth = 0
        self._wanted: list[tuple[int, list[str], Callable[[str], None]]] = []
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, chunks: Iterable[bytes]) -> None:
        """Raises `Refused`."""
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, UnicodeError) as error:
            raise Refused("damaged", f"{self.part!r}: {error}") from error

    def collect(self, then: Callable[[str], None]) -> None:
        """Have the text of the element that has just begun, once it ends."""
        self._wanted.append((self._depth, [], then))
        self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused("too_complex", f"{self.part!r} is more than {DEEPEST} elements deep.")
        try:
            look = self._known[name]
        except KeyError:
            look = self._known[name] = self._looks(name)
        if look:
            look(name, attributes)

    def _end(self, name: str) -> None:
        while self._wanted and self._wanted[-1][0] == self._depth:
            _, pieces, then = self._wanted.pop()
            if not self._wanted:
                self._parser.CharacterDataHandler = None
            then("".join(pieces))
        self._depth -= 1

    def _text(self, text: str) -> None:
        for _, pieces, _ in self._wanted:
            pieces.append(text)
            if sum(map(len, pieces)) > LONGEST_TEXT:  # they come by up to 8 KiB
                raise Refused("too_complex", f"{self.part!r} has a formula or field without end.")

    def _doctype(self, *declared: object) -> None:
        raise active(f"{self.part!r} declares a document type.")


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def local_attributes(attributes: Attributes) -> Attributes:
    return {local(name): value for name, value in attributes.items()}
