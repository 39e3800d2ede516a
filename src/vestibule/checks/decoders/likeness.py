"""Likeness: what is left of a picture that is made small, grey and coarse: 256 bits of what it shows.

The recipe is PDQ's, as its authors published it ("The TMK+PDQF Video-Hashing Algorithm and the PDQ
Image-Hashing Algorithm", 2019): grey, two box blurs, 64 x 64 samples, the 16 x 16 lowest frequencies of
their cosine transform but for the flat ones, and a bit for each above the median. So the values of lists
that others keep mean the same here.
"""

from __future__ import annotations

import math
from itertools import pairwise
from operator import mul
from typing import Any, BinaryIO

from PIL import Image, ImageFilter, ImageOps

from vestibule.checks.decoders import images
from vestibule.checks.decoders.colours import opaque

SIDE, KEPT = 64, 16  # samples, and frequencies, each way
LARGE = 512  # pixels a side: more tell no more
BLURS = 2
FULL = 90  # a picture whose neighbouring samples differ by so many hundredths in sum is 1 % full of detail
BASIS = [
    [math.cos(math.pi / (2 * SIDE) * (row + 1) * (2 * column + 1)) for column in range(SIDE)]
    for row in range(KEPT)
]


def fingerprint(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """The bits of a picture, and of its mirror image, in hex; and how much detail it has, up to 100.

    Options: as `images.rebuild`.
    """
    image = images.opened(file, images.FORMATS[options["content_type"]], options)
    image.draft("L", (LARGE, LARGE))
    grey = opaque(ImageOps.exif_transpose(image)).convert("L")
    grey.thumbnail((LARGE, LARGE), Image.Resampling.BOX)
    samples = sampled(grey)
    mirrored = [row[::-1] for row in samples]
    return {"upright": _hex(samples), "mirrored": _hex(mirrored), "detail": detail(samples)}


def sampled(grey: Image.Image) -> list[list[int]]:
    """Rows of samples, blurred so that each stands for what is around it."""
    radius = tuple((-(-side // (2 * SIDE)) - 1) / 2 for side in grey.size)
    for _ in range(BLURS):
        grey = grey.filter(ImageFilter.BoxBlur(radius))
    small = grey.resize((SIDE, SIDE), Image.Resampling.NEAREST).tobytes()
    return [list(small[at : at + SIDE]) for at in range(0, len(small), SIDE)]


def bits(samples: list[list[int]]) -> int:
    """The picture's 256 bits."""
    columns = [[sum(map(mul, wave, column)) for column in zip(*samples, strict=True)] for wave in BASIS]
    strengths = [sum(map(mul, row, wave)) for row in columns for wave in BASIS]
    median = sorted(strengths)[len(strengths) // 2 - 1]
    return sum(1 << place for place, strength in enumerate(strengths) if strength > median)


def detail(samples: list[list[int]]) -> int:
    """How much neighbours differ. Of flat pictures the bits are chance, and match anything."""
    down = (pair for row, below in pairwise(samples) for pair in zip(row, below, strict=True))
    across = (pair for row in samples for pair in pairwise(row))
    steps = sum(abs(a - b) * 100 // 255 for pairs in (down, across) for a, b in pairs)
    return min(100, steps // FULL)


def _hex(samples: list[list[int]]) -> str:
    return f"{bits(samples):064x}"


def get_ready() -> None:
    """Have the filters loaded now; in a child no file can be opened."""
    sampled(Image.new("L", (LARGE, LARGE)))


JOBS = {"likeness.fingerprint": fingerprint}
