"""Names that systems and people give in good faith."""

from __future__ import annotations

import unicodedata

from tests.corpus.specimens import Received, Specimen, accept
from tests.files import jpeg_with_gps, pdf


def small_photo() -> bytes:
    return jpeg_with_gps(96, 72)


NAMES_OF_PHOTOS = (
    "Screenshot 2026-05-01 at 9.41.00\u202fAM.png",
    "Bildschirmfoto 2026-05-01 um 09.41.00.png",
    "Capture d\u2019\u00e9cran 2026-05-01 \u00e0 09.41.00.png",
    "IMG_2041 (1).JPG",
    "IMG-20260501-WA0001.jpeg",
    "photo.png.jpg",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 family.jpg",
    "\U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd.jpg",
    "\u5199\u771f.jpg",
    "\u05ea\u05de\u05d5\u05e0\u05d4.jpg",
    "\u0635\u0648\u0631\u0629.jpg",
    "\u0646\u0627\u0645\u0647\u200c\u0647\u0627.jpg",
    "\u0e20\u0e32\u0e1e.jpg",
    unicodedata.normalize("NFD", "\u00dcbergr\u00f6\u00dfe.jpg"),
    "100% wolle.jpg",
    "what's this.jpg",
    "a&b=c.jpg",
    "#1.jpg",
    "-rf.jpg",
    "~backup.jpg",
    "_DSC0001.JPG",
    "a,b;c.jpg",
    "[draft] {final} (2).jpg",
    "$(date).jpg",
    "photo  with   spaces.jpg",
    "x" * 160 + ".jpg",
    "\u6f22" * 80 + ".jpg",
    "console.jpg",
    "auxiliary.jpg",
    "com.jpg",
    "Nuller.jpg",
    "P.S..jpg",
    "..thumb.jpg",
    "2026.05.01.jpg",
    "v1.2.3-beta.jpg",
)

NAMES_OF_PAPERS = (
    "report.v2.final.pdf",
    "example.com.pdf",
    "www.shop.example.pdf",
    "node.js.pdf",
    "letter.docx.pdf",
    "Rechnung Nr. 2026-118.pdf",
    "Invoice_No._2026.PDF",
    "R\u00e9sum\u00e9 (English).pdf",
    "\u0414\u043e\u0433\u043e\u0432\u043e\u0440 \u2116 5.pdf",
    "\u8acb\u6c42\u66f8.pdf",
    "Terms & Conditions.pdf",
    "Q1+Q2.pdf",
    "scan@office.pdf",
    "E-Mail vom 1. Mai, 9:41 Uhr.pdf",
    "invoice.pdf.pdf",
    "backup.2026.tar.pdf",
    "Setup instructions.pdf",
    "batch 12.pdf",
    "Mr. Com.pdf",
)


def keeps_its_ending(received: Received) -> str:
    """Whether the name that others see ends as it did, and says something."""
    name = received.media.filename
    stem, _, ending = name.rpartition(".")
    return "" if stem and ending.lower() in {"jpg", "jpeg", "png", "pdf"} else f"it is shown as {name!r}"


NAMES: tuple[Specimen, ...] = (
    *(
        accept(
            "name",
            f"a photo's name {number}",
            name,
            small_photo,
            proof=keeps_its_ending,
            declared="image/jpeg",
        )
        for number, name in enumerate(NAMES_OF_PHOTOS)
    ),
    *(
        accept("name", f"a paper's name {number}", name, pdf, proof=keeps_its_ending)
        for number, name in enumerate(NAMES_OF_PAPERS)
    ),
)
