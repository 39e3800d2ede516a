"""Services: their names, settings and end."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class FriendlyNameMissing(VestibuleError):
    """A friendly name must not be empty."""

    code, reason, status = 50000, "friendly_name_missing", 400


class FriendlyNameTooLong(VestibuleError):
    """The friendly name is too long."""

    code, reason, status = 50003, "friendly_name_too_long", 400


class ConsumptionIntervalInvalid(VestibuleError):
    """ConsumptionReportInterval must be 1 to 3600 seconds."""

    code, reason, status = 50052, "consumption_interval_invalid", 400


class TypingTimeoutInvalid(VestibuleError):
    """TypingIndicatorTimeout must be 1 to 3600 seconds."""

    code, reason, status = 50053, "typing_timeout_invalid", 400


class WebhookFiltersInvalid(VestibuleError):
    """WebhookFilters must be names of webhook events, each in a parameter of its own."""

    code, reason, status = 50054, "webhook_filters_invalid", 400


class WebhookMethodInvalid(VestibuleError):
    """WebhookMethod must be `GET` or `POST`."""

    code, reason, status = 50055, "webhook_method_invalid", 400


class TemplateTooLong(VestibuleError):
    """A notification's Template must have at most 1024 characters."""

    code, reason, status = 50058, "template_too_long", 400


class SoundTooLong(VestibuleError):
    """A notification's Sound must have at most 256 characters."""

    code, reason, status = 50059, "sound_too_long", 400


class UserChannelsLimitInvalid(VestibuleError):
    """Limits.UserChannels must be 1 to 1000."""

    code, reason, status = 50060, "user_channels_limit_invalid", 400


class ChannelMembersLimitInvalid(VestibuleError):
    """Limits.ChannelMembers must be 1 to 1000."""

    code, reason, status = 50061, "channel_members_limit_invalid", 400


class WebhookRetriesInvalid(VestibuleError):
    """PreWebhookRetryCount and PostWebhookRetryCount must be 0 to 3."""

    code, reason, status = 50065, "webhook_retries_invalid", 400


class PreWebhookUrlInvalid(VestibuleError):
    """PreWebhookUrl must be an http or https address of at most 2048 characters."""

    code, reason, status = 50077, "pre_webhook_url_invalid", 400


class PostWebhookUrlInvalid(VestibuleError):
    """PostWebhookUrl must be an http or https address of at most 2048 characters."""

    code, reason, status = 50078, "post_webhook_url_invalid", 400


class HouseService(VestibuleError):
    """Visitors arrive in this service and agents sign in to it, so it cannot be deleted."""

    code, reason, status = 60023, "house_service", 409


class PushNotOffered(VestibuleError):
    """This server sends no push notifications, so it has no use for push credentials."""

    code, reason, status = 60024, "push_not_offered", 400
