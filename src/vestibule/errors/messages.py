"""Messages: their text and attributes."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class MessageEmpty(VestibuleError):
    """A message needs a body or a file."""

    code, reason, status = 50503, "message_empty", 400


class MessageTooLong(VestibuleError):
    """The message is longer than this service takes."""

    code, reason, status = 50504, "message_too_long", 400


class AttributesInvalid(VestibuleError):
    """Attributes must be valid JSON of at most 32768 bytes."""

    code, reason, status = 50304, "attributes_invalid", 400
