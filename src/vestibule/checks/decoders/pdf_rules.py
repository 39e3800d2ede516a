"""What may not be in a PDF that we hand on, told of one dictionary or array at a time. ISO 32000-2.

Where a thing can act, only what is known to be harmless stays: actions, annotations, the catalogue, pages.
Elsewhere what is known to be active goes, wherever it hangs: a reader may find it by another way than we do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pikepdf import Object, ObjectType

DICTIONARY, STREAM, ARRAY = ObjectType.dictionary, ObjectType.stream, ObjectType.array
DICTIONARIES = (DICTIONARY, STREAM)
CONTAINERS = (DICTIONARY, STREAM, ARRAY)
NOTHING = (None, ObjectType.null)  # what a writer leaves out

# Keys that go from every dictionary.
KEYS = frozenset(
    "/AA /AF /AlternatePresentations /CreatorInfo /EF /EmbeddedFiles /JS /JavaScript /LastModified /Metadata "
    "/OPI /PieceInfo /PresSteps /Renditions /RichMedia /RichMediaContent /RichMediaExecute "
    "/RichMediaSettings /XFA".split()
)
STREAM_KEYS = frozenset(  # data from another file, 7.3.8.2 and 8.10.4; programs for printers
    "/F /FFilter /FDecodeParms /Ref /PS /Subtype2".split()
)
SIGNATURE_KEYS = frozenset("/V /Lock /SV".split())  # a signature ends with the bytes that it signed
NO_KEYS: frozenset[str] = frozenset()
ACTION_PLACES = frozenset("/A /PA /OpenAction".split())

ACTIONS = frozenset("/GoTo /URI /Named /SetOCGState /ResetForm".split())
BAD_ACTIONS = frozenset(
    "/JavaScript /Launch /SubmitForm /ImportData /GoToR /GoToE /GoToDp /Rendition /Movie /Sound /Thread "
    "/RichMediaExecute /GoTo3DView /Hide /Trans /SetState /NOP /FDF".split()
)
NAMED = frozenset("/NextPage /PrevPage /FirstPage /LastPage".split())  # and not /Print, /SaveAs, /Quit
LINK = re.compile(rb"(?:https?|mailto|tel):[^\x00-\x1f\x7f]*", re.IGNORECASE)

ANNOTATIONS = frozenset(
    "/Text /Link /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly "
    "/StrikeOut /Caret /Stamp /Ink /Popup /Widget /Watermark /Redact /PrinterMark".split()
)
BAD_SUBTYPES = frozenset("/FileAttachment /RichMedia /Movie /Sound /Screen /3D /PS".split())
BAD_TYPES = frozenset(
    "/EmbeddedFile /Filespec /Metadata /Rendition /MediaClip /MediaPlayers /MediaPlayParams /3D /3DView "
    "/Sig /DocTimeStamp /SigRef /Collection".split()
)

CATALOGUE = frozenset(
    "/Type /Version /Extensions /Pages /PageLabels /Names /Dests /ViewerPreferences /PageLayout /PageMode "
    "/Outlines /OpenAction /AcroForm /StructTreeRoot /MarkInfo /Lang /OutputIntents /OCProperties".split()
)
NAMES = frozenset({"/Dests"})
FORM = frozenset("/Fields /NeedAppearances /DR /DA /Q".split())
PAGE = frozenset(
    "/Type /Parent /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /BoxColorInfo /Contents /Rotate "
    "/Group /Annots /StructParents /Tabs /UserUnit /VP /Dur /Trans".split()
)
TRAILER = frozenset(  # a table's and a stream's, 7.5.5 and 7.5.8; all but the root are the writer's own
    "/Root /Size /Prev /Encrypt /ID /Type /W /Index /Length /Filter /DecodeParms /XRefStm".split()
)
PAGE_MODES = frozenset("/UseNone /UseOutlines /UseThumbs /UseOC".split())  # and not /FullScreen


def offences(node: Object) -> Iterator[str | int]:
    """The keys of a dictionary, or the places in an array, that have to go."""
    if kind(node) == ARRAY:
        values = enumerate(node.as_list())
        return (place for place, value in values if is_active(value))
    return _of_dictionary(node)


def _of_dictionary(node: Object) -> Iterator[str]:
    own = SIGNATURE_KEYS if name(node, "/FT") == "/Sig" else NO_KEYS
    own = own | STREAM_KEYS if kind(node) == STREAM else own
    follows = "/Next" if name(node, "/S") in ACTIONS else ""
    for key, value in node.items():
        if kind(value) in NOTHING:
            continue
        if key in KEYS or key in own:
            yield key
        elif kind(value) not in CONTAINERS:
            continue
        elif is_active(value) or _is_bad_action(key, value) or (follows == key and not _all_good(value)):
            yield key


def kind(value: object) -> ObjectType | None:
    """What a value is; None for the nothing that may stand in an array."""
    return getattr(value, "_type_code", None)


def of_catalogue(node: Object) -> Iterator[str]:
    """As `offences`, by the list of what a catalogue may have."""
    yield from besides(node, CATALOGUE)
    if "/PageMode" in node and name(node, "/PageMode") not in PAGE_MODES:
        yield "/PageMode"


def besides(node: Object, allowed: frozenset[str]) -> Iterator[str]:
    """The keys that are not on the list."""
    return (str(key) for key in node if key not in allowed and key in node)


def is_active(value: Object) -> bool:
    """Whether it is, by its own account, something that acts, plays, holds a file, or describes."""
    if kind(value) not in DICTIONARIES:
        return False
    if name(value, "/Type") in BAD_TYPES or name(value, "/S") in BAD_ACTIONS:
        return True
    subtype = name(value, "/Subtype")
    if subtype in BAD_SUBTYPES or (subtype and subtype not in ANNOTATIONS and "/Rect" in value):
        return True
    return name(value, "/S") in ACTIONS and not _is_good_action(value)


def name(node: Object, key: str) -> str:
    """The name that stands there; empty for anything else."""
    if key not in node:  # asking first is six times faster than getting nothing
        return ""
    return spelled(node.get(key))


def spelled(value: Object | None) -> str:
    """A name in letters; whatever cannot be one of ours, as long as it is told from them."""
    return bytes(value).decode("ascii", "replace") if kind(value) == ObjectType.name_ else ""  # type: ignore[arg-type]


def _is_bad_action(key: str, value: Object) -> bool:
    """By its place: what stands where an action does is one on the list, or no action at all."""
    if key not in ACTION_PLACES:
        return False
    if kind(value) == ARRAY:  # a destination, or the attributes of a structure element
        return key == "/PA" or any(is_action(item) for item in value.as_list())
    if "/S" in value:
        return not _is_good_action(value)
    return key != "/A"


def is_action(value: Object) -> bool:
    """Whether a reader could take it for an action."""
    return kind(value) in DICTIONARIES and "/S" in value


def _all_good(value: Object) -> bool:
    """Whether all that is to be done next is on the list."""
    items = value.as_list() if kind(value) == ARRAY else [value]
    return all(is_action(item) and _is_good_action(item) for item in items)


def _is_good_action(action: Object) -> bool:
    match name(action, "/S"):
        case "/URI":
            return _is_good_link(action.get("/URI"))
        case "/Named":
            return name(action, "/N") in NAMED
        case other:
            return other in ACTIONS and "/F" not in action


def _is_good_link(link: Object | None) -> bool:
    return (
        link is not None
        and kind(link) == ObjectType.string
        and LINK.fullmatch(bytes(link).strip()) is not None
    )
