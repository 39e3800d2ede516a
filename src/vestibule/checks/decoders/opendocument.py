"""OpenDocument texts, sheets and slides (ISO 26300): no scripts, no links that fetch, no other documents."""

from __future__ import annotations

from collections.abc import Iterable

from vestibule.checks.decoders import formulas, ooxml
from vestibule.checks.decoders.office_parts import OfficePart
from vestibule.checks.decoders.targets import may_be_clicked
from vestibule.checks.decoders.xml_parts import Attributes, Look, Reader, active, local, local_attributes
from vestibule.checks.decoders.zips import Archive, Member
from vestibule.checks.nursery.jobs import Refused

_ODF = "application/vnd.oasis.opendocument"
TYPES = {"odt": f"{_ODF}.text", "ods": f"{_ODF}.spreadsheet", "odp": f"{_ODF}.presentation"}
MIMETYPE, MANIFEST, CONTENT = "mimetype", "META-INF/manifest.xml", "content.xml"

SCRIPTS = ("basic/", "scripts/", "dialogs/", "database/", "meta-inf/macrosignatures.xml")
NEVER = frozenset(
    "applet object-ole floating-frame dde-source dde-connection dde-connection-decl dde-link script"
    " submission connection-resource encryption-data".split()
)
CLICKED = frozenset({"a", "event-listener", "button", "image-map-area", "area-rectangle", "area-circle"})
RUNNING = frozenset({"execute", "macro", "verb"})
SCRIPT = ("vnd.sun.star.script:", "vnd.sun.star.expand:")


def inspect(archive: Archive, extension: str) -> None:
    """Raises `Refused`. `extension` is `odt`, `ods` or `odp`."""
    _judge_type(archive, extension)
    for member in archive.members:
        name = member.name.lower()
        if name.startswith(SCRIPTS):
            raise active(f"{member.name!r} is a script.")
        if not member.size:  # folders, and keys that nobody changed
            continue
        if name.endswith((".xml", ".rdf", ".svg")):
            _read(member.name, archive.chunks(member))
        else:
            _judge_bytes(archive, member)


def _judge_type(archive: Archive, extension: str) -> None:
    """The type stands first, plain (part 2, section 3.3), and the manifest agrees (section 3.2)."""
    names = {member.name: member for member in archive.members}
    first = names.get(MIMETYPE)
    if first is None or MANIFEST not in names:
        raise Refused("damaged", "It has no type, or no manifest.")
    Manifest(TYPES[extension]).judge(archive, names[MANIFEST])
    if CONTENT not in names:
        raise Refused("damaged", "It has no content.")
    said = b"".join(archive.chunks(first)) if first.size < 100 else b""
    if first.start != 38 or said.decode("latin-1").strip() != TYPES[extension]:
        raise Refused("type_mismatch", f"It says that it is {said!r}, named .{extension}.")


class Manifest:
    """The list of what is inside, which also says whether it is locked."""

    def __init__(self, content_type: str) -> None:
        self.content_type = content_type
        self.says = ""

    def judge(self, archive: Archive, member: Member) -> None:
        Reader(member.name, self._look).read(archive.chunks(member))
        if self.says != self.content_type:
            raise Refused("type_mismatch", f"Its manifest says that it is {self.says[:100]!r}.")

    def _look(self, name: str) -> Look | None:
        return {"encryption-data": self._locked, "file-entry": self._entry}.get(local(name))

    def _locked(self, name: str, attributes: Attributes) -> None:
        raise Refused("encrypted", "Its manifest says that it is locked.", outcome="encrypted")

    def _entry(self, name: str, attributes: Attributes) -> None:
        entry = local_attributes(attributes)
        kind = entry.get("media-type", "").lower()
        if entry.get("full-path") == "/":
            self.says = kind
        if "oleobject" in kind or "macro" in kind or kind == "application/binary-script":
            raise active(f"Its manifest has {kind[:100]!r}.")


def _read(part: str, chunks: Iterable[bytes]) -> None:
    OpenPart(part).read(chunks)


class OpenPart(OfficePart):
    """One XML part of an OpenDocument. Every element is looked at: links may hang on any of them."""

    def _look(self, name: str) -> Look | None:
        if local(name).lower() in NEVER:
            return self._never
        space = name.rpartition(" ")[0]
        if space.endswith("/svg"):  # a drawing; their own svg:* is another namespace
            return self._svg
        if local(name) == "event-listener" and ":script:" in space:
            return self._never
        if local(name) == "auto-reload":
            return self._reload
        return self._any

    def _reload(self, name: str, attributes: Attributes) -> None:
        if any(value for key, value in attributes.items() if local(key) == "href"):
            raise active(f"{self.part!r} loads another page after a while.")

    def _any(self, name: str, attributes: Attributes) -> None:
        for key, value in attributes.items():
            attribute = local(key)
            if attribute == "href":
                self._link(local(name), value)
            elif attribute in {"formula", "condition", "expression"}:
                formulas.judge(value, self.part)
            elif attribute in {"macro-name", "action"} and (
                attribute == "macro-name" or value.strip().lower() in RUNNING
            ):
                raise active(f"{self.part!r} has a button that runs {value[:60]!r}.")
            elif value.lower().startswith(SCRIPT):
                raise active(f"{self.part!r} has a script, {value[:60]!r}.")

    def _link(self, element: str, target: str) -> None:
        if element in CLICKED or element.startswith("area-"):
            is_harmless = may_be_clicked(target)
        elif element == "template":  # where its maker has the template: nothing is fetched from there
            is_harmless = not target.startswith(("http:", "https:", "ftp:", "\\", "//", "file:////", "smb:"))
        else:
            is_harmless = _is_inside(target)
        if not is_harmless or target.lower().startswith(SCRIPT):
            raise active(f"{self.part!r} has {element} from {target[:100]!r}.")


def _is_inside(target: str) -> bool:
    """Whether a reference stays within the package."""
    path = target.strip().replace("\\", "/")
    return not path.startswith(("/", "../")) and "/../" not in path and ":" not in path.split("#")[0]


def _judge_bytes(archive: Archive, member: Member) -> None:
    is_small_page = member.name.lower() == "thumbnails/thumbnail.pdf"  # of OpenOffice 3
    ooxml.judge_bytes(archive, member, "application/pdf" if is_small_page else "", _read)
