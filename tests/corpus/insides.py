"""All that is in a file, laid open, so that a search finds what is packed in it."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib

import av
import pikepdf

DEPTH = 4  # of archives in archives


def insides(content: bytes, depth: int = DEPTH) -> bytes:
    """The bytes themselves, and what they unpack to."""
    found = [content]
    if content.startswith(b"%PDF-"):
        found.append(_of_pdf(content))
    elif content.startswith(b"PK\3\4") and depth:
        found += _of_zip(content, depth)
    elif content.startswith(b"\x89PNG"):
        found.append(_of_png(content))
    elif (
        content[4:8] == b"ftyp" or content[:4] in (b"OggS", b"RIFF", b"\x1a\x45\xdf\xa3") or _is_mp3(content)
    ):
        found.append(_of_recording(content))
    return b"\n".join(found)


def holds(content: bytes, needle: bytes) -> bool:
    """Whether it is there, in letters of one byte or of two."""
    everything = insides(content)
    wide = needle.decode("latin-1").encode("utf-16-le")
    return any(word in everything for word in (needle, wide, wide[1:] + b"\0"))


def _of_pdf(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = [item.unparse(resolved=True) for item in pdf.objects]
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        return b"\n".join([*told, *map(_unpacked, streams)])


def _unpacked(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:  # a picture
        raw = stream.read_raw_bytes()
        return base64.a85decode(raw.removesuffix(b"~>")) if "ASCII85" in str(stream.get("/Filter")) else raw


def _of_zip(content: bytes, depth: int) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [insides(archive.read(name), depth - 1) for name in archive.namelist()]


def _of_png(content: bytes) -> bytes:
    """Its texts and profiles, unpacked."""
    found = []
    for chunk in re.finditer(rb"(zTXt|iTXt|iCCP)[^\0]{1,79}\0", content):
        for start in range(chunk.end(), min(chunk.end() + 200, len(content))):
            if content[start : start + 1] == b"\x78":
                found.append(_inflated(content[start:]))
    return b"\n".join(found)


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, 1 << 20)
    except zlib.error:
        return b""


def _is_mp3(content: bytes) -> bool:
    return content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")


def _of_recording(content: bytes) -> bytes:
    """What a player shows of it beside picture and sound."""
    try:
        with av.open(io.BytesIO(content), metadata_errors="replace") as container:
            told = [container.metadata, *(stream.metadata for stream in container.streams)]
    except av.FFmpegError:
        return b""
    return repr(told).encode()
