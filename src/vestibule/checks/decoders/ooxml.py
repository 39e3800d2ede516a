"""Word, Excel and PowerPoint documents (ECMA-376): nothing in them may act by itself, or fetch anything.

A package says of each part what it is, and how parts belong together. Both are read first; a part is then
judged by its content as well, whatever it is said to be.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vestibule.checks.decoders import office_parts
from vestibule.checks.decoders.targets import is_on_disk, leads_out, may_be_clicked
from vestibule.checks.decoders.xml_parts import Attributes, Look, Reader, active, local
from vestibule.checks.decoders.zip_records import unreadable
from vestibule.checks.decoders.zips import Archive, Member, begun
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.signatures import sniff

Read = Callable[[str, Iterable[bytes]], None]  # judge a part of this name, as XML
Nest = Callable[[Archive, Member, str], None]  # judge a document within, of this extension

TYPES = "[content_types].xml"
_FORMAT = "application/vnd.openxmlformats-officedocument"
MAIN = {  # ECMA-376 part 1, sections 11.3.10, 12.3.23, 13.3.6
    "docx": f"{_FORMAT}.wordprocessingml.document.main+xml",
    "xlsx": f"{_FORMAT}.spreadsheetml.sheet.main+xml",
    "pptx": f"{_FORMAT}.presentationml.presentation.main+xml",
}
WORKBOOK = f"{_FORMAT}.spreadsheetml.sheet"

# Words in the content type of a part, and ends of a relationship's type, that stand for what acts.
ACTING_TYPES = (
    *("macroenabled", "vbaproject", "vbadata", "activex", "oleobject", "macrosheet", "dialogsheet"),
    *("webextension", "attachedtoolbars", "ms-office.script"),
)
ACTING_RELATIONS = frozenset(
    "vbaproject wordvbadata vbaprojectsignature vbaprojectsignatureagile vbaprojectsignaturev3 control"
    " activexcontrolbinary oleobject afchunk subdocument frame xlmacrosheet xlintlmacrosheet dialogsheet"
    " webextension webextensiontaskpanes attachedtoolbars".split()
)
# Programs note where they once had these from. On the disk of whoever opens it nothing is there to fetch.
ON_DISK = frozenset(
    "attachedtemplate image externallinkpath xlpathmissing xlstartup xlalternatestartup xllibrary".split()
)
LONGEST_SETTINGS = 4 << 20  # bytes that a printer may keep in a workbook


def inspect(archive: Archive, extension: str, nest: Nest) -> None:
    """Raises `Refused`. `extension` is `docx`, `xlsx` or `pptx`."""
    package = Package.opened(archive)
    package.judge_main(extension)
    for member in archive.members:
        package.judge_part(member, nest)


@dataclass(slots=True)
class Package:
    """An opened package, its content types and relationships read."""

    archive: Archive
    defaults: dict[str, str] = field(default_factory=dict)  # by extension
    overrides: dict[str, str] = field(default_factory=dict)  # by name, in lower case, without the first /
    main: list[str] = field(default_factory=list)
    workbooks: set[str] = field(default_factory=set)  # parts that are a chart's own numbers

    @classmethod
    def opened(cls, archive: Archive) -> Package:
        package = cls(archive)
        package._read(TYPES, package._look_at_types)
        for member in archive.members:
            if member.name.lower().endswith(".rels"):
                package._read_relations(member.name)
        return package

    def type_of(self, name: str) -> str:
        """The content type of a part, in lower case; empty if it has none."""
        name = name.lower()
        return self.overrides.get(name) or self.defaults.get(name.rpartition(".")[2], "")

    def judge_main(self, extension: str) -> None:
        """It must have one main part, of the type that the file's name promises."""
        if len(self.main) != 1 or not self._has(self.main[0]):
            raise Refused("damaged", f"It has {len(self.main)} main parts.")
        kind = self.type_of(self.main[0])
        _judge_type(self.main[0], kind)
        if kind != MAIN[extension]:
            raise Refused("type_mismatch", f"It is {kind[:100]!r}, named .{extension}.")

    def judge_part(self, member: Member, nest: Nest) -> None:
        name, kind = member.name.lower(), self.type_of(member.name)
        if name.endswith(".piece"):  # ECMA-376 part 2, 9.1.3: one part in several members
            raise unreadable(f"{name!r} is a piece of a part.")
        if member.is_folder or name == TYPES:
            return
        _judge_type(name, kind)
        if name in self.workbooks:
            nest(self.archive, member, "xlsx")
        elif name.endswith((".xml", ".rels", ".vml", ".svg")) or kind.endswith(("+xml", "/xml")):
            office_parts.read(member.name, self.archive.chunks(member))
        else:
            judge_bytes(self.archive, member, kind, office_parts.read)

    def _has(self, name: str) -> bool:
        return any(member.name.lower() == name for member in self.archive.members)

    def _read(self, name: str, looks: Callable[[str], Look | None]) -> None:
        found = [member for member in self.archive.members if member.name.lower() == name.lower()]
        if not found:
            raise Refused("damaged", f"It has no {name!r}.")
        Reader(name, looks).read(self.archive.chunks(found[0]))

    def _look_at_types(self, name: str) -> Look | None:
        return {"Default": self._default, "Override": self._override}.get(local(name))

    def _default(self, name: str, attributes: Attributes) -> None:
        key = attributes.get("Extension", "").strip().lower().lstrip(".")
        self._say(self.defaults, key, attributes)

    def _override(self, name: str, attributes: Attributes) -> None:
        key = attributes.get("PartName", "").strip().lower().lstrip("/")
        _judge_type(key, self._say(self.overrides, key, attributes))

    def _say(self, known: dict[str, str], key: str, attributes: Attributes) -> str:
        kind = attributes.get("ContentType", "").split(";")[0].strip().lower()
        if known.setdefault(key, kind) != kind:
            raise unreadable(f"{key[:100]!r} has two content types.")
        return kind

    def _read_relations(self, name: str) -> None:
        """`word/_rels/document.xml.rels` holds those of `word/document.xml`."""
        folder, _, last = name.rpartition("_rels/")
        source = folder + last[: -len(".rels")]

        def look(element: str) -> Look | None:
            return self._relation(source) if local(element) == "Relationship" else None

        self._read(name, look)

    def _relation(self, source: str) -> Look:
        def look(name: str, attributes: Attributes) -> None:
            kind = attributes.get("Type", "").strip().rstrip("/").rpartition("/")[2].lower()
            target = attributes.get("Target", "")
            _judge_relation(source, kind, target, attributes.get("TargetMode", ""))
            if kind == "officedocument" and not source:
                self.main.append(_resolved(source, target))
            if kind == "package":
                self._contain(source, target)

        return look

    def _contain(self, source: str, target: str) -> None:
        """A document within: only the numbers of a chart, which are a workbook."""
        inner = _resolved(source, target)
        is_numbers = ".chart" in self.type_of(source) and self.type_of(inner) == WORKBOOK
        if not is_numbers:
            raise active(f"{source!r} has a document within, {target[:100]!r}.")
        self.workbooks.add(inner)


def _judge_type(name: str, kind: str) -> None:
    if found := next((word for word in ACTING_TYPES if word in kind), ""):
        raise active(f"{name[:100]!r} is {found}.")


def _judge_relation(source: str, kind: str, target: str, mode: str) -> None:
    """Links to pages and mails may lead out of the package, and nothing else."""
    is_out = mode.strip().lower() == "external" or leads_out(target)
    if kind == "hyperlink":
        if is_out and not may_be_clicked(target):
            raise active(f"{source!r} has a link to {target[:100]!r}.")
    elif kind in ACTING_RELATIONS or (is_out and not (kind in ON_DISK and is_on_disk(target))):
        raise active(f"{source!r} is tied to {kind[:40]!r} {target[:100]!r}.")


def _resolved(source: str, target: str) -> str:
    """The part's name, in lower case, without the first slash."""
    folder = "" if target.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join("/", folder, target.lstrip("/"))).lstrip("/").lower()


def judge_bytes(archive: Archive, member: Member, kind: str, read: Read) -> None:
    """A part that is said to be no XML may be a picture, sound, video, or what only its own program knows.

    What is XML all the same is read as such: programs go by what they expect, not by what it is called.
    """
    head, chunks = begun(archive.chunks(member))
    if _is_xml(head):
        read(member.name, chunks)
        return
    for _ in chunks:  # to the end: its size and checksum must be right
        pass
    sniffed = sniff(head)
    if sniffed == "application/pdf" and kind == sniffed:  # a picture, as Macs paste them
        return
    if sniffed not in {"", "text/plain"} and not sniffed.startswith(("image/", "video/", "audio/")):
        raise active(f"{member.name!r} is {sniffed}.")
    if "printersettings" in kind and member.size > LONGEST_SETTINGS:
        raise active(f"{member.name!r} is too large for settings of a printer.")


def _is_xml(head: bytes) -> bool:
    """Whether it begins like XML, in an encoding of one byte or two, and is no page of HTML."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start.startswith(b"<") and sniff(head) != "text/html"
