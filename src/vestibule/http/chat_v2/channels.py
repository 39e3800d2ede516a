"""Channels of Programmable Chat."""

from __future__ import annotations

from typing import Any, Literal

from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, channel_sid, date, moment, place
from vestibule.http.routes import Routes
from vestibule.models import Channel
from vestibule.payloads import CreateChannel, DeleteChannel, FetchChannel, ListChannels, UpdateChannel

routes = Routes(CHAT_V2)


class NewChannel(Form, frozen=True, kw_only=True, rename="pascal"):
    """A channel to be made."""

    friendly_name: str = ""
    unique_name: str | None = None
    attributes: str = "{}"
    type: Literal["public", "private", ""] = ""
    created_by: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class ChannelUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed."""

    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str | None = None
    created_by: str | None = None
    date_created: str | None = None
    date_updated: str | None = None


class ChannelsQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, of which types."""

    type: tuple[Literal["public", "private"], ...] = ()


@routes.get("/v2/Services/{service_sid}/Channels")
async def list_channels(call: Call, query: ChannelsQuery, service_sid: str) -> dict[str, Any]:
    """The channels, oldest first."""
    types = set(query.type)
    only = types.pop() if len(types) == 1 else ""  # both: all there are
    rows = await call.ctx.invoke(ListChannels(query.size + 1, query.after(), only))
    shown = [_shape(call, row) for row in rows]
    return page_of(call, "channels", query, rows, shown, Type=list(query.type))


@routes.post("/v2/Services/{service_sid}/Channels", status=201)
async def create_channel(call: Call, body: NewChannel, service_sid: str) -> dict[str, Any]:
    """Open a channel."""
    new = CreateChannel(
        body.friendly_name,
        body.unique_name or None,
        body.attributes,
        body.type or "public",
        body.created_by or None,
        moment(body.date_created),
        moment(body.date_updated),
    )
    return _shape(call, await call.ctx.invoke(new))


@routes.get("/v2/Services/{service_sid}/Channels/{channel}")
async def fetch_channel(call: Call, service_sid: str, channel: str) -> dict[str, Any]:
    """One channel, by sid or unique name."""
    return _shape(call, await call.ctx.invoke(FetchChannel(await channel_sid(call, channel))))


@routes.post("/v2/Services/{service_sid}/Channels/{channel}")
async def update_channel(call: Call, body: ChannelUpdate, service_sid: str, channel: str) -> dict[str, Any]:
    """Change a channel's names or attributes."""
    change = UpdateChannel(
        await channel_sid(call, channel),
        body.friendly_name,
        body.unique_name,
        body.attributes,
        body.created_by or None,
        moment(body.date_created),
        moment(body.date_updated),
    )
    return _shape(call, await call.ctx.invoke(change))


@routes.delete("/v2/Services/{service_sid}/Channels/{channel}")
async def delete_channel(call: Call, service_sid: str, channel: str) -> None:
    """Delete a channel with everything in it."""
    await call.ctx.invoke(DeleteChannel(await channel_sid(call, channel)))


def _shape(call: Call, channel: Channel) -> dict[str, Any]:
    url = place(call, "Channels", channel.sid)
    last = channel.last_message_sid
    links = {name.lower(): f"{url}/{name}" for name in ("Members", "Messages", "Invites", "Webhooks")}
    return {
        "sid": channel.sid,
        "account_sid": call.front.account_sid,
        "service_sid": channel.service_sid,
        "friendly_name": channel.friendly_name or None,
        "unique_name": channel.unique_name,
        "attributes": channel.attributes,
        "type": channel.type,
        "created_by": channel.created_by,
        "members_count": channel.members_count,
        "messages_count": channel.messages_count,
        "date_created": date(channel.date_created),
        "date_updated": date(channel.date_updated),
        "url": url,
        "links": {**links, "last_message": f"{url}/Messages/{last}" if last else None},
    }
