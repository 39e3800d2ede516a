"""Files: sending them, and reading them."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


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
