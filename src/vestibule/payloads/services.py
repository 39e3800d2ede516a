"""Services: what their actions take."""

from __future__ import annotations

import msgspec

from vestibule.models import Service
from vestibule.payloads.base import Payload


class CreateService(Payload[Service], frozen=True):
    """Make a service, with the roles that every service begins with."""

    friendly_name: str


class NotificationChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed of a kind of push."""

    enabled: bool | None = None
    template: str | None = None
    sound: str | None = None


class MessageNotificationChange(NotificationChange, frozen=True, kw_only=True):
    """The same for a new message."""

    badge_count_enabled: bool | None = None


class NotificationsChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed of every kind of push."""

    log_enabled: bool | None = None
    new_message: MessageNotificationChange = MessageNotificationChange()
    added_to_channel: NotificationChange = NotificationChange()
    removed_from_channel: NotificationChange = NotificationChange()
    invited_to_channel: NotificationChange = NotificationChange()


class LimitsChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed of how many there may be."""

    channel_members: int | None = None
    user_channels: int | None = None


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True):
    """`ServiceSettings`, of which None stays, and an empty text or only empty filters are taken away."""

    read_status_enabled: bool | None = None
    reachability_enabled: bool | None = None
    typing_indicator_timeout: int | None = None  # seconds
    consumption_report_interval: int | None = None  # seconds
    limits: LimitsChange = LimitsChange()
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    webhook_method: str | None = None
    webhook_filters: tuple[str, ...] | None = None  # of `PRE_EVENTS` and `POST_EVENTS`
    pre_webhook_retry_count: int | None = None
    post_webhook_retry_count: int | None = None
    notifications: NotificationsChange = NotificationsChange()
    compatibility_message: str | None = None


class UpdateService(Payload[Service], frozen=True, kw_only=True):
    """Change the service of whoever acts: its name, default roles and settings. What is None stays."""

    friendly_name: str | None = None
    default_service_role_sid: str | None = None  # or its friendly name
    default_channel_role_sid: str | None = None  # or its friendly name
    default_channel_creator_role_sid: str | None = None  # or its friendly name
    settings: SettingsChange = SettingsChange()


class DeleteService(Payload[None], frozen=True):
    """Delete the service of whoever acts with everything in it, every byte of its files before it returns.

    The one where visitors arrive stays.
    """
