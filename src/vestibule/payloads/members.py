"""Members: what their actions take."""

from __future__ import annotations

from datetime import datetime

from vestibule.models import Member
from vestibule.payloads.base import InChannel


class GrantedRole(str):
    """A role that the service's own webhook gives whoever joins: whoever acts needs no right to give it.

    No request is ever read into one: what comes from outside is plain text.
    """


class AddMember(InChannel[Member], frozen=True):
    """Make a user a member. An invite that they have is taken up by it.

    Without a role: the invite's, else for the channel's creator the service's default creator role, else
    its default channel role. Who is brought here from elsewhere has a read mark and dates: they are the
    system's to say.
    """

    identity: str
    role: str | None = None  # sid or friendly name; a `GrantedRole` is not asked for
    attributes: str = "{}"
    last_consumed_message_index: int | None = None
    last_consumption_timestamp: datetime | None = None  # None: now, where there is a read mark
    date_created: datetime | None = None  # None: now
    date_updated: datetime | None = None  # None: as `date_created`


class UpdateMember(InChannel[Member], frozen=True):
    """Give a member another role, other attributes or a read mark. What is None stays.

    One's own read mark only moves on, to what there is. The system sets anybody's as it likes, and dates.
    """

    member: str  # sid or identity
    role: str | None = None  # sid or friendly name
    attributes: str | None = None
    last_consumed_message_index: int | None = None  # -1: nothing read
    last_consumption_timestamp: datetime | None = None  # None: now, where the read mark moves
    date_created: datetime | None = None
    date_updated: datetime | None = None  # None: now


class RemoveMember(InChannel[None], frozen=True):
    """Take a member out of a channel; for oneself, to leave it."""

    member: str  # sid or identity


class MarkRead(InChannel[Member], frozen=True):
    """Say how far one has read. It never goes back."""

    index: int


class SendTyping(InChannel[None], frozen=True):
    """Show the others that one is typing. Nothing is kept."""
