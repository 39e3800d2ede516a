"""The streams of a PDF, unpacked one by one: pages, fonts, files within, and what former versions left."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pikepdf import Object, Pdf, PikepdfError, StreamDecodeLevel

from vestibule.checks.decoders import pdf_rewrite
from vestibule.checks.decoders import pdf_rules as rules
from vestibule.checks.decoders.pdf_scales import UNPACKED, filters
from vestibule.checks.decoders.pdf_walk import OBJECTS
from vestibule.checks.nursery.jobs import Refused

FLATE = frozenset({"/FlateDecode", "/Fl"})
# A photo stands in the file as it is, where every scanner sees it: ITU T.81, B.1.1.3; T.800, A.4 and I.5.1.
PHOTOS = {
    "/DCTDecode": (b"\xff\xd8\xff",),
    "/JPXDecode": (b"\x00\x00\x00\x0cjP", b"\xff\x4f\xff\x51"),
}
# Bytes of a picture's pixels, and of what a former version left: whatever hides there, no reader opens it as
# a file, and a scanned book unpacks to gigabytes.
BEGINNING = 1 << 20
STEP = 1 << 20  # bytes unpacked at a time
BEGIN = re.compile(rb"stream\r?\n")  # ISO 32000-2, 7.3.8.1


def unpacked(file: BinaryIO) -> Iterator[tuple[str, memoryview]]:
    """The content of each stream, with its object's number. Raises `Refused` for what cannot be opened."""
    with pdf_rewrite.opened(file) as pdf:
        if len(pdf.objects) > OBJECTS:
            raise Refused("too_complex", f"It has {len(pdf.objects)} objects.")
        try:
            yield from _streams(pdf)
        except PikepdfError as error:
            raise Refused("damaged", str(error)) from error
        is_locked = pdf.is_encrypted
    if not is_locked:
        yield from _former(file)


def _streams(pdf: Pdf) -> Iterator[tuple[str, memoryview]]:
    for node in pdf.objects:
        if rules.kind(node) == rules.STREAM and not (_is_photo(node) and not pdf.is_encrypted):
            yield f"object {node.objgen[0]}", _content(node)


def _is_photo(stream: Object) -> bool:
    how = filters(stream)
    marks = PHOTOS.get(how[0], ()) if len(how) == 1 else ()
    return bool(marks) and bytes(memoryview(stream.get_raw_stream_buffer())[:8]).startswith(marks)


def _content(stream: Object) -> memoryview:
    if rules.name(stream, "/Subtype") == "/Image" and not FLATE.isdisjoint(filters(stream)):
        return _peeled(stream, BEGINNING)
    try:
        return memoryview(stream.get_stream_buffer(decode_level=StreamDecodeLevel.specialized))
    except PikepdfError:  # it is broken, or packed in a way that only its reader knows
        return _peeled(stream, UNPACKED)


def _peeled(stream: Object, most: int) -> memoryview:
    """As far as it can be unpacked; what is broken ends where it breaks, as for a reader."""
    content = memoryview(stream.get_raw_stream_buffer())
    for filter_ in filters(stream):
        if filter_ not in FLATE:
            break
        content = _inflated(content, most)
    return content


def _inflated(packed: memoryview | bytes, most: int) -> memoryview:
    unpacker, content = zlib.decompressobj(), bytearray()
    try:
        while len(content) < most and not unpacker.eof:
            got = unpacker.decompress(packed, min(STEP, most - len(content)))
            content += got
            packed = unpacker.unconsumed_tail
            if not got and not packed:
                break
    except zlib.error:
        pass
    return memoryview(content)


def _former(file: BinaryIO) -> Iterator[tuple[str, memoryview]]:
    """What looks like a packed stream anywhere in a file that was changed: no table may lead to it now."""
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if len(re.findall(b"startxref", content)) < 2:
        return
    for begin in BEGIN.finditer(content):
        start = begin.end()
        head = content[start : start + 2]
        if len(head) == 2 and head[0] & 15 == 8 and int.from_bytes(head, "big") % 31 == 0:  # RFC 1950, 2.2
            yield f"byte {start}", _inflated(memoryview(content)[start:], BEGINNING)
