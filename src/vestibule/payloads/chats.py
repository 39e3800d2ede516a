"""Chats and channels: what their actions take."""

from __future__ import annotations

from datetime import datetime

from vestibule.models import Channel, Session
from vestibule.payloads.base import InChannel, Payload


class StartChat(Payload[Session], frozen=True):
    """A customer arrives: a user, a private channel and a pending task."""

    friendly_name: str = ""
    email: str = ""
    attributes: str = "{}"


class CreateChannel(Payload[Channel], frozen=True):
    """Open a channel; the creator becomes its first member unless it is the system.

    What is brought here from elsewhere has its `created_by` and dates: they are the system's to say.
    """

    friendly_name: str = ""
    unique_name: str | None = None
    attributes: str = "{}"
    type: str = "public"
    created_by: str | None = None  # None: whoever acts
    date_created: datetime | None = None  # None: now
    date_updated: datetime | None = None  # None: as `date_created`


class UpdateChannel(InChannel[Channel], frozen=True):
    """Change a channel's name or attributes; the system also the rest. What is None stays."""

    friendly_name: str | None = None
    unique_name: str | None = None  # empty: none any more
    attributes: str | None = None
    created_by: str | None = None
    date_created: datetime | None = None
    date_updated: datetime | None = None  # None: now


class DeleteChannel(InChannel[None], frozen=True):
    """Delete a channel with its members, messages and files."""
