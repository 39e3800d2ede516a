"""Webhooks of a channel: addresses that are told what happens in it. Calling them is the gateway's part."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlsplit

import msgspec

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import channels, pages
from vestibule.context import HOUSE, Context
from vestibule.errors import (
    FlowSidInvalid,
    InvalidRequest,
    TooManyTriggers,
    TooManyWebhooks,
    WebhookFilterMissing,
    WebhookFilterUnknown,
    WebhookNotFound,
    WebhookSidInvalid,
    WebhookTriggerInvalid,
    WebhookTriggerMissing,
    WebhookTypeMissing,
    WebhookTypeUnknown,
    WebhookUrlMissing,
    WebhookUrlTooLong,
)
from vestibule.events import WebhooksChanged
from vestibule.models import POST_EVENTS, FailedDelivery, Webhook, WebhookMethod, WebhookType
from vestibule.payloads import (
    CreateWebhook,
    DeleteWebhook,
    FetchWebhook,
    ListFailedDeliveries,
    ListWebhooks,
    RetryDeliveries,
    UpdateWebhook,
)
from vestibule.ports import Transaction

actions = Actions()

MOST, MOST_TRIGGERS, MOST_RETRIES = 5, 5, 3
URL_LIMIT, TRIGGER_LIMIT = 2048, 256  # characters


class Configured(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook's configuration, before it is known to be good."""

    url: str
    method: str
    filters: tuple[str, ...]
    triggers: tuple[str, ...]
    flow_sid: str | None
    retry_count: int


def all_of(tx: Transaction, service_sid: str, channel_sid: str) -> list[Webhook]:
    """The webhooks of a channel of this service. Raises `NotFound` where there is no such channel."""
    channels.found(tx, service_sid, channel_sid)
    return tx.all(Webhook, "webhooks_of_channel", service_sid=service_sid, channel_sid=channel_sid)


def found(tx: Transaction, service_sid: str, channel_sid: str, webhook_sid: str) -> Webhook:
    """A webhook of this channel. Raises `WebhookNotFound`."""
    if not sids.is_sid(webhook_sid, sids.WEBHOOK):
        raise WebhookSidInvalid
    for webhook in all_of(tx, service_sid, channel_sid):
        if webhook.sid == webhook_sid:
            return webhook
    raise WebhookNotFound


@actions.define("ListWebhooks", permission=HOUSE, asks_inside=True)
async def list_webhooks(payload: ListWebhooks, ctx: Context) -> list[Webhook]:
    """The webhooks of a channel."""

    def query(tx: Transaction) -> list[Webhook]:
        return pages.part(all_of(tx, ctx.service_sid, payload.channel_sid), payload.after, payload.limit)

    return await ctx.look(query)


@actions.define("FetchWebhook", permission=HOUSE, asks_inside=True)
async def fetch_webhook(payload: FetchWebhook, ctx: Context) -> Webhook:
    """One webhook."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.channel_sid, payload.webhook_sid))


@actions.define("CreateWebhook", permission=HOUSE, asks_inside=True)
async def create_webhook(payload: CreateWebhook, ctx: Context) -> Webhook:
    """Have an address told what happens from now on: what was before, it is not told."""
    given = Configured(
        url=payload.url,
        method=payload.method,
        filters=payload.filters,
        triggers=payload.triggers,
        flow_sid=payload.flow_sid,
        retry_count=payload.retry_count,
    )
    row = _columns(payload.type, given)
    sid = sids.make(sids.WEBHOOK)

    def change(tx: Transaction) -> Webhook:
        if len(all_of(tx, ctx.service_sid, payload.channel_sid)) >= MOST:
            raise TooManyWebhooks
        where = {"service_sid": ctx.service_sid, "channel_sid": payload.channel_sid}
        tx.run("add_webhook", sid=sid, type=payload.type, **where, **row)
        last = tx.value("last_seq", stream=payload.channel_sid)
        tx.run("add_webhook_mark", target=sid, stream=payload.channel_sid, seq=last)
        return found(tx, ctx.service_sid, payload.channel_sid, sid)

    return _tell(ctx, await ctx.change(change))


@actions.define("UpdateWebhook", permission=HOUSE, asks_inside=True)
async def update_webhook(payload: UpdateWebhook, ctx: Context) -> Webhook:
    """Change where a webhook leads, and what it is told."""
    given = {name: getattr(payload, name) for name in Configured.__struct_fields__}
    given = {name: value for name, value in given.items() if value is not None}

    def change(tx: Transaction) -> Webhook:
        held = found(tx, ctx.service_sid, payload.channel_sid, payload.webhook_sid)
        kept = {name: getattr(held, name) for name in Configured.__struct_fields__}
        tx.run("set_webhook", sid=held.sid, **_columns(held.type, Configured(**{**kept, **given})))
        return found(tx, ctx.service_sid, payload.channel_sid, held.sid)

    return _tell(ctx, await ctx.change(change))


@actions.define("DeleteWebhook", permission=HOUSE, asks_inside=True)
async def delete_webhook(payload: DeleteWebhook, ctx: Context) -> None:
    """Delete a webhook."""

    def change(tx: Transaction) -> Webhook:
        webhook = found(tx, ctx.service_sid, payload.channel_sid, payload.webhook_sid)
        tx.run("delete_webhook", sid=webhook.sid)
        tx.run("delete_webhook_marks", target=webhook.sid)
        tx.run("delete_webhook_failures", target=webhook.sid)
        return webhook

    _tell(ctx, await ctx.change(change))


@actions.define("ListFailedDeliveries", permission=HOUSE, asks_inside=True)
async def list_failed_deliveries(payload: ListFailedDeliveries, ctx: Context) -> list[FailedDelivery]:
    """What addresses could not be told."""
    return await ctx.look(lambda tx: tx.all(FailedDelivery, "webhook_failures", limit=payload.limit))


@actions.define("RetryDeliveries", permission=HOUSE, asks_inside=True)
async def retry_deliveries(payload: RetryDeliveries, ctx: Context) -> int:
    """Have failed deliveries tried again. Those that are gone meanwhile do not count."""

    def change(tx: Transaction) -> int:
        if not payload.ids:
            return tx.run("retry_webhook_failures")
        return sum(tx.run("retry_webhook_failure", id=number) for number in payload.ids)

    return await ctx.change(change)


def _tell(ctx: Context, webhook: Webhook) -> Webhook:
    """Have the followers of every node look at the channel's webhooks again."""
    ctx.bus.publish([WebhooksChanged(stream=webhook.channel_sid, identity="")])
    return webhook


# What is good


def _columns(kind: str, given: Configured) -> dict[str, object]:
    """The columns of a webhook of this type; what the type has no use for is empty. Raises what is wrong."""
    if not kind:
        raise WebhookTypeMissing
    if kind not in get_args(WebhookType):
        raise WebhookTypeUnknown
    is_studio = kind == "studio"
    return {
        "url": "" if is_studio else _valid_url(given.url),
        "method": "POST" if is_studio else _valid_method(given.method),
        "filters": _list(() if kind == "trigger" else _valid_filters(given.filters, needed=not is_studio)),
        "triggers": _list(_valid_triggers(given.triggers) if kind == "trigger" else ()),
        "flow_sid": _valid_flow(given.flow_sid or "") if is_studio else None,
        "retry_count": max(0, min(given.retry_count, MOST_RETRIES)),
    }


def _list(values: tuple[str, ...]) -> str:
    return msgspec.json.encode(values).decode()


def _valid_url(url: str) -> str:
    if not url:
        raise WebhookUrlMissing
    if len(url) > URL_LIMIT:
        raise WebhookUrlTooLong
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        is_good = False
    if not is_good or parts.username is not None or parts.password is not None:
        raise InvalidRequest("A webhook's address begins with `https://host` and holds no name or password.")
    return url


def _valid_method(method: str) -> str:
    if method not in get_args(WebhookMethod):
        raise InvalidRequest("Configuration.Method is `GET` or `POST`.")
    return method


def _valid_filters(filters: tuple[str, ...], *, needed: bool) -> tuple[str, ...]:
    if needed and not filters:
        raise WebhookFilterMissing
    for name in filters:
        if name not in POST_EVENTS:
            raise WebhookFilterUnknown(f"There is no post-event {name!r}.")
    return tuple(dict.fromkeys(filters))


def _valid_triggers(triggers: tuple[str, ...]) -> tuple[str, ...]:
    if not triggers:
        raise WebhookTriggerMissing
    if len(triggers) > MOST_TRIGGERS:
        raise TooManyTriggers
    if any(not word.strip() or len(word) > TRIGGER_LIMIT for word in triggers):
        raise WebhookTriggerInvalid
    return triggers


def _valid_flow(flow_sid: str) -> str:
    if not sids.is_sid(flow_sid, sids.FLOW):
        raise FlowSidInvalid
    return flow_sid
