"""Many files' records with one request, as Programmable Chat's media service gives them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from vestibule.errors import VestibuleError
from vestibule.http.bodies import JSON, read_struct
from vestibule.http.calls import Call
from vestibule.http.chat_v2.media_records import found, full_record
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.dialects import Dialect
from vestibule.http.routes import Routes

# The one address of this API that reads JSON.
routes = Routes(Dialect(CHAT_V2.name, (JSON,), read_struct, CHAT_V2.fail))

MOST = 100  # files with one request


class Wanted(msgspec.Struct, frozen=True):
    """A file whose record is wanted."""

    media_sid: str


class MediaSet(msgspec.Struct, frozen=True):
    """Which files' records are wanted."""

    command: Literal["get"]
    list: Annotated[tuple[Wanted, ...], Meta(max_length=MOST)]


@routes.post("/v1/Services/{service_sid}/MediaSet", limit="links")
async def fetch_media_set(call: Call, body: MediaSet, service_sid: str) -> list[dict[str, Any]]:
    """Files' records, each with a code of its own: one that is not there does not hide the others."""
    return list(await asyncio.gather(*(_fetched(call, wanted.media_sid) for wanted in body.list)))


async def _fetched(call: Call, media_sid: str) -> dict[str, Any]:
    try:
        told = await full_record(call, await found(call, media_sid))
    except VestibuleError as error:
        return {"code": error.status, "media_record": {"sid": media_sid}}  # whose sid clients name
    return {"code": 200, "media_record": told}
