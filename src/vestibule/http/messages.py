"""Messages: reading, sending, editing, deleting."""

from __future__ import annotations

from typing import Annotated

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Message
from vestibule.payloads import DeleteMessage, ListMessages, SendMediaMessage, SendMessage, UpdateMessage

routes = Routes()


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages: the last ones before an index, or of all."""

    before: Annotated[int, msgspec.Meta(ge=0, le=2**62)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, a file, or both. `key` is the sender's own name for it."""

    body: str = ""
    attributes: str = "{}"
    media_sid: str | None = None
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None


class MessageEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed."""

    body: str | None = None
    attributes: str | None = None


class MessagesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the history, ascending by index."""

    messages: list[Message]


@routes.get("/v1/channels/{channel_sid}/messages")
async def list_messages(call: Call, query: Span, channel_sid: str) -> MessagesAnswer:
    """The messages before an index."""
    listing = ListMessages(channel_sid, before=query.before, limit=query.limit)
    return MessagesAnswer(messages=await call.ctx.invoke(listing))


@routes.post("/v1/channels/{channel_sid}/messages", status=201, limit="messages")
async def send_message(call: Call, body: NewMessage, channel_sid: str) -> Message:
    """Put a text or a clean file into the channel."""
    if body.media_sid:
        return await call.ctx.invoke(
            SendMediaMessage(channel_sid, body.media_sid, body.body, body.attributes, body.key)
        )
    return await call.ctx.invoke(SendMessage(channel_sid, body.body, body.attributes, body.key))


@routes.post("/v1/channels/{channel_sid}/messages/{message_sid}", limit="messages")
async def update_message(call: Call, body: MessageEdit, channel_sid: str, message_sid: str) -> Message:
    """Change a message's text or attributes."""
    return await call.ctx.invoke(UpdateMessage(channel_sid, message_sid, body.body, body.attributes))


@routes.delete("/v1/channels/{channel_sid}/messages/{message_sid}")
async def delete_message(call: Call, channel_sid: str, message_sid: str) -> None:
    """Delete a message, its file's bytes and every link to them."""
    await call.ctx.invoke(DeleteMessage(channel_sid, message_sid))
