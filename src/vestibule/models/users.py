"""Users and the roles they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of permissions, such as `blockedUser`."""

    sid: str
    service_sid: str
    friendly_name: str
    type: Literal["channel", "deployment"]
    permissions: tuple[str, ...]
    date_created: datetime
    date_updated: datetime


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person or bot. `identity` is unique in its service and never changes."""

    sid: str
    service_sid: str
    identity: str
    friendly_name: str
    attributes: str
    role_sid: str
    joined_channels_count: int = 0
    date_created: datetime
    date_updated: datetime


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever acts, as a user. `seq` is that of the user's own stream."""

    user: User
    seq: int


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """An agent at the desk, for as long as the session lasts."""

    user: User
    permissions: tuple[str, ...]  # of the service role, as it is now
    date_expires: datetime


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An API key: signs AccessTokens, and stands for the account. The secret is never shown again."""

    sid: str
    secret: str  # empty in lists
    friendly_name: str
    date_created: datetime
    date_revoked: datetime | None = None
    date_lapses: datetime | None = None  # from then on it is as if revoked
