"""Webhooks: addresses that are told what happened in a channel, and what they could not be told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.models.services import WebhookMethod

WebhookType = Literal["webhook", "trigger", "studio"]

# Asked before something is done: they may change it, or say no.
PRE_EVENTS = (
    *("onMessageSend", "onMessageUpdate", "onMessageRemove", "onMediaMessageSend"),
    *("onChannelAdd", "onChannelUpdate", "onChannelDestroy"),
    *("onMemberAdd", "onMemberUpdate", "onMemberRemove", "onUserUpdate"),
)
# Told once it is done.
POST_EVENTS = (
    *("onMessageSent", "onMessageUpdated", "onMessageRemoved", "onMediaMessageSent"),
    *("onChannelAdded", "onChannelUpdated", "onChannelDestroyed"),
    *("onMemberAdded", "onMemberUpdated", "onMemberRemoved", "onUserAdded", "onUserUpdated"),
)


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's webhook. What its type has no use for is empty."""

    sid: str
    service_sid: str
    channel_sid: str
    type: WebhookType
    url: str
    method: WebhookMethod
    filters: tuple[str, ...]  # names of post-events
    triggers: tuple[str, ...]  # words that a message must hold
    flow_sid: str | None
    retry_count: int  # 0 to 3
    date_created: datetime
    date_updated: datetime


class FailedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event that an address was not told, however often we tried. Names the event, holds none of it."""

    id: int
    target: str  # the service (IS) or the channel's webhook (WH)
    stream: str
    seq: int
    event_type: str  # such as `onMessageSent`
    error: str
    attempts: int
    again: bool  # somebody asked to have it tried once more
    date_created: datetime
