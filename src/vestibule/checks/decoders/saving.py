"""How a picture's pixels are written again: as what, and how hard one tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image, ImageSequence

from vestibule.checks.decoders.colours import opaque, without_idle_alpha

QUALITY = 90  # at which the eye no longer sees that it was saved again
MOVING_QUALITY = 80
FEW_COLOURS = 4096  # drawings and screenshots have no more; they suffer as JPEG
FEW_GREYS = 64  # drawings and faxes have no more; a scan of paper has all there are
PHOTO_DENSITY = 1.0  # bytes a pixel: above it, a PNG holds a photo
BIG = 4_000_000  # pixels, above which PNG is packed less hard: it would take seconds
LONG = (
    60_000_000  # pixels of all frames, above which a GIF's colours are chosen in a hurry: seven times faster
)


def save_still(image: Image.Image, format_: str, size: int, output: BinaryIO) -> str:
    """Write a picture that came as `format_`, in `size` bytes; gives its new content type."""
    image = bare(image)
    if format_ == "WEBP" and _saved_as_webp(image, output):
        return "image/webp"
    if format_ in ("PNG", "GIF", "BMP", "WEBP", "TIFF") and not _is_photo(image, format_, size):
        image.save(output, "PNG", compress_level=1 if image.width * image.height > BIG else 6)
        return "image/png"
    opaque(image).save(output, "JPEG", quality=QUALITY)
    return "image/jpeg"


def save_animation(image: Image.Image, output: BinaryIO) -> str:
    """Write every frame; gives the content type, which stays the same."""
    loop = image.info.get("loop")
    if image.format == "WEBP":
        return _save_moving_webp(image, loop or 0, output)
    frames = _composed(image)
    first = next(frames)
    options: dict[str, Any] = {"save_all": True, "append_images": frames}
    if image.format == "GIF":
        repeat = {} if loop is None else {"loop": loop}  # without it, it plays once, like the original
        disposal = 2 if first.mode == "RGBA" else 0  # frames are whole: where one is clear, the last must go
        first.save(output, "GIF", disposal=disposal, **options, **repeat)
        return "image/gif"
    options["append_images"] = list(frames)  # which this format looks through twice
    first.save(output, "PNG", blend=0, disposal=0, loop=loop or 0, **options)
    return "image/png"


def bare(image: Image.Image) -> Image.Image:
    """The pixels alone: Pillow would write comments and profiles again that it finds in `info`."""
    image.info = {}
    return image


def _saved_as_webp(image: Image.Image, output: BinaryIO) -> bool:
    try:
        image.save(output, "WEBP", quality=QUALITY, method=1)
    except ValueError:  # a very detailed picture does not fit: its first partition has 512 KB at most
        output.seek(0)
        output.truncate()
        return False
    return True


def _is_photo(image: Image.Image, format_: str, size: int) -> bool:
    few = FEW_GREYS if (format_, image.mode) == ("TIFF", "L") else FEW_COLOURS
    if image.mode == "RGBA" or image.getcolors(few) is not None:
        return False
    return format_ in ("BMP", "WEBP", "TIFF") or size / (image.width * image.height) > PHOTO_DENSITY


def _save_moving_webp(image: Image.Image, loop: int, output: BinaryIO) -> str:
    durations = [_duration(frame) for frame in ImageSequence.Iterator(image)]
    options: dict[str, Any] = {"duration": durations, "quality": MOVING_QUALITY, "method": 1}
    image.save(output, "WEBP", save_all=True, loop=loop, exif=b"", xmp=b"", icc_profile=b"", **options)
    return "image/webp"


def _composed(image: Image.Image) -> Iterator[Image.Image]:
    """Each frame as it is seen, with nothing of its own but how long."""
    is_long = getattr(image, "n_frames", 1) * image.width * image.height > LONG
    for frame in ImageSequence.Iterator(image):
        duration = _duration(frame)
        whole = without_idle_alpha(frame.convert("RGBA"))
        if image.format == "GIF" and whole.mode == "RGB" and is_long:
            whole = whole.quantize(256, method=Image.Quantize.FASTOCTREE)
        whole.info = {"duration": duration}
        yield whole


def _duration(frame: Image.Image) -> int:
    frame.load()
    return int(frame.info.get("duration", 0))  # milliseconds
