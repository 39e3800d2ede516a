"""Webhooks of Programmable Chat's channels."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import field

from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, channel_sid, date, place
from vestibule.http.routes import Routes
from vestibule.models import Webhook
from vestibule.payloads import CreateWebhook, DeleteWebhook, FetchWebhook, ListWebhooks, UpdateWebhook

routes = Routes(CHAT_V2)

LIST = "/v2/Services/{service_sid}/Channels/{channel}/Webhooks"
ONE = "/v2/Services/{service_sid}/Channels/{channel}/Webhooks/{webhook_sid}"


class NewWebhook(Form, frozen=True, kw_only=True, rename="pascal"):
    """A webhook to be made. What is missing for its type has an error of its own."""

    type: str = ""
    url: str = field(name="Configuration.Url", default="")
    method: str = field(name="Configuration.Method", default="POST")
    filters: tuple[str, ...] = field(name="Configuration.Filters", default=())
    triggers: tuple[str, ...] = field(name="Configuration.Triggers", default=())
    flow_sid: str = field(name="Configuration.FlowSid", default="")
    retry_count: int = field(name="Configuration.RetryCount", default=0)


class WebhookUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed."""

    url: str | None = field(name="Configuration.Url", default=None)
    method: str | None = field(name="Configuration.Method", default=None)
    filters: tuple[str, ...] | None = field(name="Configuration.Filters", default=None)
    triggers: tuple[str, ...] | None = field(name="Configuration.Triggers", default=None)
    flow_sid: str | None = field(name="Configuration.FlowSid", default=None)
    retry_count: int | None = field(name="Configuration.RetryCount", default=None)


class WebhooksQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page."""

    MOST: ClassVar[int] = 5  # there are no more in a channel

    page_size: int = MOST


@routes.get(LIST)
async def list_webhooks(call: Call, query: WebhooksQuery, service_sid: str, channel: str) -> dict[str, Any]:
    """The webhooks of a channel, oldest first."""
    sid = await channel_sid(call, channel)
    rows = await call.ctx.invoke(ListWebhooks(sid, query.size + 1, query.after()))
    return page_of(call, "webhooks", query, rows, [_shape(call, row) for row in rows])


@routes.post(LIST, status=201)
async def create_webhook(call: Call, body: NewWebhook, service_sid: str, channel: str) -> dict[str, Any]:
    """Have an address told what happens in a channel."""
    new = CreateWebhook(
        await channel_sid(call, channel),
        body.type,
        body.url,
        body.method,
        body.filters,
        body.triggers,
        body.flow_sid,
        body.retry_count,
    )
    return _shape(call, await call.ctx.invoke(new))


@routes.get(ONE)
async def fetch_webhook(call: Call, service_sid: str, channel: str, webhook_sid: str) -> dict[str, Any]:
    """One webhook."""
    return _shape(call, await call.ctx.invoke(FetchWebhook(await channel_sid(call, channel), webhook_sid)))


@routes.post(ONE)
async def update_webhook(
    call: Call, body: WebhookUpdate, service_sid: str, channel: str, webhook_sid: str
) -> dict[str, Any]:
    """Change where a webhook leads, or what it is told."""
    change = UpdateWebhook(
        await channel_sid(call, channel),
        webhook_sid,
        body.url,
        body.method,
        body.filters,
        body.triggers,
        body.flow_sid,
        body.retry_count,
    )
    return _shape(call, await call.ctx.invoke(change))


@routes.delete(ONE)
async def delete_webhook(call: Call, service_sid: str, channel: str, webhook_sid: str) -> None:
    """Delete a webhook."""
    await call.ctx.invoke(DeleteWebhook(await channel_sid(call, channel), webhook_sid))


def _shape(call: Call, webhook: Webhook) -> dict[str, Any]:
    return {
        "sid": webhook.sid,
        "account_sid": call.front.account_sid,
        "service_sid": webhook.service_sid,
        "channel_sid": webhook.channel_sid,
        "type": webhook.type,
        "configuration": {
            "url": webhook.url or None,
            "method": webhook.method if webhook.url else None,
            # Programmable Chat told a trigger's words under `filters`; clients read either.
            "filters": list(webhook.filters or webhook.triggers),
            "triggers": list(webhook.triggers),
            "flow_sid": webhook.flow_sid,
            "retry_count": webhook.retry_count,
        },
        "date_created": date(webhook.date_created),
        "date_updated": date(webhook.date_updated),
        "url": place(call, "Channels", webhook.channel_sid, "Webhooks", webhook.sid),
    }
