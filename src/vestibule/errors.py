"""Every error raised on purpose: a code for programs, a status, a sentence for people.

Codes below 60000 are Programmable Chat's own numbers, so that existing code goes on telling them
apart; those from 60000 are ours. A code is never renamed and never given a second meaning.
"""

from __future__ import annotations

from typing import Any


class VestibuleError(Exception):
    """Something went wrong on our side. It has been logged; please try again."""

    code = 60000
    reason = "internal_error"
    status = 500

    def __init__(self, message: str = "", *, advice: str = "", **detail: Any) -> None:
        """`message` says what is the case, `advice` what to do; `detail` is for programs."""
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.advice = advice
        self.detail = detail

    def to_dict(self) -> dict[str, Any]:
        """The JSON of an error on every wire: Programmable Chat's four fields, then ours."""
        body: dict[str, Any] = {
            "code": self.code,
            "message": str(self),
            "more_info": f"/docs/errors#{self.code}",
            "status": self.status,
            "reason": self.reason,
        }
        if self.advice:
            body["advice"] = self.advice
        if self.detail:
            body["details"] = self.detail
        return body


# The request


class InvalidRequest(VestibuleError):
    """The request is not what this address takes."""

    code, reason, status = 20001, "invalid_request", 400


class NothingToUpdate(VestibuleError):
    """An update needs at least one parameter."""

    code, reason, status = 20161, "nothing_to_update", 400


class PageTokenInvalid(VestibuleError):
    """PageToken is not one that this server gave."""

    code, reason, status = 19038, "page_token_invalid", 400


class NotAuthenticated(VestibuleError):
    """Authenticate"""

    code, reason, status = 20003, "not_authenticated", 401


class NotFound(VestibuleError):
    """There is no such resource, or you may not know of it."""

    code, reason, status = 20404, "not_found", 404


class MethodNotAllowed(VestibuleError):
    """This address does not take this method."""

    code, reason, status = 20004, "method_not_allowed", 405


class TooManyRequests(VestibuleError):
    """Too many requests. Please wait a moment."""

    code, reason, status = 20429, "too_many_requests", 429


class ForeignOrigin(VestibuleError):
    """This request came from a page of another site."""

    code, reason, status = 60001, "foreign_origin", 403


class FrameRefused(VestibuleError):
    """The socket frame is not what this server takes."""

    code, reason, status = 60002, "invalid_frame", 400


class BodyTooLarge(VestibuleError):
    """The request's body is larger than this address takes."""

    code, reason, status = 60003, "body_too_large", 413


class TooSlow(VestibuleError):
    """The request came too slowly, so we stopped waiting for it."""

    code, reason, status = 60004, "too_slow", 408


class CsrfMissing(VestibuleError):
    """The page's proof is missing or old. Please reload the page."""

    code, reason, status = 60005, "csrf_missing", 403


# Actions


class PermissionDenied(VestibuleError):
    """User unauthorized for command"""

    code, reason, status = 50107, "permission_denied", 403


class Cancelled(VestibuleError):
    """A rule of this site stopped the action."""

    code, reason, status = 60010, "action_cancelled", 403


class ListenerFailed(VestibuleError):
    """A rule of this site could not be evaluated, so the action was not done."""

    code, reason, status = 60011, "listener_failed", 503


class UnknownAction(VestibuleError):
    """No action has this name."""

    code, reason = 60012, "unknown_action"


class AlreadyReplaced(VestibuleError):
    """Another function already replaces this action."""

    code, reason = 60013, "already_replaced"


class AlreadyDefined(VestibuleError):
    """This name is already taken."""

    code, reason = 60014, "already_defined"


# The domain


class Conflict(VestibuleError):
    """The resource was changed by somebody else meanwhile."""

    code, reason, status = 50349, "conflict", 409


class UserExists(VestibuleError):
    """User already exists"""

    code, reason, status = 50201, "user_exists", 409


class ChannelExists(VestibuleError):
    """Channel with provided unique name already exists"""

    code, reason, status = 50307, "channel_exists", 409


class MemberExists(VestibuleError):
    """Member already exists"""

    code, reason, status = 50404, "member_exists", 409


class RoleNotFound(VestibuleError):
    """There is no such role in this service."""

    code, reason, status = 50100, "role_not_found", 400


class RoleInUse(VestibuleError):
    """Somebody still holds this role, so it cannot be deleted."""

    code, reason, status = 60020, "role_in_use", 409


class UnknownPermission(VestibuleError):
    """There is no such permission for roles of this type."""

    code, reason, status = 50104, "unknown_permission", 400


class UnknownRoleType(VestibuleError):
    """A role's type is `channel` or `deployment`."""

    code, reason, status = 50105, "unknown_role_type", 400


class MessageEmpty(VestibuleError):
    """A message needs a body or a file."""

    code, reason, status = 50503, "message_empty", 400


class MessageTooLong(VestibuleError):
    """The message is longer than this service takes."""

    code, reason, status = 50504, "message_too_long", 400


class AttributesInvalid(VestibuleError):
    """Attributes must be valid JSON of at most 32768 bytes."""

    code, reason, status = 50304, "attributes_invalid", 400


class ChatEnded(VestibuleError):
    """This chat has ended. You can start a new one."""

    code, reason, status = 60021, "chat_ended", 409


class TaskConflict(VestibuleError):
    """The task is not in a state that allows this."""

    code, reason, status = 60022, "task_conflict", 409


# Files


class MediaUnknown(VestibuleError):
    """There is no such file that you could send here."""

    code, reason, status = 50507, "media_unknown", 400


class MediaAlreadySent(VestibuleError):
    """This file was already sent with another message."""

    code, reason, status = 50508, "media_already_sent", 400


class MediaBodyFixed(VestibuleError):
    """The text of a message with a file cannot be changed."""

    code, reason, status = 50509, "media_body_fixed", 400


class MediaRefused(VestibuleError):
    """The file did not pass its checks."""

    code, reason, status = 60030, "media_refused", 422


class MediaHeld(VestibuleError):
    """The file waits for somebody to have a look at it."""

    code, reason, status = 60031, "media_held", 409


class MediaChecking(VestibuleError):
    """The file is still being checked."""

    code, reason, status = 60032, "media_checking", 409


class MediaGone(VestibuleError):
    """The file was removed."""

    code, reason, status = 60033, "media_gone", 410


class MediaTooLarge(VestibuleError):
    """The file is larger than this service takes."""

    code, reason, status = 60034, "media_too_large", 413


class LinkInvalid(VestibuleError):
    """This link is not valid, or no longer."""

    code, reason, status = 60035, "link_invalid", 403


class UploadBroken(VestibuleError):
    """The upload broke off, so nothing of it was kept."""

    code, reason, status = 60036, "upload_broken", 400


class RangeNotSatisfiable(VestibuleError):
    """The file has no such range of bytes."""

    code, reason, status = 60037, "range_not_satisfiable", 416


class CheckUnavailable(VestibuleError):
    """A check could not be done, so the file stays closed."""

    code, reason, status = 60038, "check_unavailable", 503


# The house


class ConfigurationError(VestibuleError):
    """The configuration cannot be used."""

    code, reason = 60040, "configuration"


class ExtensionError(VestibuleError):
    """An extension cannot be loaded."""

    code, reason = 60041, "extension"


class StorageMissing(VestibuleError):
    """There is nothing in storage under this key."""

    code, reason, status = 60042, "storage_missing", 404


class Busy(VestibuleError):
    """The server has too much to do at once. Please try again in a moment."""

    code, reason, status = 60043, "busy", 503


class StorageFull(VestibuleError):
    """There is no room left to keep the file. Whoever runs this site has to make some."""

    code, reason, status = 60044, "storage_full", 507


class ServerGone(VestibuleError):
    """The server stopped answering. What was done is kept; start the command again to go on."""

    code, reason, status = 60048, "server_gone", 503


class ListRefused(VestibuleError):
    """The list cannot be taken in."""

    code, reason, status = 60049, "list_refused", 400
