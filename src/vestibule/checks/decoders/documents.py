"""PDF: disarmed and written anew, and the first page drawn of what was written."""

from __future__ import annotations

import ctypes
import mmap
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

from vestibule.checks.decoders import images, pdf_rewrite
from vestibule.checks.decoders import pdf_walk as walk
from vestibule.checks.nursery.jobs import Refused

BEFORE = 64  # bytes before %PDF: mail gateways add a few, and tricksters a whole other file
AFTER = 1024  # bytes after the last %%EOF
TAIL = 64 * 1024  # bytes in which that has to be
NARROWEST = 1.0  # points: a page thinner than this draws nothing
GROWN, SPARE = 3, 64 * 1024  # times, and bytes: no larger is a copy than that


def rebuild(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write `safe`, and `preview` of its first page.

    Options: the limit `pages`, and whether what is `active` is to `disarm` or to `refuse`.
    """
    _keep_form(_mapped(file))
    refuse = options["active"] == "refuse"
    pages, removed = pdf_rewrite.rewrite(file, outputs["safe"], options["pages"], refuse=refuse)
    outputs["safe"].flush()
    document = _opened(_mapped(outputs["safe"]))
    shown = images.preview(_first_page(document), outputs["preview"])
    return {
        "safe": {"content_type": "application/pdf"},
        "preview": {"content_type": "image/webp", "width": shown[0], "height": shown[1]},
        "pages": pages,
        "disarmed": sorted(removed.active),
        "left_out": sorted(removed.passive),
    }


def verify(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Look at what `rebuild` made, in another process: it opens for both readers, and nothing in it acts.

    Options: the limit `pages`, how many of them are `expected`, and the `size` of the original.
    """
    content = _mapped(file)
    if len(content) > GROWN * options["size"] + SPARE:
        raise _spoilt(f"is {len(content)} bytes long")
    _keep_form(content, before=0, after=1)  # a line's end
    if content[:].count(b"%%EOF") != 1:
        raise _spoilt("has a history")
    document = _opened(content)
    with pdf_rewrite.opened(file) as pdf:
        if pdf.is_encrypted:
            raise _spoilt("is locked")
        pages = walk.pages(pdf, options["pages"])
        if not len(pages) == len(document) == options["expected"]:
            raise _spoilt(f"has {len(pages)} pages, or {len(document)}")
        for what in pdf_rewrite.active(pdf, pages):
            raise _spoilt(f"still has {what}")
        if pdf.get_warnings():
            raise _spoilt("had to be repaired")
    if pdf_rewrite.ends_like_an_archive(file):
        raise _spoilt("ends like an archive")
    return {"pages": len(document)}


def _spoilt(what: str) -> Refused:
    return Refused("check_failed", f"The copy {what}.", outcome="error")


def _mapped(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


def _keep_form(content: mmap.mmap, before: int = BEFORE, after: int = AFTER) -> None:
    """Nothing much may stand around a PDF: it would be another file in the same clothes."""
    if content.find(b"%PDF-", 0, before + 5) < 0:
        raise Refused("type_mismatch", "It does not begin like a PDF.")
    tail = content[-TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise Refused("damaged", "It has no end.")
    rest = tail[end + 5 :]
    if len(rest) > after or pdf_rewrite.ZIP_END in rest:
        raise Refused("type_mismatch", f"There are {len(rest)} bytes after its end.")


def _opened(content: mmap.mmap) -> pypdfium2.PdfDocument:
    """Our own copy, by the reader that draws."""
    memory = (ctypes.c_char * len(content)).from_buffer(content)  # no copy, no callback
    try:
        return pypdfium2.PdfDocument(memory)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged", str(error)) from error


def _first_page(document: pypdfium2.PdfDocument) -> Any:
    # So that what was filled in is seen. There is no JavaScript in this reader.
    document.init_forms()  # type: ignore[no-untyped-call]
    page = document[0]
    width, height = page.get_size()
    if min(width, height) < NARROWEST:
        raise Refused("damaged", f"Its first page is {width:g} x {height:g} points.")
    scale = images.PREVIEW_SIDE / max(width, height)
    return page.render(scale=scale).to_pil().convert("RGB")


def get_ready() -> None:
    """Have all of the writer loaded now; in a child no file can be opened.

    To open what AES-256 locks it takes 16 bytes of the random device's, and gets 4096 at a time.
    """
    ready = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(ready, encryption=pikepdf.Encryption(owner="owner", R=6))
    pdf_rewrite.rewrite(ready, BytesIO(), 1)


JOBS = {"documents.rebuild": rebuild, "documents.verify": verify}
