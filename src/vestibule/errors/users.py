"""Users and roles: who is who, and who may what."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.requests import InvalidRequest
from vestibule.errors.rules import PermissionDenied


class UserExists(VestibuleError):
    """User already exists"""

    code, reason, status = 50201, "user_exists", 409


class IdentityReserved(InvalidRequest):
    """The identity `system` is the house's own."""

    code, reason = 50203, "identity_reserved"


class IdentityMissing(InvalidRequest):
    """An identity must not be empty."""

    code, reason = 50204, "identity_missing"


class IdentityLooksLikeSid(InvalidRequest):
    """An identity must not look like the sid of a user or member: each is looked up by one or the other."""

    code, reason = 50206, "identity_looks_like_sid"


class IdentityTooLong(InvalidRequest):
    """An identity has at most 256 characters."""

    code, reason = 50207, "identity_too_long"


class NotificationLevelUnknown(InvalidRequest):
    """A notification level is `default` or `muted`."""

    code, reason = 50210, "notification_level_unknown"


class RoleNotFound(VestibuleError):
    """There is no such role in this service."""

    code, reason, status = 50100, "role_not_found", 400


class ChannelRoleNotFound(RoleNotFound):
    """There is no such channel role in this service."""

    code, reason = 50101, "channel_role_not_found"


class ServiceRoleNotFound(RoleNotFound):
    """There is no such deployment role in this service."""

    code, reason = 50102, "service_role_not_found"


class CreatorRoleNotFound(RoleNotFound):
    """There is no such channel role in this service for whoever makes a channel."""

    code, reason = 50106, "creator_role_not_found"


class RoleNotAllowed(PermissionDenied):
    """User unauthorized to set role"""

    code, reason = 50205, "role_not_allowed"


class RoleInUse(VestibuleError):
    """Somebody still holds this role, so it cannot be deleted."""

    code, reason, status = 60020, "role_in_use", 409


class UnknownPermission(VestibuleError):
    """There is no such permission for roles of this type."""

    code, reason, status = 50104, "unknown_permission", 400


class UnknownRoleType(VestibuleError):
    """A role's type is `channel` or `deployment`."""

    code, reason, status = 50105, "unknown_role_type", 400
