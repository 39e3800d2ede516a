"""Scanned papers: a TIFF may have many pages, and only few programs can show those.

Its copy is one picture, with the pages one below another: a copy of the first alone would lose the rest
without a word.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageOps

from vestibule.checks.decoders.colours import opaque, plain
from vestibule.checks.nursery.jobs import Refused

# TIFF 6.0, section 8 (NewSubfileType) and section 19 of the older SubfileType
NEW_KIND, OLD_KIND = 254, 255
SMALLER_OR_MASK = 0b101  # bits of the new one
SMALLER = 2  # of the old one
GAP, GREY = 12, "#a0a0a0"  # pixels between two pages, and their colour


def numbers(image: Image.Image, options: dict[str, Any]) -> list[int]:
    """Which of its pictures are pages, and not smaller copies or masks of one. Raises `Refused`.

    Only headers are read. What all pages have together keeps the limits of one picture.
    """
    found, pixels, number = [], 0, 0
    while _is_there(image, number):
        if number >= options["frames"]:
            raise Refused("too_complex", f"It has more than {number} pages.")
        if _is_page(image):
            found.append(number)
            pixels += image.width * image.height
        if pixels > options["pixels"] or max(image.size) > options["side"]:
            raise Refused(
                "too_complex", f"Its pages have {pixels} pixels, here {image.width} x {image.height}."
            )
        number += 1
    image.seek(0)
    return found or [0]


def pages(image: Image.Image, options: dict[str, Any]) -> list[Image.Image]:
    """Every page, upright and in plain colours."""
    found = []
    for number in numbers(image, options):
        image.seek(number)
        image.load()
        found.append(plain(ImageOps.exif_transpose(image)))
    return found


def stacked(found: list[Image.Image], options: dict[str, Any]) -> Image.Image:
    """The pages one below another. Raises `Refused` where that is too large."""
    if len(found) == 1:
        return found[0]
    width = max(page.width for page in found)
    height = sum(page.height for page in found) + GAP * (len(found) - 1)
    if height > options["side"] or width * height > options["pixels"]:
        raise Refused("too_complex", f"Its {len(found)} pages together have {width} x {height} pixels.")
    is_grey = all(page.mode == "L" for page in found)
    paper = Image.new("L" if is_grey else "RGB", (width, height), GREY)
    top = 0
    for page in found:
        paper.paste(opaque(page), (0, top))
        top += page.height + GAP
    return paper


def _is_there(image: Image.Image, number: int) -> bool:
    try:
        image.seek(number)
    except EOFError:
        return False
    return True


def _is_page(image: Image.Image) -> bool:
    tags: Any = image.tag_v2  # type: ignore[attr-defined]
    return not int(tags.get(NEW_KIND, 0)) & SMALLER_OR_MASK and tags.get(OLD_KIND) != SMALLER
