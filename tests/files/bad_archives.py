"""Zips that are meant to harm, or that programs read in different ways, each with the reason why not."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
from functools import partial

from tests.files.archives import (
    DOUBLE,
    MIB,
    PROGRAM,
    Maker,
    archive,
    linked_pdf,
    many,
    nested,
    overlapping,
    packed,
    quine_like,
)
from tests.files.pictures import bomb_png, jpeg_with_gps, png_with_text
from tests.files.zip_writer import STREAMED, UTF_8, Entry, deflated, unicode_path, zipped


def _member(name: str, content: bytes) -> Maker:
    return lambda: packed({name: content})


def _one(**fields: object) -> Maker:
    return lambda: zipped([Entry("first.txt"), Entry(**{"name": "notes.txt", **fields})])  # type: ignore[arg-type]


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as output:
        output.addfile(tarfile.TarInfo("notes.txt"), io.BytesIO())
    return file.getvalue()


def _truncated() -> bytes:
    return archive("a.txt", "b.txt")[:-30]


def _swapped(old: bytes, new: bytes) -> bytes:
    return archive("notes.txt").replace(old, new)


ODD, MEMBER, COMPLEX, DAMAGED = "archive_unreadable", "archive_member", "too_complex", "damaged"
ACTIVE = "active_content"

BAD_ARCHIVES: dict[str, tuple[Maker, str]] = {
    # Which files are inside.
    "program": (_member("setup.exe", PROGRAM), MEMBER),
    "program called a photo": (_member("photo.jpg", PROGRAM), MEMBER),
    "program called a text": (_member("notes.txt", PROGRAM), MEMBER),
    "double extension": (_member("photo.jpg.exe", PROGRAM), MEMBER),
    "double extension, turned": (_member("photo.exe.jpg", jpeg_with_gps()), MEMBER),
    "script": (_member("run.js", b"alert(1)"), MEMBER),
    "shortcut": (_member("folder.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)), MEMBER),
    "page": (_member("page.html", b"<html></html>"), MEMBER),
    "page called a text": (_member("notes.txt", b"<html><script>1</script>"), MEMBER),
    "drawing": (_member("logo.svg", b"<svg/>"), MEMBER),
    "text with control characters": (_member("notes.txt", b"Hello." * 1000 + b"\x00"), MEMBER),
    "disk image": (_member("disk.iso", bytes(2048)), MEMBER),
    "gzip": (_member("a.gz", gzip.compress(b"x")), MEMBER),
    "tar": (_member("a.tar", _tar()), MEMBER),
    "seven zip called a zip": (_member("a.zip", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40)), MEMBER),
    "no extension": (_member("README", b"Hello."), MEMBER),
    "old office": (_member("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), MEMBER),
    "macro document": (_member("letter.docm", archive("word/document.xml")), MEMBER),
    "picture with a page behind": (
        _member("a.png", png_with_text() + b"<script>alert(1)</script>"),
        "type_mismatch",
    ),
    "picture with a server's script behind": (
        _member("a.jpg", jpeg_with_gps() + b"<?php system(1);"),
        "type_mismatch",
    ),
    "table that starts a program": (_member("a.csv", b"a,b\n1,=cmd|'/C calc'!A0\n"), ACTIVE),
    "table that starts a program, late": (
        _member("a.csv", b"1,2\n" * 50_000 + b"1,-2+cmd|'/C x'!A0"),
        ACTIVE,
    ),
    "table that fetches": (_member("a.csv", b'a;b\n1;"=1+webservice(A1)"\n'), ACTIVE),
    "table in UTF-16 that fetches": (_member("a.csv", "a\t=IMPORTDATA(A1)\n".encode("utf-16")), ACTIVE),
    "text turned around": (_member("a.txt", "Pay to \u202e4321\n".encode()), ACTIVE),
    "broken picture": (_member("photo.png", png_with_text()[:20] + bytes(9)), DAMAGED),
    "picture of too many pixels": (lambda: packed({"photo.png": bomb_png()}), COMPLEX),
    "picture with an archive behind": (_member("a.png", png_with_text() + archive("a.txt")), "type_mismatch"),
    "pdf that acts": (
        lambda: packed({"a.pdf": linked_pdf(b"app.alert(1)", b"/JavaScript")}),
        "active_content",
    ),
    "pdf that starts a program": (lambda: packed({"a.pdf": linked_pdf(b"x", b"/Launch")}), "active_content"),
    "pdf with a link to a file": (lambda: packed({"a.pdf": linked_pdf(b"file://host/a")}), "active_content"),
    "program in an archive within": (lambda: packed({"a.zip": packed({"setup.exe": PROGRAM})}), MEMBER),
    "false twin of a Mac": (_member("__MACOSX/._setup.exe", PROGRAM), MEMBER),
    "twin of nothing": (_member("__MACOSX/._notes.exe", DOUBLE), MEMBER),
    # Where they would land.
    "above": (partial(archive, "../notes.txt"), ODD),
    "far above": (partial(archive, "a/../../../notes.txt"), ODD),
    "absolute": (partial(archive, "/etc/notes.txt"), ODD),
    "drive": (partial(archive, "C:/notes.txt"), ODD),
    "backslashes": (_one(name=b"..\\..\\notes.txt"), ODD),
    "host": (_one(name=b"//host/share/notes.txt"), ODD),
    "nul in a name": (_one(name=b"notes.txt\x00.exe"), ODD),
    "newline in a name": (_one(name=b"a\nb.txt"), ODD),
    "turned name": (_one(name="photo\u202egpj.exe", flags=UTF_8), ODD),
    "device": (partial(archive, "a/CON.txt"), ODD),
    "no name": (_one(name=b""), ODD),
    "long name": (_one(name="a" * 2000 + ".txt"), ODD),
    "deep": (partial(archive, "a/" * 60 + "notes.txt"), ODD),
    "bad utf-8": (_one(name=b"\xff\xfe.txt", flags=UTF_8), ODD),
    "symbolic link": (_one(content=b"/etc/passwd", mode=stat.S_IFLNK | 0o777), ODD),
    "device node": (_one(content=b"", mode=stat.S_IFCHR | 0o600), ODD),
    "folder with bytes": (_one(name="a/", content=b"hidden"), ODD),
    "file that is a folder": (_one(content=b"", mode=0o40755), ODD),
    "twice": (lambda: zipped([Entry("a.txt", b"one"), Entry("a.txt", b"two")]), ODD),
    "twice but for case": (lambda: zipped([Entry("a.txt"), Entry("A.TXT")]), ODD),
    "twice but for a dot": (lambda: zipped([Entry("a/b.txt"), Entry("a./b.txt")]), ODD),
    "twice but for accents": (lambda: zipped([Entry("\xe9.txt"), Entry("e\u0301.txt")]), ODD),
    "file and folder": (lambda: zipped([Entry("a.txt"), Entry("a.txt/b.txt")]), ODD),
    # How they are read.
    "encrypted": (_one(flags=1), "encrypted"),
    "strongly encrypted": (_one(flags=0x41), "encrypted"),
    "aes": (_one(method=99, flags=1), "encrypted"),
    "another local name": (_one(local_name="setup.exe"), ODD),
    "another local method": (_one(local_method=0), ODD),
    "another local size": (_one(local_size=3), ODD),
    "second name": (_one(extra=unicode_path("setup.exe", "notes.txt")), ODD),
    "second local name": (_one(local_extra=unicode_path("setup.exe", "notes.txt")), ODD),
    "method unknown": (_one(method=14), ODD),
    "deflate64": (_one(method=9), ODD),
    "flags unknown": (_one(flags=0x20), ODD),
    "stored with two sizes": (_one(method=0, size=3), ODD),
    "wrong checksum": (_one(crc=1), DAMAGED),
    "larger than said": (_one(content=b"a" * 1000, size=10), DAMAGED),
    "smaller than said": (_one(size=100), DAMAGED),
    "cut off": (_one(packed=deflated(b"Hello, everybody.\n" * 99)[:-4]), DAMAGED),
    "no deflate": (_one(packed=b"\xff\xff\xff\xff"), DAMAGED),
    "bytes behind a stream": (_one(packed=deflated(b"Hello.\r\n") + b"hidden bytes"), ODD),
    "gap": (lambda: zipped([Entry("a.txt", behind=b"hidden" * 9), Entry("b.txt")]), ODD),
    "gap like a descriptor": (lambda: zipped([Entry("a.txt", flags=STREAMED, descriptor=b"P" * 16)]), ODD),
    "bytes before": (lambda: zipped([Entry("a.txt")], before=PROGRAM), ODD),
    "bytes before, not counted": (lambda: PROGRAM + archive("a.txt"), ODD),
    "shell before": (lambda: zipped([Entry("a.txt")], before=b"PK\3\4#!/bin/sh\n"), ODD),
    "bytes behind": (lambda: archive("a.txt") + b"\n" * 10, ODD),
    "two archives": (lambda: archive("a.txt") + archive("b.txt"), ODD),
    "archive in the comment": (lambda: zipped([Entry("a.txt")], comment=archive("b.txt")), ODD),
    "long comment": (lambda: zipped([Entry("a.txt")], comment=b"a" * 60_000), DAMAGED),
    "comment cut off": (lambda: zipped([Entry("a.txt")], comment=b"abc", comment_size=9), ODD),
    "long comment of a member": (_one(comment=b"a" * 5000), ODD),
    "bytes before the directory": (lambda: zipped([Entry("a.txt")], between=b"hidden" * 9), ODD),
    "bytes in the directory": (lambda: zipped([Entry("a.txt")], within=b"hidden" * 9), ODD),
    "fewer members than there are": (lambda: zipped([Entry("a.txt"), Entry("b.exe")], members=1), ODD),
    "more members than there are": (lambda: zipped([Entry("a.txt")], members=2), ODD),
    "directory elsewhere": (lambda: zipped([Entry("a.txt")], shift=5), ODD),
    "volumes": (lambda: zipped([Entry("a.txt")], disk=3), ODD),
    "no end": (_truncated, DAMAGED),
    "only the start": (lambda: archive("a.txt")[:40], DAMAGED),
    "no members": (lambda: zipped([]), "empty"),
    "false sizes of sixty four bits": (lambda: zipped([Entry("a.txt", size=0xFFFFFFFF)]), ODD),
    "end of sixty four bits moved": (
        lambda: zipped([Entry("a.txt")], sixty_four=True).replace(b"PK\6\7\0\0\0\0", b"PK\6\7\1\0\0\0"),
        ODD,
    ),
    # How much they are.
    "four levels": (partial(nested, 4), "archive_nested"),
    "twenty thousand members": (partial(many, 20_000), COMPLEX),
    "members that overlap": (overlapping, COMPLEX),
    "members that overlap a little": (partial(overlapping, 3, 100_000), ODD),
    "ten megabytes of nothing": (_member("a.txt", b"a" * (60 * MIB)), COMPLEX),
    "much of not so little": (
        lambda: packed({f"{n}.txt": (b"%d" % n) * (9 * MIB) for n in range(8)}),
        COMPLEX,
    ),
    "much in all levels": (quine_like, COMPLEX),
    "a large size that is not true": (_one(size=1 << 31), COMPLEX),
    "directory too long": (
        lambda: zipped([Entry(f"{n}.txt", b"", extra=b"\xca\xfe\xf8\xff" + bytes(65528)) for n in range(20)]),
        COMPLEX,
    ),
}
