"""Members of archives, opened by the decoder of their type: enough to know that they are what they say.

Nothing is built anew here, since the archive is handed on as it came: what would have to be taken out of a
file that was sent alone is a reason to refuse it here.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import Any, BinaryIO

from pikepdf import Object, PikepdfError

from vestibule.checks.decoders import images, office_parts, pdf_rewrite, pdf_rules, pdf_walk, video
from vestibule.checks.decoders.targets import may_be_clicked
from vestibule.checks.nursery.jobs import Refused

TAIL = 64 * 1024  # bytes behind a picture or sound in which a second file would have its directory
CHUNK = 64 * 1024  # bytes
ZIP_END = b"PK\x05\x06"
# Long enough that compressed data does not have it by chance.
PAGE = re.compile(rb"<(?:script|iframe)[\s>/]|<\?php\s|<!doctype html", re.IGNORECASE)

ACTING_KEYS = frozenset("/JS /JavaScript /EF /EmbeddedFiles /XFA /RichMediaContent".split())
ACTIONS = frozenset(
    "/JavaScript /Launch /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /RichMediaExecute".split()
)
ANNOTATIONS = frozenset("/FileAttachment /RichMedia /Movie /Screen /3D".split())


def try_to_open(file: BinaryIO, content_type: str, limits: dict[str, Any]) -> None:
    """Raises `Refused`. A type that has no decoder is left to its signature, as if it had been sent alone."""
    told = {"content_type": content_type, **limits}
    if content_type in images.FORMATS:
        _without_another(file)
        images.opened(file, images.FORMATS[content_type], told)
    elif content_type in video.DEMUXERS:
        _without_another(file)
        with video.opened(file, told) as source:
            video.wanted(source, told)
    elif content_type == "image/svg+xml":
        office_parts.read("the drawing", iter(partial(file.read, CHUNK), b""))
    elif content_type == "application/pdf":
        _judge_pdf(file, limits["pages"])


def _without_another(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    if ZIP_END in tail:
        raise Refused("type_mismatch", "An archive hangs on its end.")
    if PAGE.search(tail):
        raise Refused("type_mismatch", "A page or a script hangs on its end.")
    file.seek(0)


def _judge_pdf(file: BinaryIO, most: int) -> None:
    with pdf_rewrite.opened(file) as pdf:
        try:
            pdf_walk.pages(pdf, most)
            for node in pdf_walk.containers(pdf):
                if acts := _acting(node):
                    raise Refused("active_content", f"It has {acts}.")
        except PikepdfError as error:
            raise Refused("damaged", str(error)) from error


def _acting(node: Object) -> str:
    """What of a dictionary acts, plays, or holds another file; empty if nothing does."""
    if pdf_rules.kind(node) not in pdf_rules.DICTIONARIES:
        return ""
    if keys := ACTING_KEYS.intersection(map(str, node.keys())):
        return min(keys)
    for key, bad in (("/S", ACTIONS), ("/Subtype", ANNOTATIONS)):
        if (name := pdf_rules.name(node, key)) in bad:
            return name
    link = node.get("/URI") if pdf_rules.name(node, "/S") == "/URI" else None
    if link is not None and not may_be_clicked(bytes(link).decode("latin-1")):
        return "a link that is none to a page or a mail"
    return ""
