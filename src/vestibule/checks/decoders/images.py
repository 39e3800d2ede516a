"""Pictures: decoded whole and built anew from their pixels, so that nothing but pixels comes through."""

from __future__ import annotations

import os
import warnings
from typing import Any, BinaryIO

import pi_heif
import pi_heif.as_plugin
from PIL import GifImagePlugin, Image, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError

from vestibule.checks.decoders import containers, headers, saving, scans
from vestibule.checks.decoders.colours import plain
from vestibule.checks.nursery.jobs import Refused

FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
PREVIEW_QUALITY = 80
PREVIEW_SIDE = 960  # pixels

pi_heif.as_plugin.register_heif_opener()
pi_heif.options.DECODE_THREADS = 1
Image.init()  # all decoders are loaded now; later no file can be opened
ImageFile.LOAD_TRUNCATED_IMAGES = False
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
warnings.simplefilter("error", Image.DecompressionBombWarning)


def rebuild(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write `safe` and `preview`.

    Options: `content_type`, and the limits `pixels`, `side`, `frames` and `frame_pixels`.
    """
    format_ = FORMATS[options["content_type"]]
    image = opened(file, format_, options)
    if _frames(image) > 1:
        image.load()
        whole = first = plain(image.copy())
        kind = saving.save_animation(image, outputs["safe"])
    else:
        pages = scans.pages(image, options) if format_ == "TIFF" else [plain(_upright(image))]
        first, whole = pages[0], scans.stacked(pages, options)
        size = file.seek(0, os.SEEK_END)
        kind = saving.save_still(whole, format_, size, outputs["safe"])
    shown = preview(first, outputs["preview"])
    return {
        "safe": {"content_type": kind, "width": whole.width, "height": whole.height},
        "preview": {"content_type": "image/webp", "width": shown[0], "height": shown[1]},
        "frames": _frames(image),
    }


def verify(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Look at what `rebuild` made, in another process: it opens, and holds nothing but pixels.

    Options: those of `rebuild`, and the `width` and `height` that it should have.
    """
    stray = containers.stray(file, options["content_type"])
    if stray:
        raise Refused("check_failed", f"The copy holds {stray}.", outcome="error")
    image = opened(file, FORMATS[options["content_type"]], options)
    size = image.size
    if image.format == "JPEG":
        image.draft(None, (1, 1))  # reads all of the data, and skips most of the arithmetic
    for frame in ImageSequence.Iterator(image):
        frame.load()
    if size != (options["width"], options["height"]):
        raise Refused("check_failed", f"The copy is {size}.", outcome="error")
    return {"frames": _frames(image)}


def opened(file: BinaryIO, format_: str, options: dict[str, Any]) -> Image.Image:
    """The picture, its header read and its limits kept, nothing decoded. Raises `Refused`."""
    Image.MAX_IMAGE_PIXELS = options["pixels"]
    if size := headers.declared_size(file, format_):
        keep_limits(size, 1, options)
    try:
        image = Image.open(file, formats=[format_])
        keep_limits(image.size, 1, options)
        keep_limits(image.size, _frames(image), options)
        if format_ == "TIFF":
            scans.numbers(image, options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_complex", str(error)) from error
    except UnidentifiedImageError as error:
        file.seek(0)
        same = headers.is_format(file.read(headers.HEAD), format_)
        raise Refused("damaged" if same else "type_mismatch", f"It is no {format_}.") from error
    return image


def preview(image: Image.Image, output: BinaryIO) -> tuple[int, int]:
    """Write a small WebP, and give its size."""
    small = image.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    saving.bare(small).save(output, "WEBP", quality=PREVIEW_QUALITY, method=4)
    return small.size


def keep_limits(size: tuple[int, int], frames: int, options: dict[str, Any]) -> None:
    """Raises `Refused`."""
    pixels = size[0] * size[1]
    if max(size) > options["side"] or pixels > options["pixels"]:
        raise Refused("too_complex", f"It has {size[0]} x {size[1]} pixels.")
    if frames > options["frames"] or frames * pixels > options["frame_pixels"]:
        raise Refused("too_complex", f"It has {frames} frames of {size[0]} x {size[1]} pixels.")


def _frames(image: Image.Image) -> int:
    """How many frames are shown. A JPEG's or HEIC's further pictures are no animation."""
    return getattr(image, "n_frames", 1) if image.format in ("GIF", "WEBP", "PNG") else 1


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera says. HEIC's decoder does so itself, and then says that nothing is to do."""
    image.load()
    return ImageOps.exif_transpose(image)


JOBS = {"images.rebuild": rebuild, "images.verify": verify}
