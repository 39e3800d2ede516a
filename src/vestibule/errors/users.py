"""Users and roles: who is who, and who may what."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.rules import PermissionDenied


class UserExists(VestibuleError):
    """User already exists"""

    code, reason, status = 50201, "user_exists", 409


class IdentityReserved(VestibuleError):
    """The identity `system` is the house's own."""

    code, reason, status = 50203, "identity_reserved", 400


class IdentityMissing(VestibuleError):
    """An identity must not be empty."""

    code, reason, status = 50204, "identity_missing", 400


class IdentityLooksLikeSid(VestibuleError):
    """An identity must not look like the sid of a user or member: each is looked up by one or the other."""

    code, reason, status = 50206, "identity_looks_like_sid", 400


class IdentityTooLong(VestibuleError):
    """An identity has at most 256 characters."""

    code, reason, status = 50207, "identity_too_long", 400


class NotificationLevelUnknown(VestibuleError):
    """A notification level is `default` or `muted`."""

    code, reason, status = 50210, "notification_level_unknown", 400


class RoleNotFound(VestibuleError):
    """There is no such role in this service."""

    code, reason, status = 50100, "role_not_found", 400


class ChannelRoleNotFound(RoleNotFound):
    """There is no such channel role in this service."""

    code, reason, status = 50101, "channel_role_not_found", 400


class ServiceRoleNotFound(RoleNotFound):
    """There is no such deployment role in this service."""

    code, reason, status = 50102, "service_role_not_found", 400


class CreatorRoleNotFound(RoleNotFound):
    """There is no such channel role in this service for whoever makes a channel."""

    code, reason, status = 50106, "creator_role_not_found", 400


class RoleNotAllowed(PermissionDenied):
    """User unauthorized to set role"""

    code, reason, status = 50205, "role_not_allowed", 403


class RoleInUse(VestibuleError):
    """Somebody still holds this role, so it cannot be deleted."""

    code, reason, status = 60020, "role_in_use", 409


class UnknownPermission(VestibuleError):
    """There is no such permission for roles of this type."""

    code, reason, status = 50104, "unknown_permission", 400


class UnknownRoleType(VestibuleError):
    """A role's type is `channel` or `deployment`."""

    code, reason, status = 50105, "unknown_role_type", 400
