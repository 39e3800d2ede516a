"""Messages: what their actions take."""

from __future__ import annotations

from datetime import datetime

from vestibule.models import Message
from vestibule.payloads.base import InChannel


class SendMessage(InChannel[Message], frozen=True):
    """Put a text into a channel.

    `key` is the sender's own name for it: sent twice under one key it is added once, so a client may
    send again whatever was not acknowledged (`MessageGone` where it was deleted since). Only the system
    may write in another's name (`author`, `last_updated_by`), with dates, or without a word.
    """

    body: str
    attributes: str = "{}"
    key: str | None = None
    author: str | None = None  # None: whoever acts
    last_updated_by: str | None = None
    date_created: datetime | None = None  # None: now
    date_updated: datetime | None = None  # None: as `date_created`


class SendMediaMessage(InChannel[Message], frozen=True):
    """Put a clean file of the sender's into a channel as a message. The rest as in SendMessage."""

    media_sid: str
    body: str = ""
    attributes: str = "{}"
    key: str | None = None
    author: str | None = None  # None: whoever acts
    last_updated_by: str | None = None
    date_created: datetime | None = None  # None: now
    date_updated: datetime | None = None  # None: as `date_created`


class UpdateMessage(InChannel[Message], frozen=True):
    """Change a message's text or attributes; the system also names and dates. What is None stays."""

    message_sid: str
    body: str | None = None
    attributes: str | None = None
    author: str | None = None
    last_updated_by: str | None = None  # None: whoever acts
    date_created: datetime | None = None
    date_updated: datetime | None = None  # None: now


class DeleteMessage(InChannel[None], frozen=True):
    """Delete a message, its file's bytes and every link to them, before it returns."""

    message_sid: str
