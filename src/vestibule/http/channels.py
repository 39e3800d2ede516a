"""Channels: opening one, read marks and typing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import ChannelView, Member
from vestibule.payloads import MarkRead, OpenChannel, SendTyping

routes = Routes()


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many messages."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ReadMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far one has read."""

    index: Annotated[int, msgspec.Meta(ge=0, le=2**62)]


@routes.get("/v1/channels/{channel_sid}")
async def open_channel(call: Call, query: Opening, channel_sid: str) -> ChannelView:
    """A channel with its members, last messages and refusals, on one snapshot."""
    return await call.ctx.invoke(OpenChannel(channel_sid, query.limit))


@routes.post("/v1/channels/{channel_sid}/read")
async def mark_read(call: Call, body: ReadMark, channel_sid: str) -> Member:
    """Move one's read mark on."""
    return await call.ctx.invoke(MarkRead(channel_sid, body.index))


@routes.post("/v1/channels/{channel_sid}/typing", status=204)
async def send_typing(call: Call, channel_sid: str) -> None:
    """Show the others that one is typing."""
    await call.ctx.invoke(SendTyping(channel_sid))
