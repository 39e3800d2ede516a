"""Video and sound are played a little, and packed anew without anything but picture and sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import msgspec

from vestibule.checks.rebuilding import Facts, Made, Preview, RebuildingCheck
from vestibule.models import Rendition

Kind = Literal[
    "video/mp4",
    "video/quicktime",
    "video/3gpp",
    "video/webm",
    "video/x-matroska",
    "video/ogg",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/flac",
    "audio/aac",
    "audio/amr",
]


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """What it was packed as, by the packer's account."""

    content_type: Kind


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The word of `video.rebuild`. Without a picture there is no poster, width and height."""

    safe: Packed
    duration: float
    poster: Preview | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class VideoCheck(RebuildingCheck):
    """Refuses what does not play, or for too long; makes `safe` and, of a video, `poster`."""

    name = "video"

    job: ClassVar[str] = "video.rebuild"
    types: ClassVar[frozenset[str]] = frozenset(get_args(Kind))
    makes: ClassVar[tuple[Rendition, ...]] = ("safe", "poster")

    def understood(self, value: dict[str, Any]) -> tuple[Facts, list[Made]]:
        rebuilt = msgspec.convert(value, Rebuilt)
        safe = Made("safe", rebuilt.safe.content_type, rebuilt.width, rebuilt.height, proof="video.verify")
        facts = Facts(width=rebuilt.width, height=rebuilt.height, duration=round(rebuilt.duration, 3))
        return facts, [safe] + ([rebuilt.poster.made("poster")] if rebuilt.poster else [])
