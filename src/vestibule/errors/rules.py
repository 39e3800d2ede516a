"""Actions: permissions, and rules that stand around them."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class PermissionDenied(VestibuleError):
    """User unauthorized for command"""

    code, reason, status = 50107, "permission_denied", 403


class Cancelled(VestibuleError):
    """A rule of this site stopped the action."""

    code, reason, status = 60010, "action_cancelled", 403


class ListenerFailed(VestibuleError):
    """A rule of this site could not be evaluated, so the action was not done."""

    code, reason, status = 60011, "listener_failed", 503


class FunctionLate(VestibuleError):
    """A function of this site took too long."""

    code, reason, status = 60015, "function_late", 504


class UnknownAction(VestibuleError):
    """No action has this name."""

    code, reason = 60012, "unknown_action"


class AlreadyReplaced(VestibuleError):
    """Another function already replaces this action."""

    code, reason = 60013, "already_replaced"


class AlreadyDefined(VestibuleError):
    """This name is already taken."""

    code, reason = 60014, "already_defined"
