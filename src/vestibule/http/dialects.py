"""Dialects: how a route reads its fields and writes its errors. Ours, and Programmable Chat's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from vestibule.errors import VestibuleError
from vestibule.http.bodies import FORM, JSON, read_struct
from vestibule.http.replies import error_reply

ReadBody = Callable[[type[Any], bytes, str], Any]
WriteError = Callable[[VestibuleError, str, str], Response]


@dataclass(frozen=True, slots=True)
class Dialect:
    """`read` makes a struct of (kind, body, content type); `fail` answers (error, path, base address)."""

    name: str  # put before the names of its operations; empty for ours
    bodies: tuple[str, ...]  # the media types it reads
    read: ReadBody
    fail: WriteError


def _fail(error: VestibuleError, path: str, base: str) -> Response:
    return error_reply(error)


OURS = Dialect("", (JSON, FORM), read_struct, _fail)
