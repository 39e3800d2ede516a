"""Webhooks: what the actions take that make them, and that look after what they were not told."""

from __future__ import annotations

from vestibule.models import FailedDelivery, Webhook
from vestibule.payloads.base import After, InChannel, Payload


class ListWebhooks(InChannel[list[Webhook]], frozen=True):
    """The webhooks of a channel, oldest first: five at most."""

    limit: int = 1000
    after: After = After()


class FetchWebhook(InChannel[Webhook], frozen=True):
    """One webhook of a channel."""

    webhook_sid: str


class CreateWebhook(InChannel[Webhook], frozen=True):
    """Have an address told what happens in a channel from now on. What its type does not use is left out."""

    type: str  # `webhook`, `trigger` or `studio`
    url: str = ""
    method: str = "POST"
    filters: tuple[str, ...] = ()  # names of post-events
    triggers: tuple[str, ...] = ()  # words, one of which a message must hold
    flow_sid: str = ""
    retry_count: int = 0  # cut to 0 to 3


class UpdateWebhook(InChannel[Webhook], frozen=True):
    """Change a webhook; its type stays. What is None stays."""

    webhook_sid: str
    url: str | None = None
    method: str | None = None
    filters: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    flow_sid: str | None = None
    retry_count: int | None = None


class DeleteWebhook(InChannel[None], frozen=True):
    """Delete a webhook, and forget what it was not told."""

    webhook_sid: str


class ListFailedDeliveries(Payload[list[FailedDelivery]], frozen=True):
    """What addresses could not be told, the oldest first, over all services. The house's own."""

    limit: int = 1000


class RetryDeliveries(Payload[int], frozen=True):
    """Have failed deliveries tried again, at the server's next look; gives how many. The house's own."""

    ids: tuple[int, ...] = ()  # none: all
