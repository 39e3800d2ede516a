"""The request: what was wrong with it before anything was done."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


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


class ChannelBusy(TooManyRequests):
    """Too much is done in this channel at once. Please wait a moment."""

    code, reason, status = 50063, "channel_busy", 429


class ServiceBusy(TooManyRequests):
    """Too much is done in this service at once. Please wait a moment."""

    code, reason, status = 50074, "service_busy", 429


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


class HeadTooLarge(VestibuleError):
    """The request's address and headers are larger than this server takes."""

    code, reason, status = 60006, "head_too_large", 431


class CsrfMissing(VestibuleError):
    """The page's proof is missing or old. Please reload the page."""

    code, reason, status = 60005, "csrf_missing", 403
