"""Good files: what customers send every day gets through, and opens."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from PIL import Image

from vestibule.selftest import archives, papers, samples
from vestibule.selftest.cases import Broken, Cases, NotTested, must
from vestibule.selftest.samples import Sample
from vestibule.selftest.visit import Visit

cases = Cases("good files")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _opens_as_picture(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()


def _opens_as_pdf(content: bytes) -> None:
    if seen := papers.acts(content):
        raise Broken(f"what is served {seen}")


def _opens_as_text(content: bytes) -> None:
    must("Grüße" in content.decode(), "other words are served")


def _opens_as_zip(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        must(archive.testzip() is None, "what is served is damaged")


def let_in(name: str, sample: Callable[[], Sample], opens: Callable[[bytes], None]) -> None:
    """A file that is let in, and served so that it opens."""

    async def run(visit: Visit) -> str:
        given = sample()
        if not visit.accepts(given.ending):
            raise NotTested(f"this house takes no {given.ending}")
        sender = await visit.sender()
        sent = await sender.send(given)
        must(sent.is_open, sent.told)
        served = await sender.served(sent.sid)
        opens(served.content)
        return f"{len(served.content)} bytes of {served.headers.get('content-type', 'no type')}"

    cases.add(name, f"An ordinary {name} gets in, and opens.", run)


let_in("PNG", lambda: Sample("picture.png", "image/png", samples.png()), _opens_as_picture)
let_in("JPEG", lambda: Sample("photo.jpg", "image/jpeg", samples.jpeg()), _opens_as_picture)
let_in("PDF", lambda: Sample("letter.pdf", "application/pdf", papers.pdf()), _opens_as_pdf)
let_in("text", lambda: samples.text("notes.txt", "Grüße aus dem Selbsttest.\n"), _opens_as_text)
let_in("DOCX", lambda: Sample("letter.docx", WORD, archives.docx()), _opens_as_zip)
