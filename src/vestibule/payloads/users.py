"""Users: what their actions take."""

from __future__ import annotations

from vestibule.models import User
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


class SetPassword(Payload[User], frozen=True):
    """Let a user sign in at the desk. Only a hash of the password is kept."""

    identity: str
    password: str
