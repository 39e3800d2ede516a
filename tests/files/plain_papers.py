"""PDFs that do no harm, each with something that a careless guard would break or refuse."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import partial

import pikepdf

from tests.files.active_papers import GOTO, LINK, in_object_streams, locked_for_editing
from tests.files.papers import TEXT, packed, paper, pdf, stream, updated
from tests.files.pictures import jpeg_with_gps, scene

TALK = b"BT /F1 14 Tf 72 700 Td (Beware of /JavaScript, /JS, /OpenAction << /S /Launch >> and /AA) Tj ET"
SITE = b"/A << /S /URI /URI (https://shop.example/orders?id=7) >>"
FORM = b"/AcroForm << /Fields [6 0 R 7 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> >>"
DRAWN = b"<< /Subtype /Form /BBox [0 0 220 30] /Resources << /Font << /F1 5 0 R >> >> /Length %d >>"
BOX = b"<< /Type /XObject /Subtype /Form /BBox [0 0 20 20] /Length %d >>"


def form(state: bytes = b"/Yes") -> bytes:
    """A field that was filled in, and a box that is ticked."""
    name, tick = b"BT /F1 12 Tf 2 8 Td (Ada Lovelace) Tj ET", b"2 2 16 16 re f"
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada Lovelace) /DA (/F1 12 Tf 0 g) /F 4 "
        b"/Rect [72 600 292 630] /AP << /N 8 0 R >> >>"
    )
    box = (
        b"<< /Type /Annot /Subtype /Widget /FT /Btn /T (agreed) /V %s /AS %s /F 4 /Rect [72 560 92 580] "
        b"/AP << /N << %s 9 0 R /Off 10 0 R >> >> >>" % (state, state, state)
    )
    looks = [_stream(DRAWN, name), _stream(BOX, tick), _stream(BOX, b"")]
    return paper(catalogue=FORM, page=b"/Annots [6 0 R 7 0 R]", more=[field, box, *looks])


def signed() -> bytes:
    """What the signature looks like is on the page; what it is worth ends with any change."""
    name = b"BT /F1 12 Tf 2 8 Td (signed: Ada Lovelace) Tj ET 0 0 220 2 re f"
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /V 7 0 R /F 132 /Rect [72 600 292 630] "
        b"/AP << /N 8 0 R >> >>"
    )
    value = b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 9 9 9] /Contents <3082> >>"
    catalogue = b"/AcroForm << /Fields [6 0 R] /SigFlags 3 >> /Perms << /DocMDP 7 0 R >>"
    return paper(catalogue=catalogue, page=b"/Annots [6 0 R]", more=[field, value, _stream(DRAWN, name)])


def headings() -> bytes:
    """Four of them, by a destination, by an action, and to a site."""
    root = b"<< /Type /Outlines /First 7 0 R /Last 10 0 R /Count 4 >>"
    how = [b"/Dest [3 0 R /Fit]", b"/A << /S /GoTo /D [3 0 R /XYZ 0 842 0] >>", b"/Dest (here)", SITE]
    items = [
        b"<< /Title (Part %d) /Parent 6 0 R %s %s %s >>"
        % (
            number,
            b"/Prev %d 0 R" % (number + 6) if number else b"",
            b"/Next %d 0 R" % (number + 8) if number < 3 else b"",
            goal,
        )
        for number, goal in enumerate(how)
    ]
    catalogue = (
        b"/Outlines 6 0 R /PageMode /UseOutlines /Names << /Dests << /Names [(here) [3 0 R /Fit]] >> >>"
    )
    return paper(catalogue=catalogue, more=[root, *items])


def tagged() -> bytes:
    """With a tree for screen readers, whose elements have attributes under /A and kinds under /S."""
    text = b"/P << /MCID 0 >> BDC " + TEXT + b" EMC"
    element = b"<< /Type /StructElem /S /P /P 6 0 R /K 0 /Pg 3 0 R /A [<< /O /Layout /TextAlign /End >> 0] >>"
    tree = (
        b"<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [7 0 R]] >> /RoleMap << /Sound /P >> >>"
    )
    catalogue = b"/StructTreeRoot 6 0 R /MarkInfo << /Marked true >> /Lang (en)"
    return paper(catalogue=catalogue, page=b"/StructParents 0", text=text, more=[tree, element])


def layered() -> bytes:
    """A layer that is switched off, and a link that switches it."""
    catalogue = b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >>"
    text = TEXT + b" /OC /L BDC 1 0 0 rg 0 0 595 400 re f EMC"
    resources = b"/Resources << /Font << /F1 5 0 R >> /Properties << /L 6 0 R >> >> "
    link = LINK % b"/A << /S /SetOCGState /State [/Toggle 6 0 R] >>"
    return paper(
        catalogue=catalogue, page=resources + link, text=text, more=[b"<< /Type /OCG /Name (Plan) >>"]
    )


def photo(wrapped: bool = False) -> bytes:
    """A photo that fills the page. `wrapped`: in letters, as some writers do."""
    picture = jpeg_with_gps(1600, 1200)
    how = b"[/ASCII85Decode /DCTDecode]" if wrapped else b"/DCTDecode"
    content = base64.a85encode(picture) + b"~>" if wrapped else picture
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 1600 /Height 1200 /ColorSpace /DeviceRGB "
        b"/BitsPerComponent 8 /Filter %s /Length %d >>\nstream\n%s\nendstream" % (how, len(content), content)
    )
    return _with_image(image)


def large_picture() -> bytes:
    """Eight million pixels, packed as scanners do."""
    image = scene(3264, 2448).tobytes()
    head = (
        b"/Type /XObject /Subtype /Image /Width 3264 /Height 2448 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    return _with_image(packed(image, head))


def _with_image(image: bytes) -> bytes:
    return paper(
        page=b"/Resources << /XObject << /Im1 6 0 R >> /Font << /F1 5 0 R >> >>",
        text=b"q 451 0 0 338 72 300 cm /Im1 Do Q " + TEXT,
        more=[image],
    )


def comments() -> bytes:
    """A highlight and a note, as reviewers leave them."""
    light = (
        b"<< /Type /Annot /Subtype /Highlight /C [1 1 0] /QuadPoints [72 740 500 740 72 690 500 690] "
        b"/Rect [72 690 500 740] /AP << /N 6 0 R >> >>"
    )
    note = b"<< /Type /Annot /Subtype /Text /Contents (Please pay) /Rect [300 500 320 520] >>"
    look = _stream(
        b"<< /Type /XObject /Subtype /Form /BBox [72 690 500 740] /Length %d >>",
        b"1 1 0 rg 72 690 50 50 re f",
    )
    return paper(page=b"/Annots [%s %s]" % (light, note), more=[look])


def linearised() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(pages=3))) as document:
        document.save(output, linearize=True)
    return output.getvalue()


def twice_saved() -> bytes:
    text = stream(TEXT.replace(b"2026-001", b"2026-002"))
    return updated(updated(paper(), {4: text}), {4: text.replace(b"-002", b"-003")})


def _stream(head: bytes, content: bytes) -> bytes:
    return head % len(content) + b"\nstream\n" + content + b"\nendstream"


PLAIN: dict[str, Callable[[], bytes]] = {
    "one page": paper,
    "many pages": partial(pdf, pages=40),
    "a page about scripts": partial(paper, text=TALK),
    "a form": form,
    "a signature": signed,
    "headings": headings,
    "a tagged document": tagged,
    "layers": layered,
    "a link to a site": lambda: paper(page=LINK % SITE),
    "a link to write to": lambda: paper(page=LINK % b"/A << /S /URI /URI (mailto:help@shop.example) >>"),
    "a link to the next page": lambda: paper(page=LINK % b"/A << /S /Named /N /NextPage >>"),
    "opens at a place": lambda: paper(catalogue=b"/OpenAction [3 0 R /XYZ 0 842 1]"),
    "opens by an action at a place": lambda: paper(catalogue=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
    "one action after the other": lambda: paper(catalogue=b"/OpenAction " + GOTO % (GOTO % b"[]")),
    "numbers of pages": lambda: paper(catalogue=b"/PageLabels << /Nums [0 << /S /r /St 4 >>] >>"),
    "a page that fades in": lambda: paper(page=b"/Trans << /Type /Trans /S /Dissolve >> /Dur 5"),
    "a turned and cropped page": lambda: paper(page=b"/Rotate 90 /CropBox [50 50 500 800]"),
    "a transparent page": lambda: paper(page=b"/Group << /S /Transparency /CS /DeviceRGB >>"),
    "a photo": photo,
    "a photo in letters": partial(photo, wrapped=True),
    "a large picture": large_picture,
    "comments": comments,
    "a linearised document": linearised,
    "object streams": lambda: in_object_streams(pdf(pages=3)),
    "locked for editing": lambda: locked_for_editing(form()),
    "saved twice": twice_saved,
    "bytes around": lambda: pdf(head=b"\n\n", tail=b"\r\n\0\0"),
    "names in other letters": lambda: form(b"/Wei#DF"),
    "a broken table": lambda: pdf(pages=2).replace(b"startxref\n", b"startxref\n9"),
    "a picture packed by length": lambda: _with_image(
        packed(
            bytes(range(256)) * 48,
            b"/Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceRGB /BitsPerComponent 8",
        )
    ),
}
