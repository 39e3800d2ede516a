"""Chats and channels: what their actions take."""

from __future__ import annotations

from vestibule.models import Channel, Session
from vestibule.payloads.base import InChannel, Payload


class StartChat(Payload[Session], frozen=True):
    """A customer arrives: a user, a private channel and a pending task."""

    friendly_name: str = ""
    email: str = ""
    attributes: str = "{}"


class CreateChannel(Payload[Channel], frozen=True):
    """Open a channel; the creator becomes its first member unless it is the system."""

    friendly_name: str = ""
    unique_name: str | None = None
    attributes: str = "{}"
    type: str = "public"


class UpdateChannel(InChannel[Channel], frozen=True):
    """Change a channel's name or attributes. What is None stays."""

    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str | None = None


class DeleteChannel(InChannel[None], frozen=True):
    """Delete a channel with its members, messages and files."""
