"""Makes pictures as phones, cameras, browsers and tricksters do."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from tests.files.cache import cached

SECRET = "Kilroy was here"  # what must not come through, in whatever place it was put
LATITUDE, LONGITUDE = (52.0, 31.0, 12.0), (13.0, 24.0, 36.0)


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """A picture whose corners tell which way is up: red, green, blue, white from the top left."""
    image = Image.merge(
        "RGB",
        (
            Image.linear_gradient("L").resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
            Image.linear_gradient("L").rotate(90).resize((width, height)),
        ),
    )
    draw, w, h = ImageDraw.Draw(image), width // 4, height // 4
    draw.rectangle((0, 0, w, h), "red")
    draw.rectangle((width - w, 0, width, h), "lime")
    draw.rectangle((0, height - h, w, height), "blue")
    draw.rectangle((width - w, height - h, width, height), "white")
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours of the four corners: `red`, `lime`, `blue`, `white`, `?`; top left, top right, ..."""
    rgb, x, y = image.convert("RGB"), image.width // 16, image.height // 16
    places = [(x, y), (image.width - x, y), (x, image.height - y), (image.width - x, image.height - y)]
    return [_name(rgb.getpixel(place)) for place in places]


def _name(colour: Any) -> str:
    bits = tuple(value > 160 for value in colour)
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white"}
    return names.get(bits, "?")


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: where, with what, which way up, and somebody's remark."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0110] = "Vestibule Camera Works", "Model 1"
    tags[0x010E] = SECRET
    tags[0x8825] = {0: b"\2\3\0\0", 1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE}
    return tags


def jpeg_with_gps(
    width: int = 640, height: int = 480, *, orientation: int = 1, quality: int = 88, tail: bytes = b""
) -> bytes:
    """A phone's photo: GPS, camera, comment, XMP; seen upright when turned by `orientation`."""
    stored = turned(scene(width, height), orientation)
    return (
        save(
            stored,
            "JPEG",
            quality=quality,
            exif=exif(orientation),
            comment=SECRET.encode(),
            xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode(),
            icc_profile=SRGB,
        )
        + tail
    )


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """As the sensor had it, so that `orientation` makes it upright again."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(undo[orientation]) if orientation in undo else image


def jpeg_with_two_pictures() -> bytes:
    """As cameras keep a second view or a map of depths in one file."""
    return save_frames([scene(320, 240), scene(160, 120).rotate(90)], "MPO")


def avif(*, orientation: int = 1, tail: bytes = b"") -> bytes:
    xmp = f"<x>{SECRET}</x>".encode()
    return save(turned(scene(320, 240), orientation), "AVIF", exif=exif(orientation), xmp=xmp) + tail


def avif_animated() -> bytes:
    return save_frames(_moving(3), "AVIF")


def bmp(*, tail: bytes = b"") -> bytes:
    return save(scene(64, 48), "BMP") + tail


def bmp_upside_down() -> bytes:
    """Its rows stand from the top down, which a negative height says."""
    data = bytearray(save(scene(64, 48).transpose(Image.Transpose.FLIP_TOP_BOTTOM), "BMP"))
    data[22:26] = struct.pack("<i", -48)
    return bytes(data)


def photo_12_megapixels() -> bytes:
    """A photo of 4000 x 3000 with a camera's noise, about 2 MB."""
    return cached("photo-12mp.jpg", _noisy_photo)


def _noisy_photo() -> bytes:
    image = scene(4000, 3000)
    noise = Image.effect_noise(image.size, 60)
    noisy = Image.merge("RGB", [Image.blend(band, noise, 0.2) for band in image.split()])
    return save(noisy, "JPEG", quality=88, exif=exif())


def jpeg_cmyk() -> bytes:
    """As printers send them."""
    return save(scene(320, 240).convert("CMYK"), "JPEG")


def jpeg_in_wide_colours() -> bytes:
    """Its profile swaps no channel but bends all of them: wrong if the profile is thrown away."""
    return save(Image.new("RGB", (64, 64), (128, 128, 128)), "JPEG", icc_profile=linear_profile())


def png_with_text(*, transparent: bool = False, tail: bytes = b"") -> bytes:
    """A drawing with remarks in text chunks, compressed and not."""
    image = scene(320, 240).quantize(64).convert("RGBA" if transparent else "RGB")
    if transparent:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET)
    notes.add_text("Description", SECRET * 20, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return save(image, "PNG", pnginfo=notes, exif=exif()) + tail


def gif_animated(frames: int = 6, *, tail: bytes = b"") -> bytes:
    """A moving square with a comment; plays for ever, 80 ms a frame."""
    return save_frames(_moving(frames), "GIF", duration=80, loop=0, comment=SECRET.encode()) + tail


def webp_animated(frames: int = 6) -> bytes:
    return save_frames(_moving(frames), "WEBP", duration=80, loop=0, exif=exif().tobytes())


def png_animated(frames: int = 6) -> bytes:
    return save_frames(_moving(frames), "PNG", duration=80, loop=0)


def webp(*, transparent: bool = False) -> bytes:
    image = scene(320, 240)
    if transparent:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    return save(image, "WEBP", quality=85, exif=exif().tobytes(), xmp=SECRET.encode())


def heic(width: int = 320, height: int = 240, *, orientation: int = 1) -> bytes:
    """As an iPhone sends it, smaller; seen upright when turned by `orientation`."""
    name = f"photo-{width}x{height}-{orientation}.heic"
    return cached(name, lambda: _heic(turned(scene(width, height), orientation), orientation))


def _heic(image: Image.Image, orientation: int) -> bytes:
    import pillow_heif  # the tests' own: the server's decoder cannot write

    file = io.BytesIO()
    made = pillow_heif.from_pillow(image)
    made.save(file, quality=60, exif=exif(orientation).tobytes())
    return file.getvalue()


def bomb_png(side: int = 60_000) -> bytes:
    """A header that promises side x side pixels, and a little data."""
    return png_of_chunks(
        [
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(1 << 20))),
            (b"IEND", b""),
        ]
    )


def bomb_jpeg(side: int = 60_000) -> bytes:
    return patched(jpeg_with_gps(64, 64), "JPEG", side)


def bomb_gif(side: int = 60_000) -> bytes:
    return patched(gif_animated(2), "GIF", side)


def bomb_webp(side: int = 16_383) -> bytes:
    return patched(webp(transparent=True), "WEBP", side)


def bomb_heic(side: int = 60_000) -> bytes:
    return patched(heic(), "HEIF", side)


def bomb_avif(side: int = 16_000) -> bytes:
    return patched(avif(), "AVIF", side)  # a larger one its decoder would not take either


def bomb_bmp(side: int = 60_000) -> bytes:
    data = bytearray(bmp())
    data[18:26] = struct.pack("<ii", side, side)
    return bytes(data)


def bomb_of_frames(frames: int = 1_500) -> bytes:
    """A GIF of 4000 x 4000 with a great many frames of one pixel: 24 thousand million pixels to show."""
    head = b"GIF89a" + struct.pack("<HHBBB", 4000, 4000, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b"\x3b"


def bomb_of_text() -> bytes:
    """A PNG whose compressed remark unpacks to 100 MB."""
    whole = png_with_text()
    remark = b"Comment\0\0" + zlib.compress(bytes(100 << 20))
    return whole[:33] + chunk(b"zTXt", remark) + whole[33:]


def patched(content: bytes, format_: str, side: int) -> bytes:
    """The same file with a header that lies about its size."""
    data = bytearray(content)
    if format_ == "JPEG":
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", side, side)
    elif format_ == "GIF":
        data[6:10] = struct.pack("<HH", side, side)
    elif format_ == "WEBP":
        data[24:30] = (side - 1).to_bytes(3, "little") * 2
    else:
        at = data.index(b"ispe")
        data[at + 8 : at + 16] = struct.pack(">II", side, side)
    return bytes(data)


def png_of_chunks(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def save(image: Image.Image, format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def save_frames(frames: list[Image.Image], format_: str, **options: Any) -> bytes:
    return save(frames[0], format_, save_all=True, append_images=frames[1:], **options)


def _moving(frames: int) -> list[Image.Image]:
    made = []
    for number in range(frames):
        image = Image.new("RGB", (120, 90), "navy")
        ImageDraw.Draw(image).rectangle((number * 10, 20, number * 10 + 20, 60), "orange")
        made.append(image)
    return made


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def linear_profile() -> bytes:
    """sRGB's colours with a straight line for a curve: 128 in it is 188 in sRGB."""
    data = bytearray(SRGB)
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        at = data.index(name)
        start = int.from_bytes(data[at + 4 : at + 8], "big")
        data[start : start + 12] = b"curv" + bytes(8)  # a curve without points is the identity
        data[at + 8 : at + 12] = (12).to_bytes(4, "big")
    return bytes(data).replace("sRGB".encode("utf-16-be"), "line".encode("utf-16-be"))
