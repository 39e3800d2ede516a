"""How Programmable Chat reads and writes: forms with PascalCase names, its dates, addresses and errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar

import msgspec
from starlette.responses import Response

from vestibule import sids
from vestibule.errors import (
    ConsumedIndexInvalid,
    DatesInvalid,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    NothingToUpdate,
    VestibuleError,
)
from vestibule.http.bodies import FORM, form_fields, from_fields, media_type
from vestibule.http.calls import Call
from vestibule.http.dialects import Dialect
from vestibule.http.replies import error_headers, json_reply
from vestibule.payloads import FetchChannel, FindChannel

S = TypeVar("S")

DIGITS = 18  # of an index: what every database takes
REALM = 'Basic realm="Twilio API"'
_VERSION = re.compile(r"^/v\d+")
_FIELD = re.compile(r" - at `\$\.([\w.]+)")  # how msgspec names what it cannot read


class Form(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """The parameters of a request. Others than these are not minded."""

    WRONG: ClassVar[Mapping[str, type[VestibuleError]]] = {}  # what a parameter that cannot be read raises


class Update(Form, frozen=True, kw_only=True, rename="pascal"):
    """The parameters of an update: absent ones stay, and one at least is there."""


def read_form(kind: type[S], body: bytes, content_type: str) -> S:
    """A form as a `kind`. Other bodies count as empty. Raises `InvalidRequest` and `NothingToUpdate`."""
    given = form_fields(body) if media_type(content_type) == FORM else {}
    struct: Any = kind
    parameters = _parameters(struct)
    known = {name: values for name, values in given.items() if name in parameters}
    for name, is_required in parameters.items():
        if is_required and name not in known:
            raise InvalidRequest(f"Missing required parameter {name} in the post body")
    if issubclass(struct, Update) and not known:
        raise NothingToUpdate
    try:
        return from_fields(kind, known)
    except InvalidRequest as error:
        unread = _FIELD.search(str(error.__cause__))
        raise struct.WRONG.get(unread and unread[1], error) from error.__cause__


@cache
def _parameters(kind: Any) -> dict[str, bool]:
    """A form's parameters by their names on the wire, and whether each must be there."""
    return {field.encode_name: field.required for field in msgspec.structs.fields(kind)}


def fail(error: VestibuleError, path: str, base: str) -> Response:
    """An error as the official helpers read it: with `title` and `type` they would take it for another."""
    body = error.to_dict()
    body["more_info"] = f"{base}{body['more_info']}"
    if isinstance(error, NotFound):
        body["message"] = f"The requested resource {_VERSION.sub('', path)} was not found"
    headers = error_headers(error)
    if isinstance(error, NotAuthenticated):
        headers["www-authenticate"] = REALM
    return json_reply(body, error.status, headers)


CHAT_V2 = Dialect("chat_v2_", (FORM,), read_form, fail)


def date(value: datetime | None) -> str | None:
    """`2022-03-14T13:10:38Z`: the only form that every helper library reads as a date."""
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None, error: type[InvalidRequest] = DatesInvalid) -> datetime | None:
    """A date in ISO 8601, without an offset in UTC; None for nothing. Raises `error`."""
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError as reason:
        raise error from reason
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def index(text: str) -> int | None:
    """How far somebody has read; None for nothing. Raises `ConsumedIndexInvalid`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise ConsumedIndexInvalid
    return int(text)


def place(call: Call, *segments: str) -> str:
    """An absolute address within the caller's service."""
    return "/".join([f"{call.base}/v2/Services/{call.ctx.service_sid}", *segments])


async def channel_sid(call: Call, channel: str) -> str:
    """The sid of a channel that the path names by sid or unique name.

    Who may know of it is asked later; but of a name, which can be guessed, at once.
    """
    if sids.is_sid(channel, sids.CHANNEL):
        return channel
    sid = await call.house.invoke(FindChannel(channel))
    if not call.ctx.is_system:
        await call.ctx.invoke(FetchChannel(sid))
    return sid
