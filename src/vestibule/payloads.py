"""What each action takes, and gives back. The class name is the action's name.

`Payload[R]` is an action whose result is an `R`. Those `InChannel` happen in one channel: its
permissions decide, and every look-up is scoped by it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

import msgspec

from vestibule.models import (
    Channel,
    ChannelView,
    Link,
    Media,
    Member,
    Message,
    Person,
    Rendition,
    Role,
    Service,
    Session,
    Site,
    Task,
    TaskList,
    Timeline,
    User,
)

R = TypeVar("R")


class Payload(msgspec.Struct, Generic[R], frozen=True):
    """What an action takes; `R` is what it gives back. It happens in the service of whoever acts."""


class InChannel(Payload[R], Generic[R], frozen=True):
    """What an action takes that happens in one channel."""

    channel_sid: str


# Chats and channels


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


# Members


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


# Messages


class SendMessage(InChannel[Message], frozen=True):
    """Put a text into a channel.

    `key` is the sender's own name for it: sent twice under one key it is added once, so a client may
    send again whatever was not acknowledged.
    """

    body: str
    attributes: str = "{}"
    key: str | None = None


class SendMediaMessage(InChannel[Message], frozen=True):
    """Put a clean file of the sender's into a channel as a message. `key` as in SendMessage."""

    media_sid: str
    body: str = ""
    attributes: str = "{}"
    key: str | None = None


class UpdateMessage(InChannel[Message], frozen=True):
    """Change a message's text or attributes. What is None stays."""

    message_sid: str
    body: str | None = None
    attributes: str | None = None


class DeleteMessage(InChannel[None], frozen=True):
    """Delete a message, its file's bytes and every link to them, before it returns."""

    message_sid: str


# Files


class AttachFile(Payload[Media], frozen=True):
    """Take in a file: may this person send such a file here at all, and is it safe?

    It returns once there is a verdict, or after the configured patience with the state `checking`.
    `channel_sid` None makes it loose: it can be sent in any channel of the same service.
    """

    filename: str
    content_type: str
    chunks: AsyncIterator[bytes]
    channel_sid: str | None = None
    size: int | None = None  # bytes, where the sender said so


class DownloadMedia(InChannel[Link], frozen=True):
    """Mint a link to a file's safe copy for whoever asks."""

    media_sid: str
    rendition: Rendition = "safe"
    disposition: str = "inline"  # or `attachment`


class ReadMedia(InChannel[Media], frozen=True):
    """May these bytes be read now? Asked again for each request that follows a link."""

    media_sid: str
    rendition: Rendition


class RemoveMedia(InChannel[None], frozen=True):
    """Take back a file of one's own that no message has claimed."""

    media_sid: str


class EraseMedia(Payload[None], frozen=True):
    """Erase every byte of files whose rows are gone already. The house's own."""

    media_sids: tuple[str, ...]


# Tasks


class AcceptTask(Payload[Task], frozen=True):
    """Take a pending task: whoever accepts becomes a member of its channel."""

    task_sid: str


class TransferTask(Payload[Task], frozen=True):
    """Offer an accepted task to another agent, or to all (`agent` None)."""

    task_sid: str
    agent: str | None = None


class WrapupTask(Payload[Task], frozen=True):
    """End the conversation: the customer can write no more, the agent finishes the paperwork."""

    task_sid: str


class CompleteTask(Payload[Task], frozen=True):
    """Close a task that was wrapped up: the agent leaves its channel."""

    task_sid: str


# Roles


class CreateRole(Payload[Role], frozen=True):
    """Make a role."""

    friendly_name: str
    type: str
    permissions: tuple[str, ...]


class UpdateRole(Payload[Role], frozen=True):
    """Replace a role's permissions, at once for everybody who holds it."""

    role_sid: str
    permissions: tuple[str, ...]


class DeleteRole(Payload[None], frozen=True):
    """Delete a role that nobody holds."""

    role_sid: str


# Users


class CreateUser(Payload[User], frozen=True):
    """Make a user. Without a role: the service's default."""

    identity: str
    friendly_name: str = ""
    attributes: str = "{}"
    role: str | None = None  # sid or friendly name


class UpdateUser(Payload[User], frozen=True):
    """Change a user's name, attributes or service role. What is None stays."""

    user: str  # sid or identity
    friendly_name: str | None = None
    attributes: str | None = None
    role: str | None = None  # sid or friendly name


class SetPassword(Payload[User], frozen=True):
    """Let a user sign in at the desk: keep the hash of a password."""

    identity: str
    hash: str


# Reading


class FetchSite(Payload[Site], frozen=True):
    """What a visitor may know before a chat."""


class FetchService(Payload[Service], frozen=True):
    """The service of whoever asks."""


class ListServices(Payload[list[Service]], frozen=True):
    """Every service of the account."""


class FetchRole(Payload[Role], frozen=True):
    """One role, by sid or friendly name."""

    role: str


class ListRoles(Payload[list[Role]], frozen=True):
    """Every role of the service."""


class FetchUser(Payload[User], frozen=True):
    """One user, by sid or identity."""

    user: str


class FetchPerson(Payload[Person], frozen=True):
    """One user with their chats and files, for the desk."""

    user: str  # sid or identity


class ListUsers(Payload[list[User]], frozen=True):
    """The users of the service."""

    limit: int = 1000


class ListAgents(Payload[list[User]], frozen=True):
    """The users who may accept tasks."""


class FetchChannel(InChannel[Channel], frozen=True):
    """One channel."""


class OpenChannel(InChannel[ChannelView], frozen=True):
    """A channel with its members, last messages and refusals, on one snapshot."""

    limit: int = 50


class ListChannels(Payload[list[Channel]], frozen=True):
    """The channels of the service."""

    limit: int = 1000


class ListMembers(InChannel[list[Member]], frozen=True):
    """Who is in a channel."""


class FetchMember(InChannel[Member], frozen=True):
    """One member, by sid or identity."""

    member: str


class ListMessages(InChannel[list[Message]], frozen=True):
    """Messages ascending by index: the last ones before `before`, or the first ones after `after`."""

    before: int | None = None
    after: int | None = None
    limit: int = 50


class FetchMessage(InChannel[Message], frozen=True):
    """One message."""

    message_sid: str


class ListTasks(Payload[TaskList], frozen=True):
    """The open tasks of the service."""


class FetchMedia(InChannel[Media], frozen=True):
    """A file's record."""

    media_sid: str


class FetchTimeline(Payload[Timeline], frozen=True):
    """What every check said of a file, for staff."""

    media_sid: str
