"""Names for files that came without one: a recording, or a picture off the clipboard."""

from __future__ import annotations

from vestibule.checks.content_types import CONTENT_TYPES
from vestibule.checks.policy import bare_type

_KINDS = [kind for kind in CONTENT_TYPES.values() if kind.extensions]
_ENDINGS = {name: kind.extensions[0] for kind in _KINDS for name in kind.also}
_ENDINGS |= {kind.name: kind.extensions[0] for kind in _KINDS}  # a type's own name before a borrowed one


def unnamed(declared_type: str) -> str:
    """`file`, with the ending of the type that its sender declared. It is judged like any other name."""
    ending = _ENDINGS.get(bare_type(declared_type) or "")
    return f"file.{ending}" if ending else "file"
