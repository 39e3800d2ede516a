"""Services: their names, settings and end."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.requests import InvalidRequest


class FriendlyNameMissing(InvalidRequest):
    """A friendly name must not be empty."""

    code, reason = 50000, "friendly_name_missing"


class ConsumptionIntervalInvalid(InvalidRequest):
    """ConsumptionReportInterval must be 1 to 3600 seconds."""

    code, reason = 50052, "consumption_interval_invalid"


class TypingTimeoutInvalid(InvalidRequest):
    """TypingIndicatorTimeout must be 1 to 3600 seconds."""

    code, reason = 50053, "typing_timeout_invalid"


class WebhookFiltersInvalid(InvalidRequest):
    """WebhookFilters must be names of webhook events, each in a parameter of its own."""

    code, reason = 50054, "webhook_filters_invalid"


class WebhookMethodInvalid(InvalidRequest):
    """WebhookMethod must be `GET` or `POST`."""

    code, reason = 50055, "webhook_method_invalid"


class TemplateTooLong(InvalidRequest):
    """A notification's Template must have at most 1024 characters."""

    code, reason = 50058, "template_too_long"


class SoundTooLong(InvalidRequest):
    """A notification's Sound must have at most 256 characters."""

    code, reason = 50059, "sound_too_long"


class UserChannelsLimitInvalid(InvalidRequest):
    """Limits.UserChannels must be 1 to 1000."""

    code, reason = 50060, "user_channels_limit_invalid"


class ChannelMembersLimitInvalid(InvalidRequest):
    """Limits.ChannelMembers must be 1 to 1000."""

    code, reason = 50061, "channel_members_limit_invalid"


class WebhookRetriesInvalid(InvalidRequest):
    """PreWebhookRetryCount and PostWebhookRetryCount must be 0 to 3."""

    code, reason = 50065, "webhook_retries_invalid"


class PreWebhookUrlInvalid(InvalidRequest):
    """PreWebhookUrl must be an http or https address of at most 2048 characters."""

    code, reason = 50077, "pre_webhook_url_invalid"


class PostWebhookUrlInvalid(InvalidRequest):
    """PostWebhookUrl must be an http or https address of at most 2048 characters."""

    code, reason = 50078, "post_webhook_url_invalid"


class HouseService(VestibuleError):
    """Visitors arrive in this service and agents sign in to it, so it cannot be deleted."""

    code, reason, status = 60025, "house_service", 409


class PushNotOffered(InvalidRequest):
    """This server sends no push notifications, so it has no use for push credentials."""

    code, reason = 60026, "push_not_offered"
