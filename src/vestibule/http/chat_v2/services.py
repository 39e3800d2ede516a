"""Services of Programmable Chat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from msgspec import field

from vestibule import errors
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, date
from vestibule.http.routes import Routes
from vestibule.models import Service
from vestibule.payloads import CreateService, DeleteService, FetchService, ListServices, UpdateService

routes = Routes(CHAT_V2)

LIST = "/v2/Services"
ONE = "/v2/Services/{service_sid}"

MB = 1024 * 1024  # bytes

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class NewService(Form, frozen=True, kw_only=True, rename="pascal"):
    """A service to be made."""

    friendly_name: str


class ServiceUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed. An empty text takes away what was set."""

    WRONG: ClassVar[Mapping[str, type[errors.VestibuleError]]] = {
        "TypingIndicatorTimeout": errors.TypingTimeoutInvalid,
        "ConsumptionReportInterval": errors.ConsumptionIntervalInvalid,
        "Limits.ChannelMembers": errors.ChannelMembersLimitInvalid,
        "Limits.UserChannels": errors.UserChannelsLimitInvalid,
        "PreWebhookRetryCount": errors.WebhookRetriesInvalid,
        "PostWebhookRetryCount": errors.WebhookRetriesInvalid,
    }

    friendly_name: str | None = None
    default_service_role_sid: str | None = None
    default_channel_role_sid: str | None = None
    default_channel_creator_role_sid: str | None = None
    read_status_enabled: bool | None = None
    reachability_enabled: bool | None = None
    typing_indicator_timeout: int | None = None
    consumption_report_interval: int | None = None
    limits_channel_members: int | None = field(default=None, name="Limits.ChannelMembers")
    limits_user_channels: int | None = field(default=None, name="Limits.UserChannels")
    compatibility_message: str | None = field(default=None, name="Media.CompatibilityMessage")
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    webhook_method: str | None = None
    webhook_filters: tuple[str, ...] | None = None
    pre_webhook_retry_count: int | None = None
    post_webhook_retry_count: int | None = None
    log_enabled: bool | None = field(default=None, name="Notifications.LogEnabled")
    new_message_enabled: bool | None = field(default=None, name="Notifications.NewMessage.Enabled")
    new_message_template: str | None = field(default=None, name="Notifications.NewMessage.Template")
    new_message_sound: str | None = field(default=None, name="Notifications.NewMessage.Sound")
    new_message_badge: bool | None = field(default=None, name="Notifications.NewMessage.BadgeCountEnabled")
    added_enabled: bool | None = field(default=None, name="Notifications.AddedToChannel.Enabled")
    added_template: str | None = field(default=None, name="Notifications.AddedToChannel.Template")
    added_sound: str | None = field(default=None, name="Notifications.AddedToChannel.Sound")
    removed_enabled: bool | None = field(default=None, name="Notifications.RemovedFromChannel.Enabled")
    removed_template: str | None = field(default=None, name="Notifications.RemovedFromChannel.Template")
    removed_sound: str | None = field(default=None, name="Notifications.RemovedFromChannel.Sound")
    invited_enabled: bool | None = field(default=None, name="Notifications.InvitedToChannel.Enabled")
    invited_template: str | None = field(default=None, name="Notifications.InvitedToChannel.Template")
    invited_sound: str | None = field(default=None, name="Notifications.InvitedToChannel.Sound")

    def change(self) -> UpdateService:
        """The same as a payload, whose structure the dots in the names are."""
        settings: dict[str, Any] = {}
        for known in msgspec.structs.fields(self):
            if (value := getattr(self, known.name)) is not None:
                *places, name = _snake(known.encode_name.removeprefix("Media.")).split(".")
                place = settings
                for step in places:
                    place = place.setdefault(step, {})
                place[name] = value
        own = {name: settings.pop(name) for name in UpdateService.__struct_fields__ if name in settings}
        return msgspec.convert({**own, "settings": settings}, UpdateService)


@routes.get(LIST)
async def list_services(call: Call, query: PageQuery) -> dict[str, Any]:
    """The services of the account, oldest first."""
    rows = await call.ctx.invoke(ListServices(query.size + 1, query.after()))
    return page_of(call, "services", query, rows, [_shape(call, row) for row in rows])


@routes.post(LIST, status=201)
async def create_service(call: Call, body: NewService) -> dict[str, Any]:
    """Make a service, with the roles that every service begins with."""
    return _shape(call, await call.ctx.invoke(CreateService(body.friendly_name)))


@routes.get(ONE)
async def fetch_service(call: Call, service_sid: str) -> dict[str, Any]:
    """One service."""
    return _shape(call, await call.ctx.invoke(FetchService()))


@routes.post(ONE)
async def update_service(call: Call, body: ServiceUpdate, service_sid: str) -> dict[str, Any]:
    """Change a service's name, default roles and settings."""
    return _shape(call, await call.ctx.invoke(body.change()))


@routes.delete(ONE)
async def delete_service(call: Call, service_sid: str) -> None:
    """Delete a service with everything in it."""
    await call.ctx.invoke(DeleteService())


def _snake(name: str) -> str:
    return _WORD.sub("_", name).lower()


def _shape(call: Call, service: Service) -> dict[str, Any]:
    url, settings = f"{call.base}/v2/Services/{service.sid}", service.settings
    return {
        "sid": service.sid,
        "account_sid": call.front.account_sid,
        "friendly_name": service.friendly_name,
        "date_created": date(service.date_created),
        "date_updated": date(service.date_updated),
        "default_service_role_sid": service.default_service_role_sid,
        "default_channel_role_sid": service.default_channel_role_sid,
        "default_channel_creator_role_sid": service.default_channel_creator_role_sid,
        "read_status_enabled": settings.read_status_enabled,
        "reachability_enabled": settings.reachability_enabled,
        "typing_indicator_timeout": settings.typing_indicator_timeout,
        "consumption_report_interval": settings.consumption_report_interval,
        "limits": settings.limits,
        "pre_webhook_url": settings.pre_webhook_url,
        "post_webhook_url": settings.post_webhook_url,
        "webhook_method": settings.webhook_method,
        "webhook_filters": settings.webhook_filters,
        "pre_webhook_retry_count": settings.pre_webhook_retry_count,
        "post_webhook_retry_count": settings.post_webhook_retry_count,
        "notifications": settings.notifications,
        "media": {
            # What the gate takes at most. A whole number, and none would say that nothing is taken.
            "size_limit_mb": max(1, call.front.files.most // MB),
            "compatibility_message": settings.compatibility_message,
        },
        "url": url,
        "links": {name.lower(): f"{url}/{name}" for name in ("Channels", "Users", "Roles", "Bindings")},
    }
