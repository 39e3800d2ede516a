"""Attributes: a JSON text that belongs to whoever wrote it; we only see that it is JSON."""

from __future__ import annotations

import msgspec

from vestibule.errors import AttributesInvalid, AttributesTooLong

LIMIT = 32768  # bytes of UTF-8


def valid_attributes(text: str) -> str:
    """The text itself, `{}` for an empty one. Raises `AttributesInvalid` or `AttributesTooLong`."""
    try:
        if len(text.encode()) > LIMIT:
            raise AttributesTooLong
        # msgspec's reader takes what browsers take: no NaN, no half characters.
        msgspec.json.decode(text or "{}")
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise AttributesInvalid from error
    return text or "{}"


def merged(text: str, **values: object) -> str:
    """The attributes with these keys set; others stay as they are."""
    held = msgspec.json.decode(text)
    return msgspec.json.encode({**(held if isinstance(held, dict) else {}), **values}).decode()
