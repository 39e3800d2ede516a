"""Makes pictures as phones, scanners, browsers and drawing programs write them."""

from __future__ import annotations

import struct
import zlib

from PIL import Image, ImageCms, ImageDraw, ImageFilter

from tests.files import (
    jpeg_with_gps,
    scene,
)
from tests.files.pictures import SRGB, chunk, exif, png_of_chunks, save, save_frames, turned


def mirrored(orientation: int) -> bytes:
    """As the sensor has it when held so; the odd four come from scanners and front cameras."""
    undo = {
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        7: Image.Transpose.TRANSVERSE,
    }
    stored = (
        scene(320, 240).transpose(undo[orientation])
        if orientation in undo
        else turned(scene(320, 240), orientation)
    )
    return save(stored, "JPEG", exif=exif(orientation))


def grey_16() -> bytes:
    """From a scanner or a microscope."""
    image = Image.new("I;16", (200, 150))
    image.putdata([x * 300 + y for y in range(150) for x in range(200)])
    return save(image, "PNG")


def colour_16(alpha: bool = False) -> bytes:
    """From a camera's raw converter: 48 bits a pixel."""
    width, height, parts = 120, 90, 4 if alpha else 3
    rows = b"".join(
        b"\0"
        + b"".join(
            struct.pack(f">{parts}H", x * 500, y * 700, 30_000, 50_000)[: parts * 2]
            if alpha
            else struct.pack(">3H", x * 500, y * 700, 30_000)
            for x in range(width)
        )
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 16, 6 if alpha else 2, 0, 0, 0)
    return png_of_chunks([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def interlaced() -> bytes:
    """In seven passes, as old web editors save."""
    width, height, rows = 64, 48, b""
    for x0, y0, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        for y in range(y0, height, dy):
            rows += b"\0" + bytes(part for x in range(x0, width, dx) for part in (x * 4, y * 5, 128))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return png_of_chunks([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def split_png() -> bytes:
    """With many chunks: gamma, density, time, and pixels in small pieces, as browsers write them."""
    image = scene(200, 150)
    rows = b"".join(b"\0" + image.crop((0, y, 200, y + 1)).tobytes() for y in range(150))
    data = zlib.compress(rows)
    pieces = [(b"IDAT", data[at : at + 8192]) for at in range(0, len(data), 8192)]
    head = struct.pack(">IIBBBBB", 200, 150, 8, 2, 0, 0, 0)
    more = [
        (b"sRGB", b"\0"),
        (b"gAMA", struct.pack(">I", 45455)),
        (b"pHYs", struct.pack(">IIB", 5669, 5669, 1)),
    ]
    return png_of_chunks(
        [
            (b"IHDR", head),
            *more,
            (b"tIME", struct.pack(">HBBBBB", 2026, 5, 1, 9, 41, 0)),
            *pieces,
            (b"IEND", b""),
        ]
    )


def screenshot(width: int = 1440, height: int = 900) -> bytes:
    image = Image.new("RGB", (width, height), "#f6f7f8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 60), "#1f7a6d")
    for line in range(90, height - 40, 28):
        draw.text((60, line), f"Order {line} arrived on time, and was paid by card.", "black")
    return save(image, "PNG", icc_profile=SRGB)


def noisy(width: int, height: int, **options: object) -> bytes:
    """A photo with a camera's noise."""
    image, noise = scene(width, height), Image.effect_noise((width, height), 50)
    bands = [Image.blend(band, noise, 0.2) for band in image.split()]
    return save(Image.merge("RGB", bands), "JPEG", exif=exif(), **options)


def with_trailer() -> bytes:
    """As some phones write: their own notes behind the end."""
    return (
        jpeg_with_gps()
        + b"\0\0\1\x0a\x0e\0\0\0Image_UTC_Data1700000000000SEFH\x6b\0\0\0\1\0\0\0"
        + b"\0\0\1\x0a\x23\0\0\0\x23\0\0\0\x18\0\0\0SEFT"
    )


def with_film() -> bytes:
    """As phones write a photo that moves: a film behind the end."""
    from tests.files import mp4

    return jpeg_with_gps() + mp4(1)


def long_profile() -> bytes:
    """A profile that takes two segments."""
    return save(scene(160, 120), "JPEG", icc_profile=SRGB + bytes(70_000))


def lab_profile() -> bytes:
    """A profile with a name, as calibrated screens have."""
    return save(
        scene(160, 120), "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )


def transparent_palette() -> bytes:
    image = scene(64, 48).quantize(16)
    return save(image, "PNG", transparency=3)


def transparent_gif() -> bytes:
    image = scene(64, 48).quantize(16)
    return save(image, "GIF", transparency=3)


def drawn_over() -> bytes:
    """An animation whose frames are pieces of the picture, each disposed of in another way."""
    frames = [scene(120, 90).filter(ImageFilter.GaussianBlur(n)) for n in range(5)]
    return save_frames(
        [frame.quantize(32) for frame in frames], "GIF", duration=[40, 80, 120, 160, 2000], disposal=2, loop=3
    )


def gif_87() -> bytes:
    return save(scene(64, 48).quantize(8), "GIF").replace(b"GIF89a", b"GIF87a", 1)


def with_remark_first() -> bytes:
    """A segment of a program before the usual first one."""
    whole = save(scene(160, 120), "JPEG")
    note = b"Ducky\0\1\0\4\0\0\0\x3c\0\0"
    return whole[:2] + b"\xff\xec" + struct.pack(">H", len(note) + 2) + note + whole[2:]


def of_adobe() -> bytes:
    return save(scene(160, 120).convert("CMYK"), "JPEG", quality=95)


def png_chunk_of_its_own() -> bytes:
    whole = save(scene(64, 48), "PNG")
    return whole[:33] + chunk(b"prVW", b"a drawing program's own") + whole[33:]
