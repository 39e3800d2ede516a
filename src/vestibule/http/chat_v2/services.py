"""Services of Programmable Chat."""

from __future__ import annotations

from typing import Any

from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_after, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, date
from vestibule.http.routes import Routes
from vestibule.models import Service
from vestibule.payloads import FetchService, ListServices

routes = Routes(CHAT_V2)


@routes.get("/v2/Services")
async def list_services(call: Call, query: PageQuery) -> dict[str, Any]:
    """Every service of the account."""
    services = await call.ctx.invoke(ListServices())
    rows = page_after(services, query)
    return page_of(call, "services", query, rows, [_shape(call, row) for row in rows])


@routes.get("/v2/Services/{service_sid}")
async def fetch_service(call: Call, service_sid: str) -> dict[str, Any]:
    """One service."""
    return _shape(call, await call.ctx.invoke(FetchService()))


def _shape(call: Call, service: Service) -> dict[str, Any]:
    url = f"{call.base}/v2/Services/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": call.front.account_sid,
        "friendly_name": service.friendly_name,
        "date_created": date(service.date_created),
        "date_updated": date(service.date_updated),
        "default_service_role_sid": service.default_service_role_sid,
        "default_channel_role_sid": service.default_channel_role_sid,
        "default_channel_creator_role_sid": service.default_channel_creator_role_sid,
        "read_status_enabled": True,
        "reachability_enabled": False,
        "typing_indicator_timeout": 5,
        "consumption_report_interval": 10,
        "limits": {"channel_members": 100, "user_channels": 250},
        "pre_webhook_url": None,
        "post_webhook_url": None,
        "webhook_method": None,
        "webhook_filters": None,
        "pre_webhook_retry_count": 0,
        "post_webhook_retry_count": 0,
        "notifications": {
            "log_enabled": False,
            "new_message": {"enabled": False, "template": None, "sound": None, "badge_count_enabled": False},
            "added_to_channel": {"enabled": False},
            "removed_from_channel": {"enabled": False},
            "invited_to_channel": {"enabled": False},
        },
        "media": {
            "size_limit_mb": call.front.files.most // (1024 * 1024),
            "compatibility_message": "Media messages are not supported by your client",
        },
        "url": url,
        "links": {name.lower(): f"{url}/{name}" for name in ("Channels", "Users", "Roles", "Bindings")},
    }
