"""What Programmable Chat's routes answer, field by field: all are always there, null where unset.

The routes build these answers themselves. Here they are declared: for the OpenAPI description, and for
whoever holds an answer against it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vestibule.models import (
    NotificationLevel,
    Notifications,
    ServiceLimits,
    WebhookMethod,
    WebhookType,
)

Sid = Annotated[str, Meta(pattern="^[A-Z]{2}[0-9a-f]{32}$")]
Url = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Count = Annotated[int, Meta(ge=0)]
Date = Annotated[
    str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", extra_json_schema={"format": "date-time"})
]
PushService = Literal["gcm", "apn", "fcm"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What every resource has."""

    account_sid: str
    url: Url


class Dated(Answer, frozen=True, kw_only=True):
    """What every resource has that is made and changed."""

    sid: Sid
    date_created: Date
    date_updated: Date


class ServiceMedia(msgspec.Struct, frozen=True, kw_only=True):
    """What a service says of files."""

    size_limit_mb: Count
    compatibility_message: str


class ServiceLinks(msgspec.Struct, frozen=True, kw_only=True):
    """What a service has."""

    channels: Url
    users: Url
    roles: Url
    bindings: Url


class ServiceAnswer(Dated, frozen=True, kw_only=True):
    """A service."""

    friendly_name: str
    default_service_role_sid: Sid
    default_channel_role_sid: Sid
    default_channel_creator_role_sid: Sid
    read_status_enabled: bool
    reachability_enabled: bool
    typing_indicator_timeout: Count  # seconds
    consumption_report_interval: Count  # seconds
    limits: ServiceLimits
    pre_webhook_url: str | None
    post_webhook_url: str | None
    webhook_method: WebhookMethod | None
    webhook_filters: list[str] | None
    pre_webhook_retry_count: Count
    post_webhook_retry_count: Count
    notifications: Notifications
    media: ServiceMedia
    links: ServiceLinks


class RoleAnswer(Dated, frozen=True, kw_only=True):
    """A role."""

    service_sid: Sid
    friendly_name: str
    type: Literal["channel", "deployment"]
    permissions: list[str]


class UserLinks(msgspec.Struct, frozen=True, kw_only=True):
    """What a user has."""

    user_channels: Url
    user_bindings: Url


class UserAnswer(Dated, frozen=True, kw_only=True):
    """A user."""

    service_sid: Sid
    identity: str
    friendly_name: str | None
    attributes: str
    role_sid: Sid
    is_online: bool | None
    is_notifiable: bool | None
    joined_channels_count: Count
    links: UserLinks


class UserChannelLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where a user's channel is."""

    channel: Url
    member: Url | None


class UserChannelAnswer(Answer, frozen=True, kw_only=True):
    """A channel as one of its users has it. It has no sid of its own."""

    service_sid: Sid
    channel_sid: Sid
    user_sid: Sid
    member_sid: Sid | None
    status: Literal["joined", "invited", "notParticipating"]
    last_consumed_message_index: int | None
    unread_messages_count: Count | None
    notification_level: NotificationLevel
    links: UserChannelLinks


class ChannelLinks(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel has."""

    members: Url
    messages: Url
    invites: Url
    webhooks: Url
    last_message: Url | None


class ChannelAnswer(Dated, frozen=True, kw_only=True):
    """A channel."""

    service_sid: Sid
    friendly_name: str | None
    unique_name: str | None
    attributes: str
    type: Literal["public", "private"]
    created_by: str
    members_count: Count
    messages_count: Count
    links: ChannelLinks


class InChannel(Dated, frozen=True, kw_only=True):
    """What is in a channel."""

    service_sid: Sid
    channel_sid: Sid


class MemberAnswer(InChannel, frozen=True, kw_only=True):
    """A user in a channel."""

    identity: str
    role_sid: Sid
    attributes: str
    last_consumed_message_index: int | None
    last_consumption_timestamp: Date | None


class MessageMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A message's file."""

    sid: Sid
    size: Count  # bytes
    content_type: str
    filename: str | None


class MessageAnswer(InChannel, frozen=True, kw_only=True):
    """A message."""

    to: Sid
    author: str = msgspec.field(name="from")
    body: str
    attributes: str
    index: Count
    type: Literal["text", "media"]
    media: MessageMedia | None
    was_edited: bool
    last_updated_by: str | None


class InviteAnswer(InChannel, frozen=True, kw_only=True):
    """An invitation."""

    identity: str
    role_sid: Sid
    created_by: str


class WebhookConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """What a webhook does. A trigger's words are under `filters` as well."""

    url: str | None
    method: WebhookMethod | None
    filters: list[str]
    triggers: list[str]
    flow_sid: str | None
    retry_count: Count


class WebhookAnswer(InChannel, frozen=True, kw_only=True):
    """A channel's webhook."""

    type: WebhookType
    configuration: WebhookConfiguration


class Push(Dated, frozen=True, kw_only=True):
    """Where a push would go."""

    service_sid: Sid
    endpoint: str
    identity: str
    credential_sid: Sid
    binding_type: PushService
    message_types: list[str]


class BindingLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Whose it is."""

    user: Url


class BindingAnswer(Push, frozen=True, kw_only=True):
    """Where a push would go, of anybody's."""

    links: BindingLinks


class UserBindingAnswer(Push, frozen=True, kw_only=True):
    """Where a push would go, of one user's."""

    user_sid: Sid


class CredentialAnswer(Dated, frozen=True, kw_only=True):
    """What pushes would be sent with."""

    friendly_name: str | None
    type: PushService
    sandbox: str | None


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a list one is."""

    page: int
    page_size: Count
    first_page_url: Url
    previous_page_url: Url | None
    url: Url
    next_page_url: Url | None
    key: str
