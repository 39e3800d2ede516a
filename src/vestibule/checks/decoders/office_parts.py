"""The XML parts of an Office document: every element that fetches, starts or hides something."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from vestibule.checks.decoders import formulas
from vestibule.checks.decoders.fields import Fields
from vestibule.checks.decoders.fields import judge as judge_field
from vestibule.checks.decoders.targets import is_on_disk, may_be_clicked
from vestibule.checks.decoders.xml_parts import Attributes, Look, Reader, active, local, local_attributes

# Objects of other programs, documents taken in, live links: none has a place in a letter.
NEVER = frozenset("altchunk oleobject oleobj olelink ddelink webextension macrosheet scriptanchor".split())
FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "oldFormula"})
CLICKS = frozenset({"hlinkClick", "hlinkHover", "hlinkMouseOver"})
RUNS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
OWN_DATA = ("$workbook$", "thisworkbookdatamodel")  # a connection to nothing but the workbook itself

SVG = "http://www.w3.org/2000/svg"
VML = ("urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office")


def read(part: str, chunks: Iterable[bytes]) -> None:
    """Raises `Refused` for the first thing in the part that acts by itself."""
    OfficePart(part).read(chunks)


class OfficePart:
    """One part, whatever it is called and said to be: Word, Excel and PowerPoint share many."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.fields = Fields(part)
        self.reader = Reader(part, self._look)

    def read(self, chunks: Iterable[bytes]) -> None:
        self.reader.read(chunks)
        self.fields.close()

    def _look(self, name: str) -> Look | None:
        """What to do at elements of this name."""
        space, _, bare = name.rpartition(" ")
        if bare.lower() in NEVER:
            return self._never
        if space == SVG:
            return self._svg
        if space in VML:
            return self._vml
        if "/customui" in space.lower():
            return self._custom_ui
        if bare in FORMULAS:
            return lambda name, attributes: self.reader.collect(partial(formulas.judge, part=self.part))
        return {
            "fldChar": self._field_mark,
            "fldSimple": self._simple_field,
            "instrText": self._instruction,
            "delInstrText": self._instruction,
            "t": self._text,
            "definedName": self._defined_name,
            "connection": self._connection,
            "dbPr": self._connection,
            "webPr": self._connection,
            "textPr": self._connection,
            "olapPr": self._connection,
            **dict.fromkeys(CLICKS, self._click),
        }.get(bare)

    def _never(self, name: str, attributes: Attributes) -> None:
        raise active(f"{self.part!r} has an element {local(name)}.")

    def _field_mark(self, name: str, attributes: Attributes) -> None:
        self.fields.mark(local_attributes(attributes).get("fldCharType", "").strip())

    def _simple_field(self, name: str, attributes: Attributes) -> None:
        judge_field(local_attributes(attributes).get("instr", ""), self.part)

    def _instruction(self, name: str, attributes: Attributes) -> None:
        self.reader.collect(self.fields.add)

    def _text(self, name: str, attributes: Attributes) -> None:
        if self.fields.takes_text:
            self.reader.collect(self.fields.add)

    def _defined_name(self, name: str, attributes: Attributes) -> None:
        formulas.judge_name(attributes.get("name", ""), attributes, self.part)
        self.reader.collect(partial(formulas.judge, part=self.part))

    def _connection(self, name: str, attributes: Attributes) -> None:
        """A workbook may be connected to its own queries; whatever else, it would fetch."""
        if local(name) == "dbPr":
            where = attributes.get("connection", "").lower()
            is_own = any(own in where for own in OWN_DATA)
        else:
            files = (attributes.get("sourceFile", ""), attributes.get("odcFile", ""))
            is_own = local(name) in {"connection", "textPr"} and all(map(is_on_disk, files))
        if not is_own:
            raise active(f"{self.part!r} has a connection to data elsewhere.")

    def _click(self, name: str, attributes: Attributes) -> None:
        action = attributes.get("action", "").strip().lower()
        if action.startswith(RUNS):
            raise active(f"{self.part!r} has a button for {action[:60]!r}.")

    def _vml(self, name: str, attributes: Attributes) -> None:
        for attribute, value in local_attributes(attributes).items():
            is_fetched = attribute in {"src", "althref"} and not is_on_disk(value)
            is_clicked = attribute == "href" and not (may_be_clicked(value) or is_on_disk(value))
            if is_fetched or is_clicked:
                raise active(f"{self.part!r} has a drawing from {value[:100]!r}.")

    def _svg(self, name: str, attributes: Attributes) -> None:
        if local(name) in {"script", "foreignObject", "handler", "set"}:
            raise active(f"{self.part!r} is a drawing with {local(name)}.")
        if local(name) == "style":
            self.reader.collect(self._style)
        for attribute, value in local_attributes(attributes).items():
            if attribute.lower().startswith("on") or _fetches(value):
                raise active(f"{self.part!r} is a drawing with {attribute}.")
            is_link = attribute == "href" and not value.startswith(("#", "data:image/"))
            if is_link and not (local(name) == "a" and may_be_clicked(value)):
                raise active(f"{self.part!r} is a drawing with {value[:100]!r}.")

    def _style(self, text: str) -> None:
        if _fetches(text):
            raise active(f"{self.part!r} is a drawing whose style is elsewhere.")

    def _custom_ui(self, name: str, attributes: Attributes) -> None:
        for attribute in local_attributes(attributes):
            if attribute.lower().startswith(("on", "get", "loadimage")):
                raise active(f"{self.part!r} has a button with {attribute}.")


def _fetches(style: str) -> bool:
    """Whether a style names something outside of the drawing."""
    style = "".join(style.lower().split())
    return "\\" in style or "@import" in style or "url(" in style.replace("url(#", "").replace("url('#", "")
