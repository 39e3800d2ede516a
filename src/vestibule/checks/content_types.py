"""The table of content types we know by name: their extensions, their family, what senders call them.

A family is a set of types that may bear each other's names: a PNG called `photo.jpg` is still a picture,
and a text is a text. A page of HTML called `photo.jpg` is neither.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContentType:
    """One type. `also` holds other names by which browsers and systems declare it."""

    name: str
    family: str
    extensions: tuple[str, ...]
    also: tuple[str, ...] = ()


# Sniffing cannot tell the members of these apart, so the extension does.
GENERIC = frozenset({"text/plain", "application/zip", "application/x-ole-storage"})

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

CONTENT_TYPES: dict[str, ContentType] = {
    kind.name: kind
    for kind in (
        ContentType("image/png", "image", ("png",), ("image/x-png", "image/apng")),
        ContentType("image/jpeg", "image", ("jpg", "jpeg", "jpe", "jfif"), ("image/jpg", "image/pjpeg")),
        ContentType("image/gif", "image", ("gif",)),
        ContentType("image/webp", "image", ("webp",)),
        ContentType("image/heic", "image", ("heic",), ("image/heic-sequence",)),
        ContentType("image/heif", "image", ("heif", "hif"), ("image/heif-sequence",)),
        ContentType("image/avif", "image", ("avif",), ("image/avif-sequence",)),
        ContentType("image/bmp", "image", ("bmp", "dib"), ("image/x-ms-bmp", "image/x-bmp")),
        ContentType("image/tiff", "image", ("tif", "tiff")),
        ContentType("application/pdf", "pdf", ("pdf",), ("application/x-pdf",)),
        ContentType("video/mp4", "mp4", ("mp4", "m4v"), ("video/x-m4v", "application/mp4")),
        ContentType("video/quicktime", "mp4", ("mov", "qt")),
        ContentType("audio/mp4", "mp4", ("m4a",), ("audio/x-m4a", "audio/m4a")),
        ContentType("video/3gpp", "mp4", ("3gp", "3gpp"), ("audio/3gpp", "video/3gpp2")),
        ContentType("video/webm", "matroska", ("webm",), ("audio/webm",)),
        ContentType("video/x-matroska", "matroska", ("mkv", "mka"), ("audio/x-matroska", "video/matroska")),
        ContentType(
            "audio/mpeg",
            "mpeg",
            ("mp3",),
            ("audio/mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mp3", "audio/x-mpeg-3"),
        ),
        ContentType(
            "audio/ogg",
            "ogg",
            ("ogg", "oga", "opus"),
            ("application/ogg", "audio/opus", "audio/vorbis"),
        ),
        ContentType("video/ogg", "ogg", ("ogv",)),
        ContentType("audio/wav", "wav", ("wav",), ("audio/x-wav", "audio/wave", "audio/vnd.wave")),
        ContentType("audio/flac", "flac", ("flac",), ("audio/x-flac",)),
        ContentType("audio/aac", "aac", ("aac",), ("audio/aacp", "audio/x-aac")),
        ContentType("audio/amr", "amr", ("amr",), ("audio/amr-wb",)),
        ContentType("text/plain", "text", ("txt", "text", "log", "md"), ("text/markdown", "text/x-log")),
        ContentType(
            "text/csv",
            "text",
            ("csv",),
            (
                "application/csv",
                "text/x-csv",
                "application/x-csv",
                "text/comma-separated-values",
                "application/vnd.ms-excel",  # Windows, where Excel is installed
            ),
        ),
        ContentType("text/calendar", "text", ("ics",)),
        ContentType("text/vcard", "text", ("vcf",), ("text/x-vcard", "text/directory")),
        ContentType("message/rfc822", "text", ("eml",)),
        ContentType("application/json", "text", ("json",), ("text/json",)),
        ContentType("text/rtf", "rtf", ("rtf",), ("application/rtf", "application/x-rtf")),
        ContentType("text/html", "markup", ("html", "htm"), ("application/xhtml+xml",)),
        ContentType("image/svg+xml", "markup", ("svg",)),
        ContentType("application/xml", "markup", ("xml",), ("text/xml",)),
        ContentType(
            "application/zip", "zip", ("zip",), ("application/x-zip-compressed", "application/x-zip")
        ),
        ContentType(f"{_OFFICE}.wordprocessingml.document", "zip", ("docx",)),
        ContentType(f"{_OFFICE}.spreadsheetml.sheet", "zip", ("xlsx",)),
        ContentType(f"{_OFFICE}.presentationml.presentation", "zip", ("pptx",)),
        ContentType(f"{_ODF}.text", "zip", ("odt",)),
        ContentType(f"{_ODF}.spreadsheet", "zip", ("ods",)),
        ContentType(f"{_ODF}.presentation", "zip", ("odp",)),
        ContentType("application/msword", "ole", ("doc",)),
        ContentType("application/vnd.ms-excel", "ole", ("xls",)),
        ContentType("application/vnd.ms-powerpoint", "ole", ("ppt",)),
        ContentType("application/vnd.ms-outlook", "ole", ("msg",)),
        ContentType("application/x-ole-storage", "ole", ()),
    )
}

BY_EXTENSION: dict[str, ContentType] = {
    extension: kind for kind in CONTENT_TYPES.values() for extension in kind.extensions
}

_DECLARED: dict[str, frozenset[str]] = {
    family: frozenset(
        name for kind in CONTENT_TYPES.values() if kind.family == family for name in (kind.name, *kind.also)
    )
    for family in {kind.family for kind in CONTENT_TYPES.values()}
}


def family_of(content_type: str) -> str:
    """The family of a type; a type that is not in the table is a family of its own."""
    kind = CONTENT_TYPES.get(content_type)
    return kind.family if kind else content_type


def is_declared_as(declared: str, family: str) -> bool:
    """Whether senders declare files of this family so. `declared` is bare: no parameters, lower case."""
    return declared in _DECLARED.get(family, frozenset())
