"""SVG: drawn, and handed on as the picture that it is. What is a page to a browser is pixels to everybody.

The package that draws is an extra. Where it is not installed there are no jobs, and the policy may not
name the type.
"""

from __future__ import annotations

import codecs
import io
import math
import re
from importlib.util import find_spec
from typing import Any, BinaryIO
from xml.parsers import expat

from PIL import Image

from vestibule.checks.decoders import images, saving
from vestibule.checks.decoders.colours import plain
from vestibule.checks.decoders.xml_parts import Attributes, local
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.text import TextTest

IS_INSTALLED = find_spec("resvg_py") is not None
if IS_INSTALLED:
    import resvg_py

LARGEST = 4 << 20  # bytes: a map of a city; beyond, it takes seconds to draw
SIDE = 1600  # pixels of the longer side: it has no size of its own that would matter
DEEPEST = 200  # elements within each other; resvg 0.48 overflows its stack somewhere below 900
ELEMENTS = 200_000
SVG = "http://www.w3.org/2000/svg"
# Others are drawn as drawings, which this never looked into.
PICTURES = re.compile(r"\s*data:image/(png|jpe?g|gif|webp)[;,]", re.I)
DATA = re.compile(r"\s*data:", re.I)
WORDS = frozenset({"text", "foreignObject"})

for _name in ("utf-8", "utf-16", "latin-1"):  # later no file can be opened
    codecs.lookup(_name)


def rebuild(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write `safe` and `preview`, both pictures. Options: the limits of `images.rebuild`."""
    text = _text(file.read(LARGEST + 1))
    Outline().read(text)
    # A smaller drawing loses nothing that its sender meant.
    image = _drawn(text, min(SIDE, options["side"], math.isqrt(options["pixels"])))
    images.keep_limits(image.size, 1, options)
    kind = saving.save_still(image, "PNG", len(text), outputs["safe"])
    shown = images.preview(image, outputs["preview"])
    return {
        "safe": {"content_type": kind, "width": image.width, "height": image.height},
        "preview": {"content_type": "image/webp", "width": shown[0], "height": shown[1]},
    }


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Refused("too_complex", f"It is a drawing of more than {LARGEST} bytes.")
    test = TextTest(content)
    if not (test.feed(content) and test.finish()):
        raise Refused("type_mismatch", "It is not text to its end.")
    codec = test.encoding if test.encoding in ("utf-8", "utf-16") else "latin-1"
    return content.decode(codec).removeprefix("\ufeff")


def _drawn(text: str, side: int) -> Image.Image:
    try:
        content = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True, width=side, height=side)
    except ValueError as error:
        reason = "too_complex" if "limit" in str(error) else "damaged"
        raise Refused(reason, str(error)[:300]) from error
    image = Image.open(io.BytesIO(content), formats=["PNG"])
    image.load()
    return plain(image)


class Outline:
    """What the drawing is made of, read before it is drawn. Entities count as what they stand for."""

    def __init__(self) -> None:
        self._depth = self._count = 0
        self._parser = parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def read(self, text: str) -> None:
        """Raises `Refused`. Nothing is fetched: what an entity has elsewhere is skipped."""
        try:
            self._parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            reason = "too_complex" if "amplification" in str(error) else "damaged"
            raise Refused(reason, str(error)) from error

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        self._count += 1
        if self._depth == 1 and name != f"{SVG} svg":
            raise Refused("type_mismatch", f"It is no drawing, but {name[:100]!r}.")
        if self._depth > DEEPEST or self._count > ELEMENTS:
            raise Refused("too_complex", f"It has {self._count} elements, here {self._depth} deep.")
        if local(name) in WORDS and name.startswith(f"{SVG} "):
            raise Refused("type_not_accepted", "There is text in it, which is not drawn without fonts.")

        for key, value in attributes.items():
            if local(key) == "href" and DATA.match(value) and not PICTURES.match(value):
                raise Refused("too_complex", "There is a drawing within it, or what could be one.")

    def _end(self, name: str) -> None:
        self._depth -= 1


JOBS = {"drawings.rebuild": rebuild} if IS_INSTALLED else {}
