"""Bodies: small ones are read whole, within a limit and a time; then JSON or a form becomes a struct."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import re
import time
import typing
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Message, Receive

from vestibule.errors import BodyTooLarge, InvalidRequest, TooSlow, UploadBroken

S = TypeVar("S")

LIMIT = 128 * 1024  # bytes: four times the longest message, for its attributes and the encoding
SECONDS = 20.0  # for a whole small body
STALL = 30.0  # seconds that an upload may stand still
SLOWEST = 1024  # bytes a second in the long run: less holds a place only to hold it
LONGEST = 3600.0  # seconds that a sender may take for all of an upload
FIELDS = 200  # of a form

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

_UNKNOWN = re.compile(r"unknown field `(.+)`")


class Incoming:
    """The body of one request. Knows whether all of it was taken."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.has_begun = False
        self.is_done = False
        self.is_given_up = False  # the rest is not waited for any more
        self.taken = 0  # bytes
        self._waited = 0.0  # seconds
        self._kept: bytes | None = None  # a small body, for whoever asks again

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they come. Raises `UploadBroken` when the sender is gone, `TooSlow` when it stalls."""
        while not self.is_done:
            chunk = await self._next()
            if chunk:
                yield chunk

    async def whole(self) -> bytes:
        """All of a small body, as often as it is asked for. Raises `BodyTooLarge` and `TooSlow`."""
        if self._kept is None:
            self._kept = await self._small()
        return self._kept

    async def _small(self) -> bytes:
        taken = bytearray()
        try:
            async with asyncio.timeout(SECONDS):
                async for chunk in self.chunks():
                    taken += chunk
                    if len(taken) > LIMIT:
                        raise BodyTooLarge(f"This address takes at most {LIMIT} bytes.")
        except TimeoutError as error:
            raise TooSlow from error
        return bytes(taken)

    async def _next(self) -> bytes:
        self.has_begun = True
        message = await self._heard()
        if message["type"] == "http.disconnect":
            self.is_done = True
            raise UploadBroken
        self.is_done = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        self.taken += len(body)
        return body

    async def _heard(self) -> Message:
        """What comes next. Only the sender's time counts, not what we take to work with the bytes."""
        began = time.monotonic()
        slowest = STALL + self.taken / SLOWEST
        patience = min(STALL, slowest - self._waited, LONGEST - self._waited)
        try:
            async with asyncio.timeout(patience):
                message = await self._receive()
        except TimeoutError as error:
            self.is_given_up = True
            raise TooSlow from error
        self._waited += time.monotonic() - began
        return message

    async def drain(self, seconds: float, most: int) -> None:
        """Read on and throw away, for a while: a browser hears an answer only once it has sent all."""
        if self.is_given_up:
            return
        with contextlib.suppress(TimeoutError, UploadBroken, TooSlow):
            async with asyncio.timeout(seconds):
                async for chunk in self.chunks():
                    most -= len(chunk)
                    if most < 0:
                        return


def media_type(content_type: str) -> str:
    """A Content-Type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def read_values(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields of a JSON object or a form, as they were given. Raises `InvalidRequest`."""
    if not body:
        return {}
    if media_type(content_type) == FORM:
        return {name: values[-1] for name, values in form_fields(body).items()}
    return _json(body, dict[str, Any])


def read_struct(kind: type[S], body: bytes, content_type: str) -> S:
    """The body as a `kind`, from JSON or a form. Raises `InvalidRequest`, which names what is wrong."""
    if media_type(content_type) == FORM:
        return from_fields(kind, form_fields(body))
    try:
        return _json(body or b"{}", kind)
    except msgspec.ValidationError as error:
        raise explained(error, kind) from error


def from_fields(kind: type[S], fields: Mapping[str, list[str]]) -> S:
    """Texts as a `kind`: of a form or a query, where everything is a text."""
    lists = list_fields(typing.cast(Any, kind))
    values = {name: given if name in lists else given[-1] for name, given in fields.items()}
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise explained(error, kind) from error


def form_fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form, each with every value it was given."""
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"
        )
    except ValueError as error:
        raise InvalidRequest("The form cannot be read.") from error
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


@cache
def list_fields(kind: Any) -> frozenset[str]:
    """The names, as on the wire, of a struct's fields that take several values."""
    hints = typing.get_type_hints(kind)
    return frozenset(
        field.encode_name for field in msgspec.structs.fields(kind) if _is_list(hints[field.name])
    )


def explained(error: msgspec.ValidationError, kind: type) -> InvalidRequest:
    """What is wrong, with the nearest right name where one is close."""
    text = str(error)
    if unknown := _UNKNOWN.search(text):
        names = [field.encode_name for field in msgspec.structs.fields(kind)]
        near = difflib.get_close_matches(unknown[1], names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return InvalidRequest(f"There is no field {unknown[1]!r} here.{hint}", field=unknown[1])
    return InvalidRequest(text.replace("`", "'").rstrip(".") + ".")


def _json(body: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        if msgspec.inspect.is_struct_type(kind):
            raise
        raise InvalidRequest("A JSON body must be an object.") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidRequest("The body is not JSON.") from error


def _is_list(hint: Any) -> bool:
    origins = {typing.get_origin(part) or part for part in (hint, *typing.get_args(hint))}
    return bool(origins & {tuple, list})
