"""Makes PDFs, good and bad ones, by hand: no writer that is installed makes the bad ones."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from tests.files.cache import cached

TEXT = b"BT /F1 48 Tf 72 700 Td (Invoice 2026-001) Tj ET 0.1 0.5 0.4 rg 72 300 400 200 re f"


def pdf(
    pages: int = 1, *, size: tuple[float, float] = (595, 842), tail: bytes = b"", head: bytes = b""
) -> bytes:
    """Pages with a headline and a coloured box."""
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(pages))
    box = b"[0 0 %g %g]" % size
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(TEXT),
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R" % box
    objects += [page + b" /Resources << /Font << /F1 3 0 R >> >> >>"] * pages
    return written(objects, head=head) + tail


def paper(
    *,
    catalogue: bytes = b"",
    page: bytes = b"",
    text: bytes = TEXT,
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """One page, with entries of one's own; `more` objects are numbered from 6."""
    if b"/Resources" not in page:
        page += b" /Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s >>" % page,
        stream(text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    return written(objects, trailer=trailer) + tail


def updated(content: bytes, objects: Mapping[int, bytes]) -> bytes:
    """A later version behind the former one, as readers save it: only what changed, and its own table."""
    start = content.rindex(b"startxref\n") + 10
    before = int(content[start : content.index(b"\n", start)])
    size = int(content[content.rindex(b"/Size ") + 6 :].split(maxsplit=1)[0])
    table = b""
    for number, entry in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, entry)
    root = b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (max(size, max(objects) + 1), before)
    return content + b"xref\n" + table + root + b"startxref\n%d\n%%%%EOF\n" % len(content)


def pdf_with_password() -> bytes:
    """Locked: its key table belongs to a password that nobody has."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"5a" * 32, b"a5" * 32)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        lock,
    ]
    return written(objects, trailer=b"/Encrypt 4 0 R /ID [<00> <00>]")


def pdf_bomb(megabytes: int = 2_000) -> bytes:
    """A page whose drawing unpacks to this much."""
    return cached(f"bomb-{megabytes}.pdf", lambda: _bomb(megabytes))


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    block = b"0 0 m " * 174_763  # one megabyte
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    content = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        content,
    ]
    return written(objects)


def packed(content: bytes, head: bytes = b"") -> bytes:
    """A stream by Flate."""
    small = zlib.compress(content)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (len(small), head, small)


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def written(objects: Sequence[bytes], *, trailer: bytes = b"", head: bytes = b"") -> bytes:
    """The objects numbered from 1, the first the catalogue, with their table."""
    file, places = bytearray(head + b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    root = b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(file) + end + root + b"startxref\n%d\n%%%%EOF\n" % len(file)
