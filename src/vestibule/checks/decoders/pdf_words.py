"""What was taken out of a PDF, in plain words for staff, and whether it could have acted."""

from __future__ import annotations

from typing import Any

from pikepdf import Object

from vestibule.checks.decoders import pdf_rules as rules

# Names of keys, types, kinds of actions and of annotations. ISO 32000-2.
ACTIVE: dict[str, str] = {
    word: plain
    for plain, words in {
        "scripts": "/JS /JavaScript",
        "actions that start by themselves": "/AA /OpenAction",
        "actions that start a program": "/Launch",
        "forms that send themselves": "/SubmitForm /ImportData /FDF",
        "links into other files": "/GoToR /GoToE /GoToDp /Thread",
        "links to neither a page nor a mail": "/URI",
        "files within": "/EF /EmbeddedFiles /EmbeddedFile /AF /Filespec /FileAttachment /Collection",
        "XFA forms": "/XFA",
        "video, sound or 3D": (
            "/Rendition /Renditions /Movie /Sound /Screen /3D /3DView /GoTo3DView /RichMedia "
            "/RichMediaContent /RichMediaExecute /RichMediaSettings /AlternatePresentations "
            "/MediaClip /MediaPlayers /MediaPlayParams /PresSteps /Trans"
        ),
        "data that lie in other files": "/F /FFilter /FDecodeParms /Ref /OPI",
        "programs for printers": "/PS /Subtype2",
        "actions of other kinds": "/Hide /SetState /NOP /Named /Next /A /PA",
    }.items()
    for word in words.split()
}
PASSIVE: dict[str, str] = {
    word: plain
    for plain, words in {
        "what tells who made it": "/Info /Metadata /PieceInfo /CreatorInfo /LastModified /Thumb",
        "signatures": "/V /Lock /SV /Sig /DocTimeStamp /SigRef /SigFlags /Perms /DSS /Legal",
        "full screen": "/PageMode",
    }.items()
    for word in words.split()
}
MERE_PLACES = frozenset("/A /PA /Next".split())  # what stands there says more than that it stands there
UNLISTED = "entries of other kinds"  # of the catalogue or a page; nothing that is known to act
UNKNOWN = "actions or annotations of unknown kinds"


class Removed:
    """Gathers what was taken out, each word once."""

    def __init__(self) -> None:
        self.active: set[str] = set()
        self.passive: set[str] = set()

    def see(self, node: Object, place: Any) -> None:
        """One entry of a dictionary or array that is about to go."""
        value = node[place]
        own = _kinds(value)
        key = place if isinstance(place, str) else ""
        words = {ACTIVE[name] for name in own if name in ACTIVE}
        if key in ACTIVE and (not words or key not in MERE_PLACES):
            words.add(ACTIVE[key])
        if words:
            self.active |= words
        elif passive := next((PASSIVE[name] for name in (*own, key) if name in PASSIVE), ""):
            self.passive.add(passive)
        elif rules.is_active(value):
            self.active.add(UNKNOWN)
        else:
            self.passive.add(UNLISTED)


def _kinds(value: Object) -> list[str]:
    """What an entry, or each of an array's, says that it is."""
    values = value.as_list() if rules.kind(value) == rules.ARRAY else [value]
    dictionaries = [item for item in values if rules.kind(item) in rules.DICTIONARIES]
    return [rules.name(item, key) for item in dictionaries for key in ("/S", "/Subtype", "/Type")]
