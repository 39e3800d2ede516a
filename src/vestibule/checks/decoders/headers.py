"""Sizes of pictures, read from the first bytes by hand, before any decoder allocates for them."""

from __future__ import annotations

from typing import BinaryIO

MAGIC: dict[str, tuple[int, tuple[bytes, ...]]] = {  # where, and what stands there
    "PNG": (0, (b"\x89PNG\r\n\x1a\n",)),
    "JPEG": (0, (b"\xff\xd8\xff",)),
    "GIF": (0, (b"GIF87a", b"GIF89a")),
    "WEBP": (8, (b"WEBP",)),
    "HEIF": (4, (b"ftyp",)),
    "AVIF": (4, (b"ftyp",)),
    "BMP": (0, (b"BM",)),
    "TIFF": (0, (b"II*\0", b"MM\0*")),
}
HEAD = 64  # bytes


def is_format(head: bytes, format_: str) -> bool:
    """Whether a file begins as this format does."""
    start, words = MAGIC[format_]
    return head[start:].startswith(words)


def declared_size(file: BinaryIO, format_: str) -> tuple[int, int] | None:
    """Width and height as the header has them; None where only the decoder can tell."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if format_ == "PNG" and head[12:16] == b"IHDR":
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if format_ == "GIF":
        return _little(head[6:8]), _little(head[8:10])
    return _webp_size(head) if format_ == "WEBP" else None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    """RFC 9649, sections 2.5 to 2.7: Pillow makes the whole canvas when it opens such a file."""
    match head[12:16]:
        case b"VP8X":
            return 1 + _little(head[24:27]), 1 + _little(head[27:30])
        case b"VP8 ":
            return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
        case b"VP8L":
            bits = _little(head[21:25])
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
