"""PDFs that act, are locked, or are no PDFs that anybody should open."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2

from tests.corpus.specimens import Maker, Received, Specimen, disarm, refuse
from tests.files.active_papers import ACTIVE, BOOM, JS, LAUNCH, LINK, field, linked, with_file
from tests.files.monsters import LOCKED
from tests.files.papers import paper, stream

# These tell about people, and do nothing: they are among the metadata.
TELLING = ("who wrote it", "who wrote it, in XML", "what its program kept", "what its program packed")

FORBIDDEN = set(
    "/JavaScript /JS /Launch /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /Sound /RichMedia"
    " /3D /Screen /FileAttachment /EmbeddedFile /EmbeddedFiles /EF /AF /AA /XFA /Collection /Filespec"
    " /Encrypt".split()
)


def is_disarmed(received: Received) -> str:
    """Whether nothing in the copy acts, and its reader still shows a page."""
    with pikepdf.open(io.BytesIO(received.safe)) as pdf:
        for item in pdf.objects:
            if found := FORBIDDEN.intersection(_names(item, 40)):
                return f"the copy has {min(found)}"
    with pypdfium2.PdfDocument(received.safe) as document:
        return "" if len(document) else "the copy has no page"


def _names(item: object, depth: int) -> set[str]:
    """Keys and names of an object and of what stands in it, without what it refers to."""
    if isinstance(item, pikepdf.Name):
        return {str(item)}
    if not depth or not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
        return set()
    is_list = isinstance(item, pikepdf.Array)
    keys = set() if is_list else {str(key) for key in item.keys()}  # noqa: SIM118  (its iteration is another)
    within = list(item) if is_list else [item[key] for key in keys]
    return keys.union(*(_names(each, depth - 1) for each in within if not _is_elsewhere(each)))


def _is_elsewhere(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


MORE: dict[str, Maker] = {
    "script of a layer": lambda: paper(
        catalogue=b"/OCProperties << /OCGs [6 0 R] /D << /AS [] >> >>",
        more=[b"<< /Type /OCG /Name (a) /Usage << /JS (BOOM-4711) /S /JavaScript >> >>"],
    ),
    "script when printed": lambda: paper(catalogue=b"/AA << /WP %s /DP %s >>" % (JS, JS)),
    "script when a page is shown": lambda: paper(page=b"/AA << /PV %s /PO %s >>" % (JS, JS)),
    "script when a field is left": lambda: field(b"/AA << /Bl %s /Fo %s >>" % (JS, JS)),
    "script in hexadecimal": lambda: linked(b"<< /S /JavaScript /JS <424F4F4D2D34373131> >>"),
    "script in UTF-16": lambda: linked(
        b"<< /S /JavaScript /JS (\xfe\xff\0B\0O\0O\0M\0-\0" + b"4\0" + b"7\0" + b"1\0" + b"1) >>"
    ),
    "program of another system": lambda: linked(
        b"<< /S /Launch /Unix << /F (/bin/sh) /P (-c BOOM-4711) >> >>"
    ),
    "program after a place": lambda: paper(
        catalogue=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next " + LAUNCH + b" >>"
    ),
    "form sent to a share": lambda: field(
        b"/A << /S /SubmitForm /F (\\\\\\\\198.51.100.7\\\\BOOM-4711) /Flags 4 >>"
    ),
    "link to a share by its scheme": lambda: linked(b"<< /S /URI /URI (smb://198.51.100.7/BOOM-4711) >>"),
    "link to a page of its own": lambda: linked(b"<< /S /URI /URI (data:text/html,BOOM-4711) >>"),
    "link with a line in it": lambda: linked(b"<< /S /URI /URI (java\\nscript:BOOM-4711) >>"),
    "thread of another file": lambda: linked(b"<< /S /Thread /F (BOOM-4711.pdf) /D 0 >>"),
    "hiding action with a script behind": lambda: linked(b"<< /S /Hide /T (a) /Next %s >>" % JS),
    "view in three dimensions": lambda: linked(b"<< /S /GoTo3DView /TA 6 0 R /V (BOOM-4711) >>"),
    "transition with a script behind": lambda: linked(b"<< /S /Trans /Trans << /S /Fade >> /Next %s >>" % JS),
    "script in a document part": lambda: paper(catalogue=b"/DPartRoot << /DPartRootNode 6 0 R >>", more=[JS]),
    "script of an alternate presentation": lambda: paper(
        catalogue=b"/Names << /AlternatePresentations << /Names [(a) 6 0 R] >> >>", more=[JS]
    ),
    "file in a rendition": lambda: with_file(
        b"/Names << /Renditions << /Names [(a) << /S /MR /C << /D 6 0 R >> >>] >> >>"
    ),
    "address of a capture": lambda: paper(
        catalogue=b"/SpiderInfo << /C [<< /URL (http://198.51.100.7/BOOM-4711) >>] >>"
    ),
    "page of the web": lambda: paper(
        catalogue=b"/Names << /URLS << /Names [(a) 6 0 R] >> >>", more=[stream(b"BOOM-4711")]
    ),
    "screen with a film": lambda: with_file(
        page=b"/Annots [<< /Type /Annot /Subtype /Screen /Rect [0 0 99 99] "
        b"/A << /S /Rendition /R << /S /MR /C << /S /MCD /D 6 0 R >> >> >> >>]"
    ),
    "script under a link's quad": lambda: paper(
        page=LINK % (b"/QuadPoints [0 0 9 0 0 9 9 9] /AA << /U %s /D %s >>" % (JS, JS))
    ),
}

PAPERS: tuple[Specimen, ...] = (
    *(
        disarm("pdf active", what, f"Document-{number:02}.pdf", make, BOOM, proof=is_disarmed)
        for number, (what, make) in enumerate(ACTIVE.items())
        if what not in TELLING
    ),
    *(
        disarm("pdf active", what, f"Order-{number:02}.pdf", make, BOOM, proof=is_disarmed)
        for number, (what, make) in enumerate(MORE.items())
    ),
    *(refuse("encrypted", f"a paper with {what}", "Payroll.pdf", make) for what, make in LOCKED.items()),
)
