"""Bans and recalls: what reviewers take back, and do not take again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Ban, Media
from vestibule.payloads import AddBan, ListBans, RecallMedia, RemoveBan, RestoreMedia

routes = Routes()

Hash = Annotated[str, Meta(pattern="^([0-9a-fA-F]{64})?$")]
Note = Annotated[str, Meta(max_length=500)]


class BanToAdd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is known here, or its hashes."""

    media_sid: Annotated[str, Meta(max_length=34)] = ""
    sha256: Hash = ""
    perceptual: Hash = ""
    reason: Note = ""
    date_expires: datetime | None = None


class BansAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Bans, the newest first."""

    bans: list[Ban]


class Recall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a file is taken back."""

    reason: Annotated[str, Meta(pattern="^[a-z_]{1,64}$")] = "recalled"
    note: Note = ""


class Restoration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a file is all right."""

    note: Note = ""


@routes.get("/v1/bans")
async def list_bans(call: Call) -> BansAnswer:
    """What is banned."""
    return BansAnswer(bans=await call.ctx.invoke(ListBans()))


@routes.post("/v1/bans", status=201)
async def add_ban(call: Call, body: BanToAdd) -> BansAnswer:
    """Do not accept a file again."""
    wanted = AddBan(body.sha256, body.perceptual, body.media_sid, body.reason, body.date_expires)
    return BansAnswer(bans=await call.ctx.invoke(wanted))


@routes.delete("/v1/bans/{ban_sid}")
async def remove_ban(call: Call, ban_sid: str) -> None:
    """Accept a file again."""
    await call.ctx.invoke(RemoveBan(ban_sid))


@routes.post("/v1/media/{media_sid}/recall")
async def recall(call: Call, body: Recall, media_sid: str) -> Media:
    """Take a file back that people can open."""
    return await call.ctx.invoke(RecallMedia(media_sid, body.reason, body.note))


@routes.post("/v1/media/{media_sid}/restore")
async def restore(call: Call, body: Restoration, media_sid: str) -> Media:
    """Open a file again that was out, and then held."""
    return await call.ctx.invoke(RestoreMedia(media_sid, body.note))
