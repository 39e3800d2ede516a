"""Content-Disposition: a file's name on its way out (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
from urllib.parse import quote

# Shown in a page; everything else is saved. No type in which a page's script could stand.
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
INLINE_FAMILIES = ("video/", "audio/")

# Types that a browser may take for a page, a style or a program: told as bytes without meaning.
ACTIVE = re.compile(r"html|xml|svg|script|ecma|css|wasm|multipart|x-httpd|x-sh|shockwave", re.IGNORECASE)

# Told exactly, for all that there is `xml` in their names: they are zips, which no browser shows.
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = frozenset(
    f"{_OFFICE}.{kind}"
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)

# What our copies may be, and what a name may end in that is one. A system opens a file by its name.
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "video/mp4": ("mp4", "m4v"),
    "audio/mp4": ("m4a", "mp4", "m4v"),
    "audio/ogg": ("ogg", "oga", "opus"),
}

_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 8187, section 3.2.1, besides letters and digits
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\%]')
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", re.IGNORECASE)


def is_inline(content_type: str) -> bool:
    """Whether files of this type are shown in place."""
    return content_type in INLINE or content_type.startswith(INLINE_FAMILIES)


def served_type(content_type: str) -> str:
    """What is said of a file's type."""
    match = _TYPE.match(content_type)
    if match is None:
        return "application/octet-stream"
    kind = match[0].lower()
    if ACTIVE.search(kind) and kind not in DOCUMENTS:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def disposition(wanted: str, content_type: str, filename: str) -> str:
    """The header's value. The plain name is for old readers, the other one is exact."""
    kind = "inline" if wanted == "inline" and is_inline(content_type) else "attachment"
    filename = named(filename, content_type)
    plain = _UNSAFE.sub("_", filename) or "file"
    exact = quote(filename.encode("utf-8", "replace") or b"file", safe=_ATTR_CHARS)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def named(filename: str, content_type: str) -> str:
    """The file's name, with the ending of what it was made into: a `photo.heic` is a JPEG by now."""
    endings = ENDINGS.get(content_type)
    stem, _, ending = filename.rpartition(".")
    if endings is None or not stem or not ending or ending.lower() in endings:
        return filename
    return f"{stem}.{endings[0]}"
