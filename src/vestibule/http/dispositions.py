"""Content-Disposition: a file's name on its way out (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
from urllib.parse import quote

# Shown in a page; everything else is saved. No type in which a page's script could stand.
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
INLINE_FAMILIES = ("video/", "audio/")

# Types that a browser may take for a page, a style or a program: told as bytes without meaning.
ACTIVE = re.compile(r"html|xml|svg|script|ecma|css|wasm|multipart|x-httpd|x-sh|shockwave", re.IGNORECASE)

_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 8187, section 3.2.1, besides letters and digits
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\%]')
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", re.IGNORECASE)


def is_inline(content_type: str) -> bool:
    """Whether files of this type are shown in place."""
    return content_type in INLINE or content_type.startswith(INLINE_FAMILIES)


def served_type(content_type: str) -> str:
    """What is said of a file's type."""
    match = _TYPE.match(content_type)
    if match is None or ACTIVE.search(match[0]):
        return "application/octet-stream"
    kind = match[0].lower()
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def disposition(wanted: str, content_type: str, filename: str) -> str:
    """The header's value. The plain name is for old readers, the other one is exact."""
    kind = "inline" if wanted == "inline" and is_inline(content_type) else "attachment"
    plain = _UNSAFE.sub("_", filename) or "file"
    exact = quote(filename.encode("utf-8", "replace") or b"file", safe=_ATTR_CHARS)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
