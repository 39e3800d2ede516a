"""Settings: what a service's owner may set, and within which bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from vestibule.errors import (
    ChannelMembersLimitInvalid,
    ConsumptionIntervalInvalid,
    InvalidRequest,
    PostWebhookUrlInvalid,
    PreWebhookUrlInvalid,
    SoundTooLong,
    TemplateTooLong,
    TypingTimeoutInvalid,
    UserChannelsLimitInvalid,
    VestibuleError,
    WebhookFiltersInvalid,
    WebhookMethodInvalid,
    WebhookRetriesInvalid,
)
from vestibule.models import POST_EVENTS, PRE_EVENTS, Notification, ServiceSettings
from vestibule.payloads import SettingsChange

S = TypeVar("S", bound=msgspec.Struct)

SECONDS = range(1, 3601)
LIMITS = range(1, 1001)  # Programmable Chat's documented most, of both
RETRIES = range(4)
TEMPLATE_LIMIT, SOUND_LIMIT, MESSAGE_LIMIT, URL_LIMIT = 1024, 256, 1024, 2048  # characters
EVENTS = frozenset(PRE_EVENTS + POST_EVENTS)


def changed(settings: ServiceSettings, change: SettingsChange) -> ServiceSettings:
    """The settings with what is given. Raises what is wrong with it."""
    result = _merged(settings, change)
    for is_good, error in _judged(result):
        if not is_good:
            raise error
    return result


def tells_others(old: ServiceSettings, new: ServiceSettings) -> bool:
    """Whether webhooks are told of something else now, or elsewhere."""
    names = [name for name in ServiceSettings.__struct_fields__ if "webhook" in name]
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _merged(held: S, change: msgspec.Struct) -> S:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(held):
        value = getattr(change, field.name, None)
        if isinstance(value, msgspec.Struct):
            values[field.name] = _merged(getattr(held, field.name), value)
        elif value is not None:
            values[field.name] = _kept(value) or (None if field.default is None else value)
    return msgspec.structs.replace(held, **values)


def _kept(value: Any) -> Any:
    """Filters each once; those without a name are how a form says that there is none."""
    return tuple(dict.fromkeys(filter(None, value))) if isinstance(value, tuple) else value


def _judged(settings: ServiceSettings) -> Iterator[tuple[bool, type[VestibuleError] | VestibuleError]]:
    yield settings.consumption_report_interval in SECONDS, ConsumptionIntervalInvalid
    yield settings.typing_indicator_timeout in SECONDS, TypingTimeoutInvalid
    yield settings.limits.user_channels in LIMITS, UserChannelsLimitInvalid
    yield settings.limits.channel_members in LIMITS, ChannelMembersLimitInvalid
    yield settings.webhook_method in (None, "GET", "POST"), WebhookMethodInvalid
    yield EVENTS.issuperset(settings.webhook_filters or ()), WebhookFiltersInvalid
    yield settings.pre_webhook_retry_count in RETRIES, WebhookRetriesInvalid
    yield settings.post_webhook_retry_count in RETRIES, WebhookRetriesInvalid
    yield _is_address(settings.pre_webhook_url), PreWebhookUrlInvalid
    yield _is_address(settings.post_webhook_url), PostWebhookUrlInvalid
    for notification in _notifications(settings):
        yield len(notification.template or "") <= TEMPLATE_LIMIT, TemplateTooLong
        yield len(notification.sound or "") <= SOUND_LIMIT, SoundTooLong
    too_long = InvalidRequest(f"Media.CompatibilityMessage has at most {MESSAGE_LIMIT} characters.")
    yield len(settings.compatibility_message or "") <= MESSAGE_LIMIT, too_long


def _notifications(settings: ServiceSettings) -> Iterator[Notification]:
    every = msgspec.structs.asdict(settings.notifications).values()
    return (kind for kind in every if isinstance(kind, Notification))


def _is_address(url: str | None) -> bool:
    """Whether it has the form of a web address. Where it leads is guarded when it is asked."""
    if url is None:
        return True
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        return False
    is_clean = url.isprintable() and " " not in url
    return has_place and is_clean and parts.scheme in ("http", "https") and len(url) <= URL_LIMIT
