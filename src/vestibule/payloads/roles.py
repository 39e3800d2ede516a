"""Roles: what their actions take."""

from __future__ import annotations

from vestibule.models import Role
from vestibule.payloads.base import Payload


class CreateRole(Payload[Role], frozen=True):
    """Make a role."""

    friendly_name: str
    type: str
    permissions: tuple[str, ...]


class UpdateRole(Payload[Role], frozen=True):
    """Replace a role's permissions, at once for everybody who holds it."""

    role_sid: str
    permissions: tuple[str, ...]


class DeleteRole(Payload[None], frozen=True):
    """Delete a role that nobody holds."""

    role_sid: str
