"""Messages of Programmable Chat."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from vestibule.errors import PageTokenInvalid
from vestibule.http.calls import Call
from vestibule.http.chat_v2.media_records import delivered
from vestibule.http.chat_v2.paging import BACK, TOKEN, PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, channel_sid, date, moment, place
from vestibule.http.routes import Routes
from vestibule.models import Media, Message
from vestibule.payloads import (
    DeleteMessage,
    FetchMessage,
    ListMessages,
    SendMediaMessage,
    SendMessage,
    UpdateMessage,
)

routes = Routes(CHAT_V2)

LIST = "/v2/Services/{service_sid}/Channels/{channel}/Messages"
ONE = "/v2/Services/{service_sid}/Channels/{channel}/Messages/{message_sid}"

LETTER = "B"  # how the token of a previous page begins


class NewMessage(Form, frozen=True, kw_only=True, rename="pascal"):
    """A message to be sent."""

    author: str | None = msgspec.field(name="From", default=None)
    body: str = ""
    attributes: str = "{}"
    media_sid: str | None = None
    last_updated_by: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class MessageUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed."""

    author: str | None = msgspec.field(name="From", default=None)
    body: str | None = None
    attributes: str | None = None
    last_updated_by: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class MessagesQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, in which order. The token is an index, of a previous page with a letter before it."""

    order: Literal["asc", "desc"] = "asc"

    @property
    def is_back(self) -> bool:
        return self.page_token.startswith(LETTER)

    def token(self, row: Any, start: str = TOKEN) -> str:
        return f"{LETTER if start == BACK else ''}{row.index}"

    def listing(self, sid: str) -> ListMessages:
        """One page, and one message more."""
        token = self.page_token.removeprefix(LETTER)
        if self.page_token and not (token.isascii() and token.isdigit() and len(token) < 18):
            raise PageTokenInvalid
        if (self.order == "desc") != self.is_back:
            return ListMessages(sid, before=int(token) if token else None, limit=self.size + 1)
        return ListMessages(sid, after=int(token) if token else -1, limit=self.size + 1)


@routes.get(LIST)
async def list_messages(call: Call, query: MessagesQuery, service_sid: str, channel: str) -> dict[str, Any]:
    """The messages by index."""
    rows = await call.ctx.invoke(query.listing(await channel_sid(call, channel)))
    order = ""
    if query.order == "desc":
        rows, order = rows[::-1], "desc"
    shown = [_shape(call, row) for row in rows]
    return page_of(call, "messages", query, rows, shown, Order=order)


@routes.post(LIST, status=201, limit="messages")
async def send_message(call: Call, body: NewMessage, service_sid: str, channel: str) -> dict[str, Any]:
    """Put a text or a clean file into the channel."""
    sid = await channel_sid(call, channel)
    origin: dict[str, Any] = {
        "author": body.author or None,
        "last_updated_by": body.last_updated_by or None,
        "date_created": moment(body.date_created),
        "date_updated": moment(body.date_updated),
    }
    if body.media_sid:
        media = SendMediaMessage(sid, body.media_sid, body.body, body.attributes, **origin)
        return _shape(call, await call.ctx.invoke(media))
    return _shape(call, await call.ctx.invoke(SendMessage(sid, body.body, body.attributes, **origin)))


@routes.get(ONE)
async def fetch_message(call: Call, service_sid: str, channel: str, message_sid: str) -> dict[str, Any]:
    """One message."""
    return _shape(call, await call.ctx.invoke(FetchMessage(await channel_sid(call, channel), message_sid)))


@routes.post(ONE, limit="messages")
async def update_message(
    call: Call, body: MessageUpdate, service_sid: str, channel: str, message_sid: str
) -> dict[str, Any]:
    """Change a message's text or attributes."""
    change = UpdateMessage(
        await channel_sid(call, channel),
        message_sid,
        body.body,
        body.attributes,
        body.author or None,
        body.last_updated_by or None,
        moment(body.date_created),
        moment(body.date_updated),
    )
    return _shape(call, await call.ctx.invoke(change))


@routes.delete(ONE)
async def delete_message(call: Call, service_sid: str, channel: str, message_sid: str) -> None:
    """Delete a message, and its file for good."""
    await call.ctx.invoke(DeleteMessage(await channel_sid(call, channel), message_sid))


def _shape(call: Call, message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "account_sid": call.front.account_sid,
        "service_sid": message.service_sid,
        "channel_sid": message.channel_sid,
        "to": message.channel_sid,
        "from": message.author,
        "body": message.body,
        "attributes": message.attributes,
        "index": message.index,
        "type": "media" if message.media else "text",
        "media": _media(message.media),
        "was_edited": message.was_edited,
        "last_updated_by": message.last_updated_by,
        "date_created": date(message.date_created),
        "date_updated": date(message.date_updated),
        "url": place(call, "Channels", message.channel_sid, "Messages", message.sid),
    }


def _media(media: Media | None) -> dict[str, Any] | None:
    if media is None:
        return None
    return {
        "sid": media.sid,
        "size": delivered(media).size,
        "content_type": delivered(media).content_type,
        "filename": media.filename or None,
    }
