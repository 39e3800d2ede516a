"""Makes zips, and those that people send every day: none of them may be refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from tests.files.cache import cached
from tests.files.office import word
from tests.files.papers import pdf, stream, written
from tests.files.pictures import jpeg_with_gps, png_with_text, webp
from tests.files.zip_writer import STREAMED, UTF_8, Entry, deflated, unicode_path, zipped

Maker = Callable[[], bytes]
MIB = 1 << 20
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)
DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(40)


TABLE = (
    b"task,total,=?\n- call (Ada),-5,'x'\n- image(1).png,-3,@ada\n=A1+B2,+49 (30) 123,a|b\n-5|'x',"
    b'=SUM(A1:A9),"\'!"\n"- see image(2)",-1\nWEBSERVICE(A1) fetches,exec(x),cmd|\'a\'!b\n'
)
LETTER = "\u202bHebrew\u202c and cmd|'/C'!A0 are words, =cmd too.\n"


def archive(*names: str, contents: dict[str, bytes] | None = None) -> bytes:
    """As Python writes them: texts of these names, and what `contents` has."""
    return packed({**dict.fromkeys(names, b"Hello.\n"), **(contents or {})})


def packed(contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as output:
        for name, content in contents.items():
            output.writestr(name, content)
    return file.getvalue()


def nested(levels: int) -> bytes:
    """A text in an archive in an archive, so many levels in all."""
    content = archive("notes.txt")
    for _ in range(levels - 1):
        content = packed({"inner.zip": content}, zipfile.ZIP_STORED)
    return content


def many(members: int) -> bytes:
    return cached(f"members-{members}.zip", lambda: zipped([Entry(f"{n}.txt", b"") for n in range(members)]))


def overlapping(members: int = 900, size: int = 8 * MIB) -> bytes:
    """Members that all share one body, so that a small file is many times as large."""
    first = Entry("0.txt", bytes(size))
    data = first.data
    others = [
        Entry(f"{n}.txt", b"", packed=b"", size=size, packed_size=len(data), offset=0)
        for n in range(1, members)
    ]
    return zipped([first, *others])


def quine_like(levels: int = 3, each: int = 10) -> bytes:
    """Archives of archives: what looks small at each level is much in all."""
    content = packed({f"{n}.txt": b"a" * (9 * MIB) for n in range(each)})
    for _ in range(levels - 1):
        content = packed({f"{n}.zip": content for n in range(each)})
    return content


def _streamed() -> bytes:
    """As a program writes that cannot go back: sizes stand behind."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, chunk: object) -> int:
            self.content += bytes(chunk)  # type: ignore[call-overload]
            return len(bytes(chunk))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as output:
        output.writestr("notes.txt", b"Hello.\n" * 100)
        output.writestr("data.csv", b"a;b\n" * 100)
    return pipe.content


def _of_finder() -> bytes:
    """As Finder packs a folder: UTF-8 that is not said to be, twins for what only Macs know, streamed."""
    common = {"flags": STREAMED}
    return zipped(
        [
            Entry("Re\u0301sume\u0301/", b"", method=0, mode=0o40755),
            Entry("Re\u0301sume\u0301/photo.png", png_with_text(), **common),
            Entry("__MACOSX/", b"", method=0, mode=0o40775),
            Entry("__MACOSX/Re\u0301sume\u0301/", b"", method=0, mode=0o40775),
            Entry("__MACOSX/Re\u0301sume\u0301/._photo.png", DOUBLE, **common),
            Entry("Re\u0301sume\u0301/.DS_Store", b"\x00\x00\x00\x01Bud1" + bytes(100), **common),
            Entry("__MACOSX/._Re\u0301sume\u0301", DOUBLE, **common),
        ]
    )


def _of_windows() -> bytes:
    """As Explorer packs: names of the old code page, no modes."""
    old = {"made_by": 0, "mode": 0}
    return zipped(
        [Entry("Stra\xe1e.txt".encode("latin-1"), **old), Entry("Fotos/bild.jpg", jpeg_with_gps(), **old)]
    )


def _sixty_four() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as output, output.open("notes.txt", "w", force_zip64=True) as member:
        member.write(b"Hello.\n")
    return file.getvalue()


def _descriptors_of_64() -> bytes:
    content = b"Hello.\n"
    sizes = struct.pack("<LQQ", zlib.crc32(content), len(deflated(content)), len(content))
    return zipped([Entry("notes.txt", content, flags=STREAMED, descriptor=b"PK\7\10" + sizes)])


def _documents() -> bytes:
    return packed({"letter.docx": word(), "copy/letter.docx": word()})


GOOD_ARCHIVES: dict[str, Maker] = {
    "one text": partial(archive, "notes.txt"),
    "text in UTF-16": lambda: packed({"notes.txt": "Gr\xfc\xdfe\r\n".encode("utf-16")}),
    "stored": lambda: packed({"notes.txt": b"Hello."}, zipfile.ZIP_STORED),
    "photos": lambda: packed({"a.png": png_with_text(), "b.jpg": jpeg_with_gps(), "c.webp": webp()}),
    "invoice": lambda: packed({"Rechnungen/2025-01.pdf": pdf(), "Rechnungen/2025-02.pdf": pdf(pages=2)}),
    "finder": _of_finder,
    "explorer": _of_windows,
    "streamed": _streamed,
    "sixty four": _sixty_four,
    "end of sixty four": lambda: zipped([Entry("notes.txt")], sixty_four=True),
    "long descriptors": _descriptors_of_64,
    "descriptor without a name": lambda: zipped(
        [Entry("notes.txt", flags=STREAMED, descriptor=struct.pack("<3L", *_facts_of(b"Hello.\r\n")))]
    ),
    "with a comment": lambda: zipped([Entry("notes.txt", comment=b"first")], comment=b"Packed at noon."),
    "emoji": lambda: zipped([Entry("\U0001f469\u200d\U0001f4bb Plan.txt", flags=UTF_8)]),
    "unicode path": lambda: zipped(
        [Entry(b"Gr\x81n.txt", extra=unicode_path("Gr\xfcn.txt", b"Gr\x81n.txt"))]
    ),
    "folders": lambda: packed({"a/": b"", "a/b/": b"", "a/b/c.txt": b"Hello.", "a/b/d.csv": b"a;b\n"}),
    "tables of every day": lambda: packed(
        {"a.csv": TABLE, "b.csv": TABLE.replace(b",", b"|"), "c.txt": LETTER.encode()}
    ),
    "large table": lambda: packed({"a.csv": b"-1,-2.5,+49 30 123 (home)\n" * 200_000}),
    "empty text": lambda: packed({"empty.txt": b"", "full.txt": b"Hello."}),
    "archive within": partial(nested, 3),
    "documents": _documents,
    "thousand members": partial(many, 1000),
    "long text": lambda: packed({"log.txt": b"2025-01-01 12:00:00 all is well\n" * 250_000}),
    "two dots": partial(archive, "report.v2.final.txt", "example.com.csv"),
    "folder with a dot at its end": partial(archive, "Acme Inc./notes.txt"),
    "bare links in a pdf": lambda: packed({"links.pdf": linked_pdf(b"https://example.com/")}),
    "same names elsewhere": partial(archive, "a/notes.txt", "b/notes.txt"),
}


def _facts_of(content: bytes) -> tuple[int, int, int]:
    return zlib.crc32(content), len(deflated(content)), len(content)


def linked_pdf(link: bytes, action: bytes = b"/URI") -> bytes:
    act = b"<< /Type /Action /S %s /URI (%s) /JS (1) >>" % (action, link)
    if action == b"/URI":
        act = b"<< /Type /Action /S /URI /URI (%s) >>" % link
    note = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 5 0 R >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Annots [4 0 R] >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        note,
        act,
        stream(b"0 0 9 9 re f"),
    ]
    return written(objects)
