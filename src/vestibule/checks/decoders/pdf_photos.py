"""Photos in a PDF are whole JPEG files. Their remarks (place, camera, names) go, their pixels stay."""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name, Object, PikepdfError

from vestibule.checks.decoders import pdf_rules as rules
from vestibule.checks.decoders.pdf_scales import filters

# ITU-T T.81, table B.1. JFIF and Adobe's segment say how the colours are stored; a PDF has its own profile.
KEPT = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
REMARKS = {*range(0xE0, 0xF0), 0xFE}
SOS, EOI = 0xDA, 0xD9
MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # in scans, but for stuffing and restarts


def without_remarks(stream: Object) -> None:
    """Write a stream anew if it is a photo that carries more than its pixels."""
    how = filters(stream)
    if not how or how[-1] not in ("/DCTDecode", "/DCT"):
        return
    photo = stream.read_raw_bytes() if len(how) == 1 else _unwrapped(stream, how)
    clean = bare(photo)
    if clean is not None and clean != photo:
        stream.write(clean, filter=Name.DCTDecode, decode_parms=_last_parameters(stream))


def bare(photo: bytes) -> bytes | None:
    """The picture up to its end without its remarks; None for what is no JPEG from end to end."""
    parts, position = [photo[:2]], 2
    try:
        while (marker := _marker(photo, position)) != EOI:
            end = position + 2 + int.from_bytes(photo[position + 2 : position + 4], "big")
            if marker == SOS:
                end = _after_scan(photo, end)
            if not _is_remark(marker, photo[position + 4 : end]):
                parts.append(photo[position:end])
            position = end
    except ValueError:
        return None
    return b"".join([*parts, b"\xff\xd9"])


def _marker(photo: bytes, position: int) -> int:
    if len(photo) < position + 2 or photo[position] != 0xFF:
        raise ValueError(position)
    return photo[position + 1]


def _after_scan(photo: bytes, position: int) -> int:
    found = MARKER.search(photo, position)
    if found is None:
        raise ValueError(position)
    return found.end() - 2


def _is_remark(marker: int, segment: bytes) -> bool:
    return marker in REMARKS and not (marker in KEPT and segment.startswith(KEPT[marker]))


def _unwrapped(stream: Object, how: list[str]) -> bytes:
    """The JPEG within other packings; nothing where they do not open."""
    if "/DecodeParms" in stream and rules.kind(stream["/DecodeParms"]) != rules.ARRAY:
        return b""
    packing, parameters = stream["/Filter"], stream.get("/DecodeParms")
    stream["/Filter"] = Array([Name(filter_) for filter_ in how[:-1]])
    if parameters is not None:
        stream["/DecodeParms"] = Array(parameters.as_list()[:-1])
    try:
        return stream.read_bytes()
    except PikepdfError:
        return b""
    finally:
        stream["/Filter"] = packing
        if parameters is not None:
            stream["/DecodeParms"] = parameters


def _last_parameters(stream: Object) -> Dictionary | None:
    parameters = stream.get("/DecodeParms")
    if parameters is not None and rules.kind(parameters) == rules.ARRAY:
        parameters = parameters.as_list()[-1] if len(parameters) else None
    return parameters if isinstance(parameters, Dictionary) else None
