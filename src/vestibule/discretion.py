"""Discretion: what of a file's record is not for everybody. HTTP and sockets ask here before they answer.

A file's `flags` are for those who may review files. Others are told the same record without them.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

import msgspec

from vestibule.context import Context
from vestibule.models import Media

T = TypeVar("T")

REVIEWERS = "reviewMedia"
_PLAIN = frozenset({str, int, float, bool, bytes, datetime, type(None)})


async def told(value: T, ctx: Context) -> T:
    """The value as whoever acts may be told it, by the roles they hold now."""
    if not is_flagged(value) or await _may_review(ctx):
        return value
    return cast(T, without_flags(value))


def is_flagged(value: object) -> bool:
    """Whether a file with flags is anywhere in it."""
    if isinstance(value, Media):
        return bool(value.flags)
    return any(is_flagged(part) for part in _parts(value) if type(part) not in _PLAIN)


def without_flags(value: Any) -> Any:
    """The same, each file in it without its flags."""
    if isinstance(value, Media):
        return msgspec.structs.replace(value, flags=())
    if isinstance(value, msgspec.Struct):
        names = _leading(type(value))
        return msgspec.structs.replace(value, **{name: without_flags(getattr(value, name)) for name in names})
    if isinstance(value, dict):
        return {key: without_flags(part) for key, part in value.items()}
    return type(value)(map(without_flags, value)) if isinstance(value, list | tuple) else value


async def _may_review(ctx: Context) -> bool:
    asking = ctx.within((REVIEWERS,), None)
    return asking.is_system or await ctx.database.read(lambda tx: asking.may(tx, REVIEWERS))


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, msgspec.Struct):
        return (getattr(value, name) for name in _leading(type(value)))
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


@functools.cache
def _leading(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields that could hold a file's record: all but those of plain types."""
    hints = typing.get_type_hints(kind)
    return tuple(name for name in kind.__struct_fields__ if not _is_plain(hints.get(name, object)))


def _is_plain(hint: Any) -> bool:
    if typing.get_origin(hint) is Literal:
        return True
    parts = typing.get_args(hint)
    return hint in _PLAIN or (bool(parts) and all(map(_is_plain, parts)))
