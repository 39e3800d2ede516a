"""Zips and Office documents of the self-test, made by code."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA_TIE = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1528)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


# Word


def docx() -> bytes:
    """A letter."""
    return _word()


def docx_with_macro() -> bytes:
    tie = f'<Relationship Id="rId1" Type="{VBA_TIE}" Target="vbaProject.bin"/>'
    return _word(main=MACROS, ties=tie, parts={"word/vbaProject.bin": OLE})


def docx_with_remote_template(address: str) -> bytes:
    """Opened in Word, it fetches the template, and the template's macros."""
    template = f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate" Target="{address}" {_EXTERNAL}/>'
    settings = f'<w:settings xmlns:w="{W}" xmlns:r="{OFFICE}"><w:attachedTemplate r:id="rId1"/></w:settings>'
    return _word(
        ties=f'<Relationship Id="rId1" Type="{OFFICE}/settings" Target="settings.xml"/>',
        parts={"word/settings.xml": XML + settings, "word/_rels/settings.xml.rels": _ties(template)},
    )


_EXTERNAL = 'TargetMode="External"'


def _word(main: str = DOCUMENT, ties: str = "", parts: Mapping[str, bytes | str] | None = None) -> bytes:
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    whole = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Hello.</w:t></w:r></w:p></w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": XML + types,
            "_rels/.rels": _ties(whole),
            "word/document.xml": XML + body,
            "word/_rels/document.xml.rels": _ties(ties),
            **(parts or {}),
        }
    )


def _ties(ties: str) -> str:
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{ties}</Relationships>'


# A zip with a password (APPNOTE.TXT, section 6.1): Python's own writer makes none


def locked_zip(name: str, content: bytes, password: bytes) -> bytes:
    check = zlib.crc32(content)
    body = bytes(_encrypted(bytes(11) + bytes([check >> 24]) + content, password))
    sizes = struct.pack("<IIIHH", check, len(body), len(content), len(name), 0)
    common = struct.pack("<HHHHH", 20, 1, 0, 0, 0x21) + sizes  # the flag 1: encrypted
    local = b"PK\x03\x04" + common + name.encode() + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + bytes(14) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def _encrypted(content: bytes, password: bytes) -> Iterator[int]:
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _stir(keys, byte)
    for byte in content:
        mixed = keys[2] | 2
        yield byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF)
        _stir(keys, byte)


def _stir(keys: list[int], byte: int) -> None:
    keys[0] = _crc(keys[0], byte)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    keys[2] = _crc(keys[2], keys[1] >> 24)


def _crc(key: int, byte: int) -> int:
    """One step of CRC-32, without what `zlib` inverts before and after."""
    return zlib.crc32(bytes([byte]), key ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
