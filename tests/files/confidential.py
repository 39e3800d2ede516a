"""Files that hold a card number, as people send them. The number is one that networks publish for tests."""

from __future__ import annotations

import zipfile

from tests.files.archives import Maker, packed
from tests.files.office import A, open_document, paragraph, sheet_document, slide_document, word_document
from tests.files.papers import paper, pdf, stream, written

CARD = "4111 1111 1111 1111"
IBAN = "DE89 3704 0044 0532 0130 00"
LETTER = f"Dear team,\nplease charge my card {CARD}, thank you.\n"


def _word() -> bytes:
    """Word cuts a number into runs wherever somebody typed again."""
    runs = "".join(
        f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"
        for text in ("my card 4111 11", "11 ", "1111 1111")
    )
    return word_document(f"{paragraph('Hello')}<w:p>{runs}</w:p>{paragraph('1234')}").written()


def _sheet() -> bytes:
    cells = f"<c r='A1' t='inlineStr'><is><t>{CARD}</t></is></c><c r='B1'><v>12</v></c>"
    return sheet_document(cells).written()


def _sheet_of_numbers() -> bytes:
    return sheet_document("<c r='A1'><v>4111111111111111</v></c><c r='B1'><v>2028</v></c>").written()


def _slides() -> bytes:
    text = f"<p:sp><p:txBody><a:p xmlns:a='{A}'><a:r><a:t>{CARD}</a:t></a:r></a:p></p:txBody></p:sp>"
    return slide_document(text).written()


def _open_document() -> bytes:
    return open_document("<text:p>4111<text:s/>1111<text:s/><text:span>1111 11</text:span>11</text:p>")


def second_page() -> bytes:
    """A PDF with the number on its second page."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
    fonts = b" /Resources << /Font << /F1 3 0 R >> >> >>"
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [6 0 R 7 0 R] /Count 2 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(b"BT /F1 12 Tf 72 700 Td (Order 2026-001) Tj ET"),
            stream(b"BT /F1 12 Tf 72 700 Td (Card: %s) Tj ET" % CARD.encode()),
            page % 4 + fonts,
            page % 5 + fonts,
        ]
    )


def filled_in() -> bytes:
    """A PDF form in which the number was filled in."""
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (card) /V (%s) /DA (/F1 12 Tf 0 g) /F 4 "
        b"/Rect [72 600 292 630] >>" % CARD.encode()
    )
    catalogue = b"/AcroForm << /Fields [6 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> >>"
    return paper(catalogue=catalogue, page=b"/Annots [6 0 R]", more=[field])


def _inner(name: str, content: bytes) -> Maker:
    return lambda: packed({"readme.txt": b"Hello.\n", name: content}, zipfile.ZIP_STORED)


# By name: the extension, how it is made, and where staff are told that it is.
CONFIDENTIAL: dict[str, tuple[str, Maker, str]] = {
    "text": ("txt", LETTER.encode, "line 2"),
    "text of Windows": ("txt", lambda: LETTER.replace("\n", "\r\n").encode("utf-16"), "line 2"),
    "table": ("csv", lambda: b"name,card\nAda,4111-1111-1111-1111\n", "line 2"),
    "old text": ("txt", lambda: "Größe\n4111\u00a01111\u00a01111\u00a01111".encode("windows-1252"), "line 2"),
    "PDF": ("pdf", second_page, "page 2"),
    "PDF form": ("pdf", filled_in, "forms and notes"),
    "letter": ("docx", _word, "the document"),
    "sheet": ("xlsx", _sheet, "sheet 1"),
    "sheet of numbers": ("xlsx", _sheet_of_numbers, "sheet 1"),
    "slides": ("pptx", _slides, "slide 1"),
    "open document": ("odt", _open_document, "the document"),
    "text in a zip": ("zip", _inner("a.txt", LETTER.encode()), "member 2"),
    "PDF in a zip": ("zip", _inner("a.pdf", second_page()), "page 2"),
    "letter in a zip": ("zip", _inner("a.docx", _word()), "member 2, the document"),
    "zip in a zip": ("zip", _inner("a.zip", packed({"b.csv": LETTER.encode()})), "member 2, member 1"),
}
HARMLESS: dict[str, tuple[str, Maker]] = {
    "letter": ("docx", lambda: word_document().written()),
    "sheet": ("xlsx", lambda: sheet_document().written()),
    "PDF": ("pdf", pdf),
    "zip": ("zip", lambda: packed({"a.txt": b"Hello.\n"})),
    "text": ("txt", lambda: b"Order 4532015112830366 came on 2026-11-24.\n"),
}
