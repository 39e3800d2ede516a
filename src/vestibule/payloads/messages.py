"""Messages: what their actions take."""

from __future__ import annotations

from vestibule.models import Message
from vestibule.payloads.base import InChannel


class SendMessage(InChannel[Message], frozen=True):
    """Put a text into a channel.

    `key` is the sender's own name for it: sent twice under one key it is added once, so a client may
    send again whatever was not acknowledged. Only the system may write in another's name (`author`).
    """

    body: str
    attributes: str = "{}"
    key: str | None = None
    author: str | None = None  # None: whoever acts


class SendMediaMessage(InChannel[Message], frozen=True):
    """Put a clean file of the sender's into a channel as a message. `key`, `author` as in SendMessage."""

    media_sid: str
    body: str = ""
    attributes: str = "{}"
    key: str | None = None
    author: str | None = None  # None: whoever acts


class UpdateMessage(InChannel[Message], frozen=True):
    """Change a message's text or attributes. What is None stays."""

    message_sid: str
    body: str | None = None
    attributes: str | None = None


class DeleteMessage(InChannel[None], frozen=True):
    """Delete a message, its file's bytes and every link to them, before it returns."""

    message_sid: str
