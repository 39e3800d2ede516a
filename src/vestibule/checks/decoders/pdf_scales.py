"""Scales: how much a PDF unpacks to. A reader unpacks what a page draws, however small it came."""

from __future__ import annotations

import zlib

from pikepdf import Object, PikepdfError

from vestibule.checks.decoders import pdf_rules as rules
from vestibule.checks.nursery.jobs import Refused

UNPACKED = 256 << 20  # bytes: of all that is no picture, and of what one page draws
PICTURE = 200_000_000  # bytes of one colour of one picture: twice an A3 page at 600 dpi
PICTURES = 2 << 30  # bytes of all pictures that are packed by Flate: 500 pages, 600 dpi, black and white
SPARE = 1 << 20  # bytes that a picture may unpack to beyond its size
STEP = 1 << 20  # bytes unpacked at a time
PICTURES_OWN = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/DCT", "/CCF")


class Scales:
    """Weighs streams one by one. Raises `Refused` where it is too much."""

    def __init__(self) -> None:
        self._weights: dict[tuple[int, int], int] = {}
        self._drawings = self._pictures = 0

    def weigh(self, stream: Object) -> None:
        """Add a stream, once."""
        declared = _declared(stream) if rules.name(stream, "/Subtype") == "/Image" else None
        if declared is not None:
            self._pictures += _unpacked(stream, min(declared + SPARE, PICTURES - self._pictures))
            return
        weight = _unpacked(stream, UNPACKED - self._drawings)
        self._weights[stream.objgen] = weight
        self._drawings += weight

    def weigh_pages(self, pages: list[Object]) -> None:
        """See that no page draws the same thing a thousand times."""
        for page in pages:
            contents = page.get("/Contents")
            if contents is not None and rules.kind(contents) == rules.ARRAY:
                weight = sum(self._weights.get(part.objgen, 0) for part in contents.as_list())
                if weight > UNPACKED:
                    raise Refused("too_complex", f"One of its pages draws {weight} bytes.")


def filters(stream: Object) -> list[str]:
    """How a stream is packed, the outermost first."""
    value = stream.get("/Filter")
    if value is None:
        return []
    return [
        rules.spelled(item) for item in (value.as_list() if rules.kind(value) == rules.ARRAY else [value])
    ]


def _declared(picture: Object) -> int:
    """Bytes that a picture has by its own account. Raises `Refused` for a huge one."""
    width, height = (_number(picture, key) for key in ("/Width", "/Height"))
    plane = (width * _number(picture, "/BitsPerComponent", 8) + 7) // 8 * height
    if plane > PICTURE:
        raise Refused("too_complex", f"A picture in it has {width} x {height} pixels.")
    return plane * 4  # colours at most, mostly


def _number(node: Object, key: str, otherwise: int = 0) -> int:
    value = node.get_int(key, otherwise)
    return max(0, value)


def _unpacked(stream: Object, most: int) -> int:
    """Bytes that a stream unpacks to, which must be no more than `most`."""
    how = filters(stream)
    if not how or any(filter_ in PICTURES_OWN for filter_ in how):
        return 0
    size = _inflated(stream, most) if how == ["/FlateDecode"] else _decoded(stream)
    if size > most:
        raise Refused("too_complex", "It unpacks to more than we take.")
    return size


def _inflated(stream: Object, most: int) -> int:
    """Counts and throws away; what is broken ends where it breaks, as for a reader."""
    unpacker, size = zlib.decompressobj(), 0
    rest = memoryview(stream.get_raw_stream_buffer())
    try:
        while size <= most and not unpacker.eof:
            got = len(unpacker.decompress(rest, STEP))
            size, rest = size + got, memoryview(unpacker.unconsumed_tail)
            if not got and not rest:
                break
    except zlib.error:
        pass
    return size


def _decoded(stream: Object) -> int:
    try:
        return len(memoryview(stream.get_stream_buffer()))
    except PikepdfError:  # not for us to unpack; a limit is counted by qpdf
        return 0
