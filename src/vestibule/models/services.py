"""Services: one tenant each, and what a visitor may know of it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant: its roles, users and channels, and which roles they get by default."""

    sid: str
    friendly_name: str
    default_service_role_sid: str
    default_channel_role_sid: str
    default_channel_creator_role_sid: str
    date_created: datetime
    date_updated: datetime


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """How long people waited for an agent lately."""

    reply_seconds: float | None
