"""Services: one tenant each, and what a visitor may know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

WebhookMethod = Literal["GET", "POST"]


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What a push would say. Kept for clients that ask; nothing is pushed."""

    enabled: bool = False
    template: str | None = None
    sound: str | None = None


class MessageNotification(Notification, frozen=True, kw_only=True):
    """The same for a new message."""

    badge_count_enabled: bool = False


class Notifications(msgspec.Struct, frozen=True, kw_only=True):
    """Every kind of push."""

    log_enabled: bool = False
    new_message: MessageNotification = MessageNotification()
    added_to_channel: Notification = Notification()
    removed_from_channel: Notification = Notification()
    invited_to_channel: Notification = Notification()


class ServiceLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many there may be. Programmable Chat's documentation swaps the two; these are what it did."""

    channel_members: int = 100
    user_channels: int = 250


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a service's owner sets over REST. One value, in one column."""

    read_status_enabled: bool = True
    reachability_enabled: bool = False
    typing_indicator_timeout: int = 5  # seconds
    consumption_report_interval: int = 10  # seconds
    limits: ServiceLimits = ServiceLimits()
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    webhook_method: WebhookMethod | None = None  # None acts as POST
    webhook_filters: tuple[str, ...] | None = None  # names of events; None: none of them
    pre_webhook_retry_count: int = 0
    post_webhook_retry_count: int = 0
    notifications: Notifications = Notifications()
    compatibility_message: str = "Media messages are not supported by your client"


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant: its roles, users and channels, and which roles they get by default."""

    sid: str
    friendly_name: str
    default_service_role_sid: str
    default_channel_role_sid: str
    default_channel_creator_role_sid: str
    settings: ServiceSettings = ServiceSettings()
    date_created: datetime
    date_updated: datetime


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """How long people waited for an agent lately."""

    reply_seconds: float | None
