"""Papers, letters, sheets, slides and archives of every day."""

from __future__ import annotations

import io
import random
import zipfile

import pikepdf
import pypdfium2

from tests.corpus.specimens import Maker, Received, Specimen, accept, declared_as
from tests.files import jpeg_with_gps, mp3, mp4, pdf, photo_12_megapixels, png_with_text, voice_note
from tests.files.archives import GOOD_ARCHIVES, packed
from tests.files.cache import cached
from tests.files.good_office import GOOD
from tests.files.office import (
    cell,
    paragraph,
    sheet,
    sheet_document,
    slide_document,
    slides,
    word,
    word_document,
)
from tests.files.papers import paper
from tests.files.plain_papers import LINK, PLAIN
from tests.files.zip_writer import UTF_8, Entry, zipped


def shows_every_page(received: Received) -> str:
    """Whether the copy has as many pages as the original."""
    with pypdfium2.PdfDocument(received.original) as before, pypdfium2.PdfDocument(received.safe) as after:
        return "" if len(before) == len(after) else f"{len(before)} pages became {len(after)}"


def is_as_it_came(received: Received) -> str:
    return "" if received.safe == received.original else "it was changed"


def _saved(**options: object) -> bytes:
    """By a common writer, in one of its ways."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(pages=4))) as document:
        document.save(output, **options)  # type: ignore[arg-type]
    return output.getvalue()


def _of_pictures() -> bytes:
    """As phones scan: each page a photo."""
    from PIL import Image

    from tests.files.pictures import scene

    pages = [scene(1240, 1754).rotate(turn) for turn in (0, 2, 358)]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    assert Image
    return file.getvalue()


def _of_plots() -> bytes:
    """As a program for science draws it, with fonts of its own."""

    def make() -> bytes:
        import matplotlib as mpl

        mpl.use("agg")
        from matplotlib import pyplot

        figure, axes = pyplot.subplots()
        axes.plot(range(9), [n * n for n in range(9)])
        axes.set_title("Sales, in thousands")
        file = io.BytesIO()
        figure.savefig(file, format="pdf")
        pyplot.close(figure)
        return file.getvalue()

    return cached("plot.pdf", make)


MORE_PAPERS: dict[str, Maker] = {
    "three hundred pages": lambda: pdf(pages=300),
    "two thousand pages": lambda: pdf(pages=2000),
    "in the old version": lambda: _saved(force_version="1.3"),
    "in the new version": lambda: _saved(force_version="2.0"),
    "with packed objects": lambda: _saved(
        object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True
    ),
    "without packing": lambda: _saved(
        compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable
    ),
    "for the web": lambda: _saved(linearize=True),
    "from a phone's scanner": _of_pictures,
    "from a program for science": _of_plots,
    "as large as a poster": lambda: pdf(size=(3370, 4768)),
    "as small as a label": lambda: pdf(size=(80, 40)),
    "with a link to write and to call": lambda: paper(
        page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (tel:+4930123456) >> >>"
        b"<< /Subtype /Link /Rect [9 9 19 19] /A << /S /URI /URI (mailto:a@shop.example?subject=Hi) >> >>]"
    ),
    "that speaks of viruses": lambda: paper(
        text=b"BT /F1 12 Tf 72 700 Td (/EmbeddedFile /Launch cmd.exe MZ PK EICAR) Tj ET"
    ),
    "with a link to a paper of the web": lambda: paper(
        page=LINK % b"/A << /S /URI /URI (https://shop.example/terms.pdf#page=2) >>"
    ),
    "with a last line of its own": lambda: pdf(tail=b"\r\n% printed by the office\r\n"),
}


def _much_text() -> bytes:
    return word_document(
        "".join(paragraph(f"Paragraph {n}: all is well, thank you.") for n in range(6000))
    ).written()


def _large_letter() -> bytes:
    """With photos of eight megabytes in all."""
    document = word_document()
    for number in range(4):
        document.tie("word/document.xml", "image", f"media/image{number}.jpeg")
        document.part(f"word/media/image{number}.jpeg", photo_12_megapixels())
    return document.written(method=zipfile.ZIP_STORED)


def _sheet_of_numbers() -> bytes:
    return sheet_document("".join(f'<c r="A{n}"><v>{n}</v></c>' for n in range(60_000))).written()


def _many_slides() -> bytes:
    document = slide_document()
    for number in range(2, 60):
        document.tie(document.main, "slide", f"slides/slide{number}.xml")
        kind = document.types["ppt/slides/slide1.xml"]
        document.part(f"ppt/slides/slide{number}.xml", document.parts["ppt/slides/slide1.xml"], kind)
    return document.written()


MORE_DOCUMENTS: list[tuple[str, str, Maker]] = [
    ("a long letter", "Report.docx", _much_text),
    ("a letter with large photos", "Report with photos.docx", _large_letter),
    ("a sheet of numbers", "Data.xlsx", _sheet_of_numbers),
    ("many slides", "Deck.pptx", _many_slides),
    (
        "a sheet with words of formulas",
        "Words.xlsx",
        lambda: sheet_document(cell('IF(A1="cmd","call","exec")')).written(),
    ),
    (
        "a letter about macros",
        "About.docx",
        lambda: word_document(paragraph("DDEAUTO, INCLUDETEXT and WEBSERVICE are words.")).written(),
    ),
]

MORE_ARCHIVES: list[tuple[str, str, Maker]] = [
    (
        "an archive of a whole order",
        "Order 4711.zip",
        lambda: packed(
            {
                "Rechnung.pdf": pdf(),
                "Foto.jpg": jpeg_with_gps(),
                "Brief.docx": word(),
                "Preise.xlsx": sheet(),
                "Folien.pptx": slides(),
                "Notiz.txt": b"Hallo\n",
                "Liste.csv": b"a;b\n",
            }
        ),
    ),
    (
        "an archive of recordings",
        "Voice.zip",
        lambda: packed({"a.mp3": mp3(), "b.mp4": mp4(), "c.webm": voice_note()}),
    ),
    (
        "an archive of many photos",
        "Photos.zip",
        lambda: packed({f"IMG_{n:04}.jpg": jpeg_with_gps() for n in range(40)}, zipfile.ZIP_STORED),
    ),
    (
        "a large archive",
        "Camera.zip",
        lambda: packed({f"DSC_{n}.jpg": photo_12_megapixels() for n in range(5)}, zipfile.ZIP_STORED),
    ),
    (
        "an archive of papers within papers",
        "Archive.zip",
        lambda: packed({"2025/a.pdf": pdf(), "2025/b.zip": packed({"c.pdf": pdf(), "d.txt": b"x"})}),
    ),
    (
        "an archive with names of many countries",
        "Namen.zip",
        lambda: zipped(
            [
                Entry(name, flags=UTF_8)
                for name in ("Größe.txt", "資料.txt", "Отчёт.txt", "تقرير.txt", "👍.txt")
            ]
        ),
    ),
    (
        "an archive of noise",
        "Noise.zip",
        lambda: packed({"a.txt": random.Random(4).randbytes(60_000).hex().encode()}),
    ),
    (
        "an archive of drawings",
        "Drawings.zip",
        lambda: packed({"a/1.png": png_with_text(), "a/2.png": png_with_text(transparent=True)}),
    ),
]

DOCUMENTS: tuple[Specimen, ...] = (
    *(
        accept("pdf", what, f"Invoice-2026-{number:03}.pdf", make, proof=shows_every_page)
        for number, (what, make) in enumerate({**PLAIN, **MORE_PAPERS}.items())
    ),
    *(
        accept("office", what, f"Document {number}.{extension}", make, proof=is_as_it_came)
        for number, (what, (extension, make)) in enumerate(GOOD.items())
        if declared_as(f"a.{extension}")
    ),
    *(accept("office", what, name, make, proof=is_as_it_came) for what, name, make in MORE_DOCUMENTS),
    *(
        accept("zip", what, f"Archive {number}.zip", make)
        for number, (what, make) in enumerate(GOOD_ARCHIVES.items())
    ),
    *(accept("zip", what, name, make) for what, name, make in MORE_ARCHIVES),
)
