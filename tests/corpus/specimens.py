"""A specimen: one file of the corpus, and what a perfect gate does with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from vestibule.models import Media

Maker = Callable[[], bytes]
Should = Literal["refuse", "disarm", "accept"]


@dataclass(frozen=True)
class Received:
    """A file that was let in: its record, and every copy that others can get."""

    media: Media
    copies: Mapping[str, bytes]
    original: bytes

    @property
    def safe(self) -> bytes:
        return self.copies["safe"]


Proof = Callable[[Received], str]  # what is wrong with what was let in; empty if nothing is


@dataclass(frozen=True)
class Specimen:
    """One file. `gone` and `proof` say what may not be in the copies of it that others get."""

    kind: str  # its class
    what: str
    filename: str  # as a sender gives it
    declared: str  # as a browser gives it
    make: Maker
    should: Should
    gone: tuple[bytes, ...] = ()
    proof: Proof | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.what}"

    @property
    def is_hostile(self) -> bool:
        return self.should != "accept"


# What Chrome declares by the extension. It knows no HEIC on Linux.
DECLARED = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "svg": "image/svg+xml",
    "html": "text/html",
    "ttf": "font/ttf",
    "exe": "application/x-msdownload",
    "js": "text/javascript",
    "jar": "application/java-archive",
}


def declared_as(filename: str) -> str:
    return DECLARED.get(filename.rpartition(".")[2].lower(), "")


def refuse(kind: str, what: str, filename: str, make: Maker, declared: str | None = None) -> Specimen:
    """Never to be let in, in whatever form."""
    told = declared_as(filename) if declared is None else declared
    return Specimen(kind, what, filename, told, make, "refuse")


def disarm(
    kind: str,
    what: str,
    filename: str,
    make: Maker,
    *gone: bytes,
    proof: Proof | None = None,
    declared: str | None = None,
) -> Specimen:
    """To be refused, or to be let in without what makes it hostile."""
    told = declared_as(filename) if declared is None else declared
    return Specimen(kind, what, filename, told, make, "disarm", gone, proof)


def accept(
    kind: str,
    what: str,
    filename: str,
    make: Maker,
    *gone: bytes,
    proof: Proof | None = None,
    declared: str | None = None,
) -> Specimen:
    """A customer's file. `gone` is what it tells about the customer beside what it shows."""
    told = declared_as(filename) if declared is None else declared
    return Specimen(kind, what, filename, told, make, "accept", gone, proof)


def always(content: bytes) -> Maker:
    return lambda: content
