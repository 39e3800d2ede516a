"""PDF: opened by its real reader, pages counted, the first one drawn."""

from __future__ import annotations

import ctypes
import mmap
from typing import Any, BinaryIO

import pypdfium2

from vestibule.checks.decoders import images
from vestibule.checks.nursery.jobs import Refused

BEFORE = 64  # bytes before %PDF: mail gateways add a few, and tricksters a whole other file
AFTER = 1024  # bytes after the last %%EOF
TAIL = 64 * 1024  # bytes in which that has to be
PASSWORD, SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY of fpdfview.h
ZIP_END = b"PK\x05\x06"  # an archive is read from its end
NARROWEST = 1.0  # points: a page thinner than this draws nothing


def inspect(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write `preview`, and count the pages. Options: the limit `pages`."""
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    _keep_form(content)
    document = _opened(content)
    if len(document) > options["pages"]:
        raise Refused("too_complex", f"It has {len(document)} pages.")
    shown = images.preview(_first_page(document), outputs["preview"])
    return {
        "preview": {"content_type": "image/webp", "width": shown[0], "height": shown[1]},
        "pages": len(document),
    }


def _keep_form(content: mmap.mmap) -> None:
    """Nothing much may stand around a PDF: it would be another file in the same clothes."""
    if content.find(b"%PDF-", 0, BEFORE + 5) < 0:
        raise Refused("type_mismatch", "It does not begin like a PDF.")
    tail = content[-TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise Refused("damaged", "It has no end.")
    rest = tail[end + 5 :]
    if len(rest) > AFTER or ZIP_END in rest:
        raise Refused("type_mismatch", f"There are {len(rest)} bytes after its end.")


def _opened(content: mmap.mmap) -> pypdfium2.PdfDocument:
    memory = (ctypes.c_char * len(content)).from_buffer(content)  # no copy, no callback
    try:
        return pypdfium2.PdfDocument(memory)  # type: ignore[no-untyped-call]
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD:
            raise Refused("encrypted", "It asks for a password.", outcome="encrypted") from error
        if error.err_code == SECURITY:
            raise Refused(
                "encrypted", "It is locked in a way we do not know.", outcome="encrypted"
            ) from error
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


JOBS = {"documents.inspect": inspect}
