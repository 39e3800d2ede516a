"""Members: what their actions take."""

from __future__ import annotations

from vestibule.models import Member
from vestibule.payloads.base import InChannel


class AddMember(InChannel[Member], frozen=True):
    """Make a user a member. Without a role: the service's default channel role."""

    identity: str
    role: str | None = None  # sid or friendly name
    attributes: str = "{}"


class UpdateMember(InChannel[Member], frozen=True):
    """Give a member another role or other attributes. What is None stays."""

    member: str  # sid or identity
    role: str | None = None  # sid or friendly name
    attributes: str | None = None


class RemoveMember(InChannel[None], frozen=True):
    """Take a member out of a channel; for oneself, to leave it."""

    member: str  # sid or identity


class MarkRead(InChannel[Member], frozen=True):
    """Say how far one has read. It never goes back."""

    index: int


class SendTyping(InChannel[None], frozen=True):
    """Show the others that one is typing. Nothing is kept."""
