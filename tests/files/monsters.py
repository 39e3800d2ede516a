"""PDFs that no honest program writes: small to send, and endless, huge or broken to read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf

from tests.files.active_papers import JS
from tests.files.cache import cached
from tests.files.papers import packed, paper, pdf, pdf_bomb, pdf_with_password, stream, written

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"
PIXELS = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width %d /Height %d"


def tree(*nodes: bytes) -> bytes:
    """A tree of pages, whose root is object 2."""
    return written([CATALOGUE, *nodes])


def node(*kids: int) -> bytes:
    return b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )


def doubling(levels: int = 40) -> bytes:
    """Each node has the next one twice: a handful of objects, a billion pages."""
    return tree(*(node(level + 3, level + 3) for level in range(levels)), PAGE % b"")


def deep_tree(levels: int = 300) -> bytes:
    return tree(*(node(level + 3) for level in range(levels)), PAGE % b"")


def inflating(megabytes: int, **more: bytes) -> bytes:
    """A stream of so many megabytes of drawing that shows nothing."""
    return packed(b"0 0 m " * 174_763 * megabytes, **more)


def drawn_again(times: int = 2000) -> bytes:
    """One page that draws a megabyte, again and again."""
    parts = b"/Contents [" + b"5 0 R " * times + b"]"
    return tree(node(3), PAGE % parts, b"null", inflating(1))


def second_page() -> bytes:
    """A reader looks at the first page and sees nothing."""
    return cached(
        "second.pdf", lambda: tree(node(3, 4), PAGE % b"", PAGE % b"/Contents 5 0 R", inflating(300))
    )


def twice_packed() -> bytes:
    """A thousandfold, and that a thousandfold."""
    inner = zlib.compress(bytes(600 << 20), 9)
    outer = zlib.compress(inner, 9)
    content = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (
        len(outer),
        outer,
    )
    return tree(node(3), PAGE % b"/Contents 4 0 R", content)


def packed_objects() -> bytes:
    """A stream of objects, the catalogue among them, that unpacks to 600 MB."""
    return cached("objects.pdf", lambda: with_object_stream(600 << 20))


def with_object_stream(blanks: int) -> bytes:
    inside = [CATALOGUE, node(3), PAGE % b"/Contents 6 0 R"]
    at = [sum(len(item) + 1 for item in inside[:number]) for number in range(3)]
    table = b" ".join(b"%d %d" % (number, place) for number, place in enumerate(at, 1)) + b" "
    head = b"/Type /ObjStm /N 3 /First %d" % len(table)
    content = packed(table + b" ".join(inside) + b" " * blanks, head)
    file = b"%PDF-1.7\n4 0 obj\n" + content + b"\nendobj\n"
    page = len(file)
    file += b"6 0 obj\n" + stream(b"9 9 99 99 re f") + b"\nendobj\n"
    rows = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, 9, 0), (1, len(file), 0), (1, page, 0)]
    index = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([last]) for kind, place, last in rows)
    references = packed(index, b"/Type /XRef /W [1 4 1] /Size 7 /Root 1 0 R")
    return file + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (references, len(file))


def labelled_picture() -> bytes:
    """Says that it is a small picture, and unpacks to 300 MB."""
    return tree(node(3), PAGE % b"/Contents 4 0 R", inflating(300, head=PIXELS % (10, 10)))


def huge_picture() -> bytes:
    picture = stream(b"").replace(b"<<", b"<< " + PIXELS % (60_000, 60_000))
    return paper(page=b"/Resources << /XObject << /X 6 0 R >> >>", more=[picture])


def crowd(objects: int = 200_100) -> bytes:
    return paper(more=[b"<<>>"] * objects)


def lost_drawing() -> bytes:
    """Its table is broken, and so is what its page draws."""
    return paper().replace(b"startxref\n", b"startxref\n9").replace(b"4 0 obj", b"4 x obj")


def archive_in_a_stream() -> bytes:
    """A reader shows a page; a program for archives finds an archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("a.txt", "hello")
    small = zlib.compress(b"nothing") + archive.getvalue()
    content = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(small), small)
    return paper(page=b"/Group << /S /Transparency /Old 6 0 R >>", more=[content])


def lock(entries: bytes) -> bytes:
    objects = [CATALOGUE, node(3), PAGE % b"", b"<< %s >>" % entries]
    return written(objects, trailer=b"/Encrypt 4 0 R /ID [<00> <00>]")


def with_password() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="owner", user="secret", R=6))
    return output.getvalue()


COMPLEX, DAMAGED, MISMATCH = "too_complex", "damaged", "type_mismatch"

MONSTERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a tree in a ring": (lambda: tree(node(3), node(2)), DAMAGED),
    "a tree that is its own page": (lambda: tree(node(2)), DAMAGED),
    "a tree without pages": (lambda: tree(node()), DAMAGED),
    "no tree": (lambda: written([b"<< /Type /Catalog >>"]), DAMAGED),
    "a tree of numbers": (lambda: tree(b"<< /Type /Pages /Kids [1 2 3] /Count 3 >>"), DAMAGED),
    "a doubling tree": (doubling, DAMAGED),
    "a deep tree": (deep_tree, DAMAGED),
    "more pages than a book": (lambda: pdf(pages=5001), COMPLEX),
    "nested": (lambda: paper(more=[b"[" * 200 + b"]" * 200]), COMPLEX),
    "nested beyond the reader": (lambda: paper(more=[b"<< /A " * 5000 + b"1" + b">>" * 5000]), COMPLEX),
    "a crowd of objects": (crowd, COMPLEX),
    "a crowd within one object": (lambda: paper(more=[b"[" + b"<<>>" * 1_100_000 + b"]"]), COMPLEX),
    "a bomb": (pdf_bomb, COMPLEX),
    "a bomb on the second page": (second_page, COMPLEX),
    "a bomb within a bomb": (twice_packed, COMPLEX),
    "a bomb of objects": (packed_objects, DAMAGED),
    "a bomb that says it is a picture": (labelled_picture, COMPLEX),
    "a megabyte drawn for ever": (drawn_again, COMPLEX),
    "a huge picture": (huge_picture, COMPLEX),
    "what it draws is lost": (lost_drawing, DAMAGED),
    "text between a head and an end": (lambda: b"%PDF-1.7\n" + b"hello\n" * 100 + b"%%EOF\n", DAMAGED),
    "cut off": (lambda: pdf()[:-200], DAMAGED),
    "a page of HTML before": (lambda: pdf(head=b"<html><script>alert(1)</script>" + b" " * 64), MISMATCH),
    "a page of HTML behind": (lambda: pdf(tail=b"<html><script>alert(1)</script>" + b" " * 1024), MISMATCH),
    "a script behind": (lambda: paper(catalogue=b"/OpenAction " + JS, tail=b"//" + b"a" * 1100), MISMATCH),
    "an archive behind": (lambda: pdf(tail=b"PK\x05\x06" + bytes(18)), MISMATCH),
}

LOCKED: dict[str, Callable[[], bytes]] = {
    "a password": with_password,
    "nobody's password": pdf_with_password,
    "another maker's lock": lambda: lock(b"/Filter /Acme.Lock /V 1 /R 2"),
    "a lock of the future": lambda: lock(
        b"/Filter /Standard /V 9 /R 9 /P -4 /O <%s> /U <%s>" % (b"5a" * 32, b"a5" * 32)
    ),
}
