"""Users and roles: who is who, and who may what."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class UserExists(VestibuleError):
    """User already exists"""

    code, reason, status = 50201, "user_exists", 409


class RoleNotFound(VestibuleError):
    """There is no such role in this service."""

    code, reason, status = 50100, "role_not_found", 400


class ChannelRoleNotFound(RoleNotFound):
    """There is no such channel role in this service."""

    code, reason = 50101, "channel_role_not_found"


class RoleInUse(VestibuleError):
    """Somebody still holds this role, so it cannot be deleted."""

    code, reason, status = 60020, "role_in_use", 409


class UnknownPermission(VestibuleError):
    """There is no such permission for roles of this type."""

    code, reason, status = 50104, "unknown_permission", 400


class UnknownRoleType(VestibuleError):
    """A role's type is `channel` or `deployment`."""

    code, reason, status = 50105, "unknown_role_type", 400
