"""Names for files that came without one: a recording, or a picture off the clipboard."""

from __future__ import annotations

from vestibule.checks.content_types import CONTENT_TYPES
from vestibule.checks.policy import bare_type

_ENDINGS = {
    declared: kind.extensions[0]
    for kind in reversed(CONTENT_TYPES.values())  # so that of two types with one name the first counts
    for declared in (kind.name, *kind.also)
    if kind.extensions
}


def unnamed(declared_type: str) -> str:
    """`file`, with the ending of the type that its sender declared. It is judged like any other name."""
    ending = _ENDINGS.get(bare_type(declared_type) or "")
    return f"file.{ending}" if ending else "file"
