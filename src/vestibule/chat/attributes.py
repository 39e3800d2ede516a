"""Attributes: a JSON text that belongs to whoever wrote it; we only see that it is JSON."""

from __future__ import annotations

import json

from vestibule.errors import AttributesInvalid

LIMIT = 32768  # bytes of UTF-8


def valid_attributes(text: str) -> str:
    """The text itself, `{}` for an empty one. Raises `AttributesInvalid`."""
    if len(text.encode()) > LIMIT:
        raise AttributesInvalid
    try:
        json.loads(text or "{}")
    except ValueError as error:
        raise AttributesInvalid from error
    return text or "{}"


def merged(text: str, **values: object) -> str:
    """The attributes with these keys set; others stay as they are."""
    held = json.loads(text)
    return json.dumps({**(held if isinstance(held, dict) else {}), **values}, ensure_ascii=False)
