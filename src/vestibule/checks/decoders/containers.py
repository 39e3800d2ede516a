"""Walks through the containers that we write, and names the first thing that is not picture.

This reads our own copies, so it may be strict: what it does not know is stray.
"""

from __future__ import annotations

import re
from typing import BinaryIO

# ITU-T T.81, table B.1, without the application and comment segments.
JPEG_TABLES = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA}
SOS, EOI = 0xDA, 0xD9
JPEG_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # in scans, but for stuffing and restarts
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
WEBP_CHUNKS = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"}
TAIL = "bytes after its end"


def stray(file: BinaryIO, content_type: str) -> str:
    """What there is besides the picture, or nothing."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    try:
        return _WALKS[content_type](content)
    except IndexError:
        return "no proper end"


def _jpeg(content: bytes) -> str:
    position = 2
    while True:
        if content[position] != 0xFF:
            return "bytes between segments"
        marker = content[position + 1]
        if marker == EOI:
            return TAIL if position + 2 != len(content) else ""
        length = _big(content, position + 2, 2)
        segment = content[position + 4 : position + 2 + length]
        if not _is_picture(marker, segment):
            return f"a segment {marker:02X}"
        position += 2 + length
        if marker == SOS:
            position = _after_scan(content, position)


def _is_picture(marker: int, segment: bytes) -> bool:
    if marker == 0xE0:  # without a thumbnail
        return segment.startswith(b"JFIF\0") and len(segment) == 14
    if marker == 0xEE:  # says how the colours are stored
        return segment.startswith(b"Adobe") and len(segment) == 12
    return marker in JPEG_TABLES


def _after_scan(content: bytes, position: int) -> int:
    found = JPEG_MARKER.search(content, position)
    if found is None:
        raise IndexError
    return found.end() - 2


def _png(content: bytes) -> str:
    position, name = 8, b""
    while name != b"IEND":
        name = content[position + 4 : position + 8]
        if name not in PNG_CHUNKS:
            return f"a chunk {name!r}"
        position += 12 + _big(content, position, 4)
    return TAIL if position != len(content) else ""


def _webp(content: bytes) -> str:
    if len(content) != 8 + _little(content, 4, 4):
        return TAIL
    position = 12
    while position < len(content):
        name = content[position : position + 4]
        if name not in WEBP_CHUNKS:
            return f"a chunk {name!r}"
        length = _little(content, position + 4, 4)
        position += 8 + length + length % 2
    return TAIL if position != len(content) else ""


def _gif(content: bytes) -> str:
    position = _after_palette(content, 13, content[10])
    while content[position] != 0x3B:
        if content[position] == 0x2C:
            position = _after_blocks(
                content, _after_palette(content, position + 10, content[position + 9]) + 1
            )
        elif content[position : position + 2] == b"\x21\xf9" or _is_loop(content, position):
            position = _after_blocks(content, position + 2)
        else:
            return f"a block {content[position : position + 2].hex()}"
    return TAIL if position + 1 != len(content) else ""


def _is_loop(content: bytes, position: int) -> bool:
    return content[position : position + 14] == b"\x21\xff\x0bNETSCAPE2.0"


def _after_palette(content: bytes, position: int, flags: int) -> int:
    return position + (3 << 1 + (flags & 7) if flags & 0x80 else 0)


def _after_blocks(content: bytes, position: int) -> int:
    while content[position]:
        position += 1 + content[position]
    return position + 1


def _big(content: bytes, position: int, length: int) -> int:
    return int.from_bytes(_whole(content, position, length), "big")


def _little(content: bytes, position: int, length: int) -> int:
    return int.from_bytes(_whole(content, position, length), "little")


def _whole(content: bytes, position: int, length: int) -> bytes:
    if position + length > len(content):
        raise IndexError
    return content[position : position + length]


_WALKS = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}
