"""What the first bytes of a file say it is: our own table of signatures.

A signature proves nothing, since anybody can write one. It tells which parser must prove it.
Sources: the formats' own specifications; for markup the WHATWG MIME Sniffing Standard, section 7.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vestibule.checks.text import beginning, encoding_of

HEAD = 4096  # bytes that are looked at

PROGRAM = "application/vnd.microsoft.portable-executable"

# Each long enough that no text begins so by chance. What is shorter has a function of its own below.
_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"fLaC\x00", "audio/flac"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    *((b"BZh%d1AY&SY" % level, "application/x-bzip2") for level in range(1, 10)),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\x00asm", "application/wasm"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"{\\rtf", "text/rtf"),
    (b"%!PS", "application/postscript"),
    (b"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
)


def sniff(head: bytes) -> str:
    """The content type of a file that begins so; empty when the table does not know it."""
    head = head[:HEAD]
    for magic, content_type in _PREFIXES:
        if head.startswith(magic):
            return content_type
    for look in _LOOKS:
        if content_type := look(head):
            return content_type
    return ""


def _riff(head: bytes) -> str:
    if head[:4] != b"RIFF":
        return ""
    return {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}.get(head[8:12], "")


_BRANDS: dict[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"mif1", b"msf1"), "image/heif"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"3ge6", b"3gg6"), "video/3gpp"),
    **dict.fromkeys(
        (
            *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"),
            *(b"mp41", b"mp42", b"avc1", b"av01", b"dash", b"cmfc", b"M4V ", b"M4VH", b"M4VP", b"MSNV"),
        ),
        "video/mp4",
    ),
    b"crx ": "image/x-canon-cr3",
}
_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"pnot"})


def _iso_media(head: bytes) -> str:
    """ISO 14496-12, section 4.3: the brand decides. `mif1` alone says picture, not of which codec."""
    if head[4:8] in _OLD_QUICKTIME and head[0] < 0x09:  # a size, not the first letter of "the wide river"
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return ""
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end, 4))]
    known = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if known[:1] == ["image/heif"]:
        return next((kind for kind in known if kind != "image/heif" and kind[:5] == "image"), "image/heif")
    return known[0] if known else ""


def _matroska(head: bytes) -> str:
    if head[:4] != b"\x1a\x45\xdf\xa3":
        return ""
    doctype = head.find(b"\x42\x82", 4, 64)  # the element DocType
    if doctype < 0:
        return ""
    name = head[doctype + 3 : doctype + 11]
    if name.startswith(b"webm"):
        return "video/webm"
    return "video/x-matroska" if name == b"matroska" else ""


def _ogg(head: bytes) -> str:
    if head[:4] != b"OggS":
        return ""
    if b"theora" in head:
        return "video/ogg"
    codecs = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
    return "audio/ogg" if any(codec in head for codec in codecs) else ""


_OPEN_DOCUMENT = ("application/vnd.oasis.opendocument.", "application/epub+zip")
_PACKAGE = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/")  # what programs put first
_PACKAGES: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_PROGRAMS: tuple[tuple[bytes, str], ...] = (
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
)


def _zip(head: bytes) -> str:
    """The names of the first members tell, where the head reaches far enough; else any zip.

    The central directory has the last word, at the file's end: whoever opens a zip or a document goes by it.
    """
    if head[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
        return ""
    if head[30:38] == b"mimetype":  # ODF 1.3 part 2, section 3.3: first, stored, not compressed
        size = int.from_bytes(head[18:22], "little")
        named = head[38 : 38 + min(size, 100)].decode("ascii", "replace")
        return named if named.startswith(_OPEN_DOCUMENT) else "application/zip"
    at = [match.end() + 26 for match in re.finditer(b"PK\x03\x04", head)]  # where names begin
    if program := _first_named(head, at, _PROGRAMS):
        return program
    is_package = any(head.startswith(name, place) for place in at for name in _PACKAGE)
    return (_first_named(head, at, _PACKAGES) if is_package else "") or "application/zip"


def _first_named(head: bytes, places: list[int], table: tuple[tuple[bytes, str], ...]) -> str:
    for place in places:
        for name, content_type in table:
            if head.startswith(name, place):
                return content_type
    return ""


def _program(head: bytes) -> str:
    if head[:2] == b"MZ" and b"\x00" in head:  # a text may begin with these letters
        return PROGRAM
    if head[:4] != b"\xca\xfe\xba\xbe":
        return ""
    # A universal binary counts its few architectures where a class has its version, 45 at least.
    few = int.from_bytes(head[4:8], "big") < 40
    return "application/x-mach-binary" if few else "application/java-vm"


def _bitmap(head: bytes) -> str:
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS
    return "image/bmp" if is_bitmap else ""


_BITMAP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _mpeg_audio(head: bytes) -> str:
    """A frame of MPEG audio. Without the test of the layer every UTF-16 text would be an MP3."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    if head[1] & 0xF6 == 0xF0:  # ADTS: the layer bits are zero
        return "audio/aac"
    is_layer_3 = head[1] & 0x06 == 0x02 and head[1] & 0x18 != 0x08
    has_rates = head[2] & 0xF0 not in {0x00, 0xF0} and head[2] & 0x0C != 0x0C
    return "audio/mpeg" if is_layer_3 and has_rates else ""


def _tar(head: bytes) -> str:
    return "application/x-tar" if head[257:262] == b"ustar" else ""


def _late_pdf(head: bytes) -> str:
    """Readers open a PDF that begins a little late, so others must know it for one."""
    return "application/pdf" if head.find(b"%PDF-", 0, 69) > 0 else ""


_TAGS = re.compile(
    r"<(!--|(!doctype html|html|head|body|script|iframe|object|embed|h1|div|font|table|a|style|title|b|br|p"
    r"|img|meta|link|form|math|base|frameset|video|audio|input|button|details)(?=[\s/>]))"
)
_XHTML = re.compile(r"<(!doctype )?html\b")
_MAIL = re.compile(
    r"(Received|Return-Path|Delivered-To|MIME-Version|Message-ID|From|To|Date|Subject): ", re.I
)


def _text(head: bytes) -> str:
    if not (encoding := encoding_of(head)):
        return ""
    start = beginning(head, encoding)
    return _markup(start.lstrip()[:1024].lower()) or _labelled(start) or "text/plain"


def _markup(start: str) -> str:
    """What a browser might take for a page, after the rules by which browsers do."""
    if not start.startswith("<"):
        return ""
    if start.startswith("<?xml"):
        if "<svg" in start or "<!doctype svg" in start:  # of programs that declare a page of entities first
            return "image/svg+xml"
        return "text/html" if _XHTML.search(start) else "application/xml"
    if start.startswith(("<svg", "<!doctype svg")) or (start.startswith("<!--") and "<svg" in start):
        return "image/svg+xml"
    if start.startswith("<?php"):
        return "application/x-php"
    return "text/html" if _TAGS.match(start) else ""


def _labelled(start: str) -> str:
    """Texts that say in their first line what they are."""
    if start.startswith("#!"):
        return "text/x-shellscript"
    if start.startswith("BEGIN:VCALENDAR"):
        return "text/calendar"
    if start.startswith("BEGIN:VCARD"):
        return "text/vcard"
    lines = start.splitlines()[:8]
    is_mail = bool(_MAIL.match(start)) and sum(bool(_MAIL.match(line)) for line in lines) >= 3
    return "message/rfc822" if is_mail else ""


_LOOKS: tuple[Callable[[bytes], str], ...] = (
    _riff,
    _iso_media,
    _matroska,
    _ogg,
    _zip,
    _program,
    _bitmap,
    _mpeg_audio,
    _tar,
    _late_pdf,
    _text,
)
