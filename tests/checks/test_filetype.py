"""File types: name, bytes and what the sender declares must agree, and be allowed."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.checks.specimens import JPEG, PDF, PNG, specimen, stored
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.policy import Limits, Policy
from vestibule.checks.signatures import sniff
from vestibule.checks.text import encoding_of
from vestibule.checks.texts import TYPES
from vestibule.http.dispositions import is_inline

CHECK = FiletypeCheck(Policy(roles={"guest": Limits(extensions=frozenset({"jpg"}))}))


def ftyp(brand: bytes, *compatible: bytes) -> bytes:
    size = 16 + 4 * len(compatible)
    return size.to_bytes(4, "big") + b"ftyp" + brand + bytes(4) + b"".join(compatible) + bytes(8) + b"mdat"


def ebml(doctype: bytes) -> bytes:
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82" + bytes([0x80 + len(doctype)]) + doctype + bytes(20)


def zipped(*names: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in names:
            file.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else name)
    return archive.getvalue()


def picture(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(output, kind)
    return output.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"

SIGNATURES = [
    (picture("PNG"), "image/png"),
    (picture("JPEG"), "image/jpeg"),
    (picture("GIF"), "image/gif"),
    (picture("WEBP"), "image/webp"),
    (picture("BMP"), "image/bmp"),
    (picture("TIFF"), "image/tiff"),
    (picture("AVIF"), "image/avif"),
    (ftyp(b"heic", b"mif1"), "image/heic"),
    (ftyp(b"mif1", b"mif1", b"heic"), "image/heic"),
    (ftyp(b"mif1", b"miaf", b"avif"), "image/avif"),
    (ftyp(b"mif1"), "image/heif"),
    (ftyp(b"isom", b"iso2", b"mp41"), "video/mp4"),
    (ftyp(b"mp42"), "video/mp4"),
    (ftyp(b"qt  "), "video/quicktime"),
    (ftyp(b"M4A "), "audio/mp4"),
    (ftyp(b"3gp4"), "video/3gpp"),
    (ftyp(b"XAVC", b"mp42"), "video/mp4"),
    (ftyp(b"????"), ""),
    (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "video/quicktime"),
    (ebml(b"webm"), "video/webm"),
    (ebml(b"matroska"), "video/x-matroska"),
    (ebml(b"other"), ""),
    (b"ID3\x04\x00\x00" + bytes(20), "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
    (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
    (b"OggS" + bytes(24) + b"OpusHead" + bytes(9), "audio/ogg"),
    (b"OggS" + bytes(24) + b"\x01vorbis" + bytes(9), "audio/ogg"),
    (b"OggS" + bytes(24) + b"\x80theora" + bytes(9), "video/ogg"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
    (b"RIFF\x24\x00\x00\x00AVI LIST", "video/x-msvideo"),
    (b"fLaC\x00\x00\x00\x22", "audio/flac"),
    (PDF, "application/pdf"),
    (b"\n\n" + PDF, "application/pdf"),
    (zipped("a.txt"), "application/zip"),
    (
        zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
        f"{OFFICE}.wordprocessingml.document",
    ),
    (zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
    (zipped("[Content_Types].xml", "ppt/presentation.xml"), f"{OFFICE}.presentationml.presentation"),
    (zipped("word/notes.txt", "xl/notes.txt"), "application/zip"),  # a folder of somebody's
    (zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
    (zipped("META-INF/MANIFEST.MF"), "application/java-archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "application/x-ole-storage"),
    (gzip.compress(b"x"), "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07\x01\x00", "application/vnd.rar"),
    (b"MZ\x90\x00\x03\x00\x00\x00", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF\x02\x01\x01\x00", "application/x-elf"),
    (b"\xcf\xfa\xed\xfe\x07\x00\x00\x01", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + bytes(8), "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(8), "application/java-vm"),
    (b"<!DOCTYPE html><html>", "text/html"),
    (b"  \n<!-- x --><HTML >", "text/html"),
    (b"\xef\xbb\xbf<script>alert(1)</script>", "text/html"),
    ("\ufeff<html >".encode("utf-16-le"), "text/html"),
    (b"<?xml version='1.0'?><html xmlns='...'>", "text/html"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    (b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<svg >", "image/svg+xml"),
    (b"<?xml version='1.0'?><root/>", "application/xml"),
    (b"<?php echo 1;", "application/x-php"),
    (b"#!/bin/sh\necho", "text/x-shellscript"),
    (b"#!AMR\n\x04", "audio/amr"),
    (b"{\\rtf1\\ansi", "text/rtf"),
    (b"From: a@b.example\r\nTo: c@d.example\r\nSubject: hi\r\n\r\n", "message/rfc822"),
    (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
    (b"BEGIN:VCARD\r\n", "text/vcard"),
    (b"Hello", "text/plain"),
    ("Grüße, 日本".encode(), "text/plain"),
    ("\ufeffGrüße".encode("utf-16-le"), "text/plain"),
    ("\ufeffGrüße".encode("utf-16-be"), "text/plain"),
    ("Größe;Straße\r\n".encode("cp1252"), "text/plain"),
    ("Цена;Имя\r\n".encode("cp1251"), "text/plain"),
    (b"<john@example.com> wrote:", "text/plain"),
    (b"MZ-number;name\r\n", "text/plain"),
    (b"BMW;Audi\r\n", "text/plain"),
    (b"ID3;name\r\n", "text/plain"),
    (b"The wide river", "text/plain"),
    (b"x" * 5000, "text/plain"),
    (b"\xff\xfe\x00\x00h\x00\x00\x00", ""),
    (b"h\x00i\x00", ""),
    (b"\x01\x02\x03\x04", ""),
    (b"", ""),
]


# No bytes in the names: an archive's head holds the time, and every worker must give the same names.
@pytest.mark.parametrize(
    ("head", "content_type"), SIGNATURES, ids=[kind or "unknown" for _, kind in SIGNATURES]
)
def test_the_table_knows_what_people_send(head: bytes, content_type: str) -> None:
    assert sniff(head) == content_type


def test_a_text_cut_within_a_letter_is_still_a_text() -> None:
    text = ("ü" * 3000).encode()
    assert encoding_of(text[:4095]) == "utf-8"


def test_a_zip_cannot_say_it_is_a_picture() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("mimetype", "image/png")
    assert sniff(archive.getvalue()) == "application/zip"


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise(head: bytes) -> None:
    CHECK.judge_head("photo.jpg", "", head)
    for magic in (b"RIFF", b"PK\x03\x04", b"\x00\x00\x00\x14ftyp", b"\x1a\x45\xdf\xa3", b"OggS", b"BM", b"<"):
        sniff(magic + head)


def test_twenty_thousand_files_a_second_can_be_told_apart() -> None:
    heads = [(content * 4096)[:4096] for content, _ in SIGNATURES if content]
    began = time.process_time()
    for _ in range(20):
        for head in heads:
            sniff(head)
    assert 20 * len(heads) / (time.process_time() - began) > 20_000


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (JPEG, "photo.jpg", "image/jpeg"),
        (JPEG, "photo.JPEG", ""),
        (PNG, "photo.jpg", "image/jpeg"),
        (PDF, "letter.pdf", "application/octet-stream"),
        (b"a;b\n1;2\n", "data.csv", "application/vnd.ms-excel"),
        (b"From: a\r\nTo: b\r\nSubject: c\r\n", "pasted mail.txt", "text/plain"),
        (ftyp(b"qt  "), "clip.mp4", "video/mp4"),
        (ftyp(b"isom"), "clip.mov", "video/quicktime"),
        (ebml(b"webm"), "voice.webm", "audio/webm;codecs=opus"),
    ],
)
def test_files_that_are_what_they_say_pass(content: bytes, name: str, declared: str) -> None:
    verdict = CHECK.judge_head(name, declared, content)
    assert verdict.is_clean, verdict


@pytest.mark.parametrize(
    ("content", "name", "declared", "reason"),
    [
        (b"<html><script>alert(1)</script>", "photo.jpg", "image/jpeg", "type_mismatch"),
        (b"<html><script>alert(1)</script>", "notes.txt", "text/plain", "type_mismatch"),
        (b"<svg onload=alert(1)>", "photo.png", "image/png", "type_mismatch"),
        (b"#!/bin/sh\nrm -r /", "notes.txt", "", "type_mismatch"),
        (b"MZ\x90\x00\x03", "photo.jpg", "", "type_mismatch"),
        (PDF, "photo.jpg", "", "type_mismatch"),
        (PNG, "letter.pdf", "", "type_mismatch"),
        (b"hello", "photo.jpg", "", "type_mismatch"),
        (zipped("a.txt"), "letter.pdf", "", "type_mismatch"),
        (PNG, "photo.png", "text/html", "type_mismatch"),
        (PNG, "photo.png", "image/png, text/html", "declaration_malformed"),
        (b"\x01\x02\x03\x04" * 9, "photo.jpg", "", "type_unknown"),
        (b"a\x00b", "notes.txt", "", "type_unknown"),
        (picture("BMP"), "photo.png", "", "type_not_accepted"),
        (ebml(b"matroska"), "clip.webm", "", "type_not_accepted"),
        (zipped("mimetype"), "letter.odt", "", "type_not_accepted"),
        (zipped("META-INF/MANIFEST.MF"), "archive.zip", "", "type_mismatch"),
        (b"", "photo.jpg", "", "empty"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(
    content: bytes, name: str, declared: str, reason: str
) -> None:
    verdict = CHECK.judge_head(name, declared, content)
    assert (verdict.outcome, verdict.reason) == ("refused", reason)


def test_a_role_may_send_only_what_its_list_names() -> None:
    assert CHECK.judge_head("photo.jpg", "", JPEG, "guest").is_clean
    assert CHECK.judge_head("letter.pdf", "", PDF, "guest").reason == "type_not_accepted"


LONG = b"All is well.\r\n" * 10_000


@pytest.mark.parametrize(
    ("content", "is_clean"),
    [
        (LONG, True),
        (LONG + "Grüße".encode(), True),
        (LONG + "Grüße".encode("cp1252"), True),
        (("\ufeff" + "Grüße\r\n" * 9000).encode("utf-16-le"), True),
        (LONG + b"\x00", False),
        (LONG + b"\x01\x02", False),
        (("\ufeff" + "Grüße\r\n" * 9000).encode("utf-16-le") + b"\x00", False),
        (("\ufeff" + "Grüße\r\n" * 9000 + "\x00").encode("utf-16-le"), False),
        (b"\xff\xfe" + LONG + b"\x00\xd8\x00\xd8", False),
    ],
    ids=[
        "ascii",
        "utf-8",
        "cp1252",
        "utf-16",
        "nul",
        "controls",
        "half a letter",
        "utf-16 nul",
        "surrogates",
    ],
)
async def test_a_text_is_read_to_its_end(content: bytes, is_clean: bool, tmp_path: Path) -> None:
    finding = await CHECK(specimen(content, "notes.txt"), await stored(tmp_path, content))
    assert finding.verdict.is_clean == is_clean
    assert finding.verdict.reason == ("" if is_clean else "type_mismatch")


async def test_a_text_that_another_check_reads_is_left_to_it(tmp_path: Path) -> None:
    content, mail = LONG + b"\x00", b"From: a\r\nTo: b\r\nSubject: c\r\n" + LONG + b"\x00"
    check = FiletypeCheck(Policy(default=Limits(extensions=frozenset({"txt", "eml"}))), left=TYPES)
    assert (await check(specimen(content, "a.txt"), await stored(tmp_path, content))).verdict.is_clean
    finding = await check(specimen(mail, "a.eml"), await stored(tmp_path, mail))
    assert finding.verdict.reason == "type_mismatch"


async def test_a_file_that_is_larger_than_its_real_type_may_be_is_refused(tmp_path: Path) -> None:
    check = FiletypeCheck(Policy(default=Limits(sizes={"image/png": 50})))
    finding = await check(specimen(PNG, "photo.jpg"), await stored(tmp_path, PNG))
    assert (finding.verdict.outcome, finding.verdict.reason) == ("too_large", "too_large")


def test_a_text_is_named_by_its_extension_and_a_picture_by_its_bytes() -> None:
    assert content_type_of("data.csv", b"a;b") == "text/csv"
    assert content_type_of("photo.jpg", PNG) == "image/png"
    assert content_type_of("photo.jpg", b"hello") == ""


def test_only_what_the_table_says_may_be_shown_inline() -> None:
    assert is_inline("image/png")
    assert not any(is_inline(kind) for kind in ("text/html", "image/svg+xml", "text/plain", "x/unheard", ""))
