"""Users: what their actions take."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, UnsetType

from vestibule.models import User, UserChannel
from vestibule.payloads.base import Payload


class CreateUser(Payload[User], frozen=True):
    """Make a user. Without a role: the service's default."""

    identity: str
    friendly_name: str = ""
    attributes: str = "{}"
    role: str | None = None  # sid or friendly name


class UpdateUser(Payload[User], frozen=True):
    """Change a user's name, attributes or service role. What is None stays."""

    user: str  # sid or identity
    friendly_name: str | None = None
    attributes: str | None = None
    role: str | None = None  # sid or friendly name


class DeleteUser(Payload[None], frozen=True):
    """Delete a user with all their memberships, sessions and password. What they wrote stays."""

    user: str  # sid or identity


class UpdateUserChannel(Payload[UserChannel], frozen=True):
    """Change how a user has a channel: what they are told of it, and how far they have read.

    What is not given stays. The level needs `editNotificationLevel` in the channel. One's own read mark only
    moves on, to what there is. The system changes anybody's, sets the mark and its time as it likes, and
    takes them away (None).
    """

    user: str  # sid or identity
    channel: str  # sid or unique name
    notification_level: str | None = None  # `default` or `muted`
    last_consumed_message_index: int | UnsetType | None = UNSET
    last_consumption_timestamp: datetime | UnsetType | None = UNSET  # with a new index alone: now


class SetPassword(Payload[User], frozen=True):
    """Let a user sign in at the desk. Only a hash of the password is kept."""

    identity: str
    password: str
