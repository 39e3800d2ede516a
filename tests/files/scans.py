"""Makes TIFF files as scanners, faxes and cameras do, and as tricksters do."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image, ImageDraw, TiffImagePlugin

from tests.files.pictures import SECRET, linear_profile, save, save_frames, scene, turned

Entry = tuple[int, int, int, int]  # tag, type, count, value or its place

SHORT, LONG = 3, 4
HALF = 0x80  # grey


def tiff(*, orientation: int = 1, compression: str = "tiff_lzw", tail: bytes = b"") -> bytes:
    """A photo with the camera's and somebody's remarks."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E], tags[0x010F], tags[0x0131] = SECRET, "Vestibule Camera Works", SECRET
    tags[0x0112] = orientation
    tags[0x02BC] = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    return save(turned(scene(320, 240), orientation), "TIFF", tiffinfo=tags, compression=compression) + tail


def fax(pages: int = 3) -> bytes:
    """Pages in black and white, packed as fax machines do, each with its number of bars."""
    return save_frames([_bars(number + 1) for number in range(pages)], "TIFF", compression="group4")


def scan(pages: int = 2) -> bytes:
    """Pages in colour."""
    return save_frames([scene(160, 120) for _ in range(pages)], "TIFF", compression="jpeg")


def tiff_with_small_copy() -> bytes:
    """A photo, and a smaller copy of it that says so, as editors write it."""
    small = TiffImagePlugin.ImageFileDirectory_v2()
    small[254] = 1
    file = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(file) as writer:
        for image, tags in ((scene(320, 240), {}), (scene(80, 60), small)):
            image.save(writer, "TIFF", tiffinfo=tags)
            writer.newFrame()
    return file.getvalue()


def tiff_of(mode: str, **more: Any) -> bytes:
    """The scene in another kind of pixels: `CMYK`, `I;16`, `L`, `P`, `RGBA`, `1`."""
    if mode == "I;16":
        return save(Image.new("I;16", (64, 48), HALF << 8 | HALF), "TIFF")
    return save(scene(320, 240).convert(mode), "TIFF", **more)


def tiff_in_wide_colours() -> bytes:
    """Wrong if its profile is thrown away."""
    return save(Image.new("RGB", (64, 64), (128, 128, 128)), "TIFF", icc_profile=linear_profile())


def tiff_of_headers(*entries: Entry, pages: int = 1, ring: bool = False) -> bytes:
    """Directories without pixels, all alike. In a ring the last leads to the first again."""
    size = 2 + 12 * len(entries) + 4
    directory = struct.pack("<H", len(entries)) + b"".join(map(_packed, entries))
    places = [8 + number * size for number in range(1, pages)] + [8 if ring else 0]
    return b"II*\0" + b"".join(
        [struct.pack("<I", 8), *(directory + struct.pack("<I", after) for after in places)]
    )


def bomb_tiff(side: int = 60_000) -> bytes:
    """A header that promises side x side pixels."""
    return tiff_of_headers(*grey_of(side))


def bomb_of_pages(pages: int = 1000) -> bytes:
    """So many pages of 1000 x 1000, each with the same few bytes."""
    return tiff_of_headers(*grey_of(1000), pages=pages)


def bomb_of_directories(pages: int = 100_000) -> bytes:
    """A great many pages of one pixel."""
    return tiff_of_headers(*grey_of(1), pages=pages)


def grey_of(side: int) -> tuple[Entry, ...]:
    """What a grey picture must say."""
    return (
        (256, LONG, 1, side),
        (257, LONG, 1, side),
        (258, SHORT, 1, 8),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 1),
        (273, LONG, 1, 8),
        (277, SHORT, 1, 1),
        (278, LONG, 1, side),
        (279, LONG, 1, side * side & 0xFFFFFFFF),
    )


def _packed(entry: Entry) -> bytes:
    return struct.pack("<HHII", *entry)


def _bars(count: int) -> Image.Image:
    page = Image.new("1", (200, 280), 1)
    for number in range(count):
        ImageDraw.Draw(page).rectangle((20, 20 + 40 * number, 180, 40 + 40 * number), 0)
    return page
