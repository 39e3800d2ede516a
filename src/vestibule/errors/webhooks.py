"""Webhooks: what they say no to, and what is wrong with one."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.requests import NotFound


class HookRefused(VestibuleError):
    """The service's webhook did not allow this."""

    code, reason, status = 50056, "webhook_refused", 403


class HookFailed(VestibuleError):
    """The service's webhook gave no answer that could be used, so this was not done."""

    code, reason, status = 50057, "webhook_failed", 403


class HookTimedOut(VestibuleError):
    """The service's webhook did not answer in time, so this was not done."""

    code, reason, status = 50076, "webhook_timed_out", 403


class WebhookNotFound(NotFound):
    """There is no such webhook in this channel."""

    code, reason, status = 50320, "webhook_not_found", 404


class TooManyWebhooks(VestibuleError):
    """A channel has at most 5 webhooks."""

    code, reason, status = 50321, "too_many_webhooks", 400


class TooManyTriggers(VestibuleError):
    """A webhook has at most 5 triggers."""

    code, reason, status = 50322, "too_many_triggers", 400


class WebhookSidInvalid(VestibuleError):
    """A webhook's sid is WH and 32 hex digits."""

    code, reason, status = 50323, "webhook_sid_invalid", 400


class WebhookTypeUnknown(VestibuleError):
    """A webhook's Type is `webhook`, `trigger` or `studio`."""

    code, reason, status = 50324, "webhook_type_unknown", 400


class WebhookFilterUnknown(VestibuleError):
    """Configuration.Filters names post-events, such as `onMessageSent`."""

    code, reason, status = 50325, "webhook_filter_unknown", 400


class WebhookTriggerInvalid(VestibuleError):
    """A trigger is a word or a few, of at most 256 characters."""

    code, reason, status = 50326, "webhook_trigger_invalid", 400


class FlowSidInvalid(VestibuleError):
    """Configuration.FlowSid is FW and 32 hex digits."""

    code, reason, status = 50327, "flow_sid_invalid", 400


class WebhookTypeMissing(VestibuleError):
    """Missing required parameter Type in the post body"""

    code, reason, status = 50328, "webhook_type_missing", 400


class WebhookUrlMissing(VestibuleError):
    """Missing required parameter Configuration.Url in the post body"""

    code, reason, status = 50329, "webhook_url_missing", 400


class WebhookFilterMissing(VestibuleError):
    """Missing required parameter Configuration.Filters in the post body"""

    code, reason, status = 50330, "webhook_filter_missing", 400


class WebhookTriggerMissing(VestibuleError):
    """Missing required parameter Configuration.Triggers in the post body"""

    code, reason, status = 50331, "webhook_trigger_missing", 400


class WebhookUrlTooLong(VestibuleError):
    """A webhook's address has at most 2048 characters."""

    code, reason, status = 50332, "webhook_url_too_long", 400
