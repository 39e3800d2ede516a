"""Pictures are decoded and built anew: what others get is pixels, and nothing that was hidden beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import msgspec

from vestibule.checks.rebuilding import Facts, Made, Preview, RebuildingCheck
from vestibule.models import Rendition


class Safe(msgspec.Struct, frozen=True, kw_only=True):
    """The rebuilt picture, by its maker's account; only these types can come of it."""

    content_type: Literal["image/jpeg", "image/png", "image/webp", "image/gif"]
    width: int
    height: int


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The word of `images.rebuild`."""

    safe: Safe
    preview: Preview


@dataclass(slots=True)
class ImageCheck(RebuildingCheck):
    """Refuses what is no picture, or too much of one; makes `safe` and `preview`."""

    name = "images"

    job: ClassVar[str] = "images.rebuild"
    types: ClassVar[frozenset[str]] = frozenset(
        f"image/{kind}" for kind in "png jpeg gif webp heic heif avif bmp tiff".split()
    )
    makes: ClassVar[tuple[Rendition, ...]] = ("safe", "preview")

    def understood(self, value: dict[str, Any]) -> tuple[Facts, list[Made]]:
        rebuilt = msgspec.convert(value, Rebuilt)
        safe = Made("safe", rebuilt.safe.content_type, rebuilt.safe.width, rebuilt.safe.height)
        return Facts(width=safe.width, height=safe.height), [safe, rebuilt.preview.made("preview")]
