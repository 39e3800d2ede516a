"""Messages: their text and attributes."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.requests import InvalidRequest


class MessageEmpty(VestibuleError):
    """A message needs a body or a file."""

    code, reason, status = 50503, "message_empty", 400


class MessageTooLong(VestibuleError):
    """The message is longer than this service takes."""

    code, reason, status = 50504, "message_too_long", 400


class MessageGone(VestibuleError):
    """This message was sent before, and deleted since."""

    code, reason, status = 60023, "message_gone", 410


class AuthorTooLong(InvalidRequest):
    """From has at most 256 characters."""

    code, reason = 60024, "author_too_long"


class UpdaterTooLong(InvalidRequest):
    """LastUpdatedBy has at most 256 characters."""

    code, reason = 50505, "updater_too_long"


class MediaSidInvalid(InvalidRequest):
    """MediaSid must be `ME` and 32 hexadecimal digits."""

    code, reason = 50510, "media_sid_invalid"


class AttributesInvalid(VestibuleError):
    """Attributes must be valid JSON."""

    code, reason, status = 50304, "attributes_invalid", 400


class AttributesTooLong(AttributesInvalid):
    """Attributes have at most 32768 bytes."""

    code, reason = 50303, "attributes_too_long"
