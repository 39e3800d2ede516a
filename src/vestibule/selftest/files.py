"""Files: what must be kept out, or be disarmed before anybody gets it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from PIL import Image

from vestibule.selftest import archives, papers, samples
from vestibule.selftest.cases import Broken, Cases, must
from vestibule.selftest.samples import MARK, PROGRAM, RIGHT_TO_LEFT, Sample
from vestibule.selftest.visit import Visit
from vestibule.selftest.visitor import Sent, Visitor

cases = Cases("hostile files")

COMPUTES = re.compile(r"\s*([=@]|[+-].*[A-Z(|])")  # and not an amount, or a telephone number

Left = Callable[[bytes], str]  # what is still in the served bytes, in a few words; empty: nothing


def mark(content: bytes) -> str:
    return "what it brought is still in it" if MARK.encode() in content else ""


def formula(content: bytes) -> str:
    rows = csv.reader(io.StringIO(content.decode("utf-8", "replace")))
    live = [cell for row in rows for cell in row if COMPUTES.match(cell)]
    return f"cells that compute: {live}" if live else ""


def place(content: bytes) -> str:
    with Image.open(io.BytesIO(content)) as picture:
        has_place = bool(picture.getexif())
    return "EXIF is still in it" if has_place else mark(content)


def kept_out(
    name: str, sentence: str, filename: str, kind: str, make: Callable[[], bytes], left: Left | None = None
) -> None:
    """A file that is refused or held. With `left` it may also be let in, if nothing is left in it."""

    async def run(visit: Visit) -> str:
        sender = await visit.sender()
        sent = await sender.send(Sample(filename, kind, make()))
        if not sent.is_open:
            visit.shut += [(sender, sent.sid)] if sent.sid else []
            return sent.told
        if left is None:
            raise Broken("it was let in")
        return await disarmed(sender, sent, left)

    cases.add(name, sentence, run)


async def disarmed(sender: Visitor, sent: Sent, left: Left) -> str:
    """Every copy that a reader can get has nothing left of it."""
    copies = [copy["name"] for copy in (sent.media or {}).get("renditions", ())]
    for copy in copies:
        served = await sender.served(sent.sid, rendition=copy)
        look = left if copy == "safe" else mark
        must(not (found := look(served.content)), f"let in, and in the copy {copy!r}: {found}")
    must("safe" in copies, "let in without a safe copy")
    return "let in, disarmed"


TEXT, JPEG, PNG, PDF = "text/plain", "image/jpeg", "image/png", "application/pdf"
ZIP, CSV = "application/zip", "text/csv"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

kept_out(
    "test virus",
    "The test file for virus scanners (EICAR) does not get in.",
    "notes.txt",
    TEXT,
    samples.test_virus,
)
kept_out(
    "test virus in a zip",
    "Archives are unpacked and scanned.",
    "notes.zip",
    ZIP,
    lambda: archives.zipped({"a.txt": "Hello.\n", "b.txt": samples.test_virus()}),
)
kept_out(
    "program called .jpg",
    "A program does not get in under another name.",
    "photo.jpg",
    JPEG,
    lambda: PROGRAM + bytes(2000),
)
kept_out("page called .png", "A web page does not get in as a picture.", "picture.png", PNG, samples.page)
kept_out("web page", "A web page does not get in.", "page.html", "text/html", samples.page)
kept_out(
    "SVG with a script",
    "An SVG with a script does not get in as it is.",
    "logo.svg",
    "image/svg+xml",
    samples.svg,
    mark,
)
kept_out(
    "GIF that is a script",
    "A picture that is a script as well is built anew.",
    "moving.gif",
    "image/gif",
    samples.gif_and_script,
    mark,
)
kept_out(
    "PDF that is a page",
    "A PDF that is a web page as well is written anew.",
    "letter.pdf",
    PDF,
    papers.page_and_pdf,
    mark,
)
kept_out(
    "double extension",
    "A name with a program's ending does not get in.",
    "photo.jpg.exe",
    JPEG,
    samples.jpeg,
)
kept_out(
    "hidden extension",
    "A program's ending before the last one does not get in.",
    "photo.exe.jpg",
    JPEG,
    samples.jpeg,
)
kept_out(
    "zip bomb", "An archive that unpacks to too much does not get in.", "many.zip", ZIP, samples.zip_bomb
)
kept_out(
    "picture bomb", "A picture of too many pixels does not get in.", "wide.png", PNG, samples.picture_bomb
)
kept_out(
    "PDF with a script",
    "Scripts in a PDF do not get in.",
    "form.pdf",
    PDF,
    papers.pdf_with_script,
    papers.acts,
)
kept_out(
    "PDF that starts a program",
    "A PDF cannot start a program.",
    "start.pdf",
    PDF,
    papers.pdf_that_starts_a_program,
    papers.acts,
)
kept_out(
    "PDF with a file in it",
    "A file within a PDF does not get in.",
    "attached.pdf",
    PDF,
    papers.pdf_with_a_program_in_it,
    papers.acts,
)
kept_out(
    "document with a macro",
    "A document with a macro does not get in.",
    "letter.docx",
    WORD,
    archives.docx_with_macro,
)
kept_out(
    "document with a remote template",
    "A document that fetches its template does not get in.",
    "letter.docx",
    WORD,
    lambda: archives.docx_with_remote_template(f"http://{MARK}.invalid/a.dotm"),
)
kept_out(
    "locked zip",
    "What no check can look into does not get in.",
    "secret.zip",
    ZIP,
    lambda: archives.locked_zip("notes.txt", b"Hello.\n", b"secret"),
)
kept_out(
    "table with formulas",
    "Cells of a CSV do not compute.",
    "table.csv",
    CSV,
    lambda: samples.formulas().encode(),
    formula,
)
kept_out(
    "photo with its place",
    "Place, maker and comments are gone from a photo.",
    "photo.jpg",
    JPEG,
    samples.photo,
    place,
)
kept_out("empty file", "A file of 0 bytes does not get in.", "photo.jpg", JPEG, bytes)
kept_out(
    "wrong declared type",
    "A picture that is declared as a PDF does not get in.",
    "photo.png",
    PDF,
    samples.png,
)
kept_out(
    "malformed declared type",
    "A file that is declared as two types does not get in.",
    "photo.png",
    "image/png, text/html",
    samples.png,
)


@cases.case("name that runs backwards")
async def turned_name(visit: Visit) -> str:
    """A character that turns a name around does not reach a reader."""
    sender = await visit.sender()
    sent = await sender.send(Sample(f"bill_{RIGHT_TO_LEFT}fdp.jpg", JPEG, samples.jpeg()))
    if not sent.is_open:
        return sent.told
    shown = str((sent.media or {}).get("filename"))
    told = (await sender.served(sent.sid)).headers.get("content-disposition", "")
    turns = RIGHT_TO_LEFT in shown or "%E2%80%AE" in told.upper() or RIGHT_TO_LEFT in told
    must(not turns, "let in, with the character in its name")
    return f"let in as {shown!r}"
