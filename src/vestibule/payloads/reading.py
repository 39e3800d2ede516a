"""Reading: what the actions take that change nothing."""

from __future__ import annotations

from vestibule.models import (
    Channel,
    ChannelView,
    Judged,
    Media,
    Member,
    Message,
    Person,
    Role,
    Service,
    Site,
    TaskList,
    Timeline,
    User,
    UserChannel,
)
from vestibule.payloads.base import After, InChannel, Payload


class FetchSite(Payload[Site], frozen=True):
    """What a visitor may know before a chat."""


class FetchService(Payload[Service], frozen=True):
    """The service of whoever asks."""


class ListServices(Payload[list[Service]], frozen=True):
    """The services of the account, oldest first."""

    limit: int = 1000
    after: After = After()


class FetchRole(Payload[Role], frozen=True):
    """One role, by sid or friendly name."""

    role: str


class ListRoles(Payload[list[Role]], frozen=True):
    """The roles of the service, oldest first."""

    limit: int = 1000
    after: After = After()


class FetchUser(Payload[User], frozen=True):
    """One user, by sid or identity; another than oneself with `readAnyChannel`."""

    user: str


class FetchPerson(Payload[Person], frozen=True):
    """One user with their chats and files, for the desk."""

    user: str  # sid or identity


class ListUsers(Payload[list[User]], frozen=True):
    """The users of the service, oldest first."""

    limit: int = 1000
    after: After = After()


class FetchUserChannel(Payload[UserChannel], frozen=True):
    """A channel as one of its users has it; as another than oneself with `readAnyChannel`."""

    user: str  # sid or identity
    channel: str  # sid or unique name


class ListUserChannels(Payload[list[UserChannel]], frozen=True):
    """The channels that a user joined or is invited to, in that order of time.

    Another's than one's own with `readAnyChannel`. `after` holds the date of the membership or invitation
    and the sid of the channel.
    """

    user: str  # sid or identity
    limit: int = 1000
    after: After = After()


class ListAgents(Payload[list[User]], frozen=True):
    """The users who may accept tasks."""


class FetchChannel(InChannel[Channel], frozen=True):
    """One channel."""


class OpenChannel(InChannel[ChannelView], frozen=True):
    """A channel with its members, last messages and refusals, on one snapshot."""

    limit: int = 50


class FindChannel(Payload[str], frozen=True):
    """The sid of the channel with a unique name. The house's own: what follows asks who may."""

    unique_name: str


class ListChannels(Payload[list[Channel]], frozen=True):
    """The channels of the service, oldest first.

    Without `readAnyChannel` the public ones, and those that one is a member of or invited to.
    """

    limit: int = 1000
    after: After = After()
    type: str = ""  # `public` or `private`; empty for both


class ListMembers(InChannel[list[Member]], frozen=True):
    """Who is in a channel, oldest first."""

    identities: tuple[str, ...] = ()  # only theirs; empty for all
    limit: int = 1000
    after: After = After()


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


class FindMedia(Payload[Media], frozen=True):
    """A file's record by its sid alone, for whoever may know of it: the media service's way."""

    media_sid: str


class ListMedia(Payload[list[Media]], frozen=True):
    """The files of the service, oldest first. The house's own."""

    limit: int = 1000
    after: After = After()


class ListJudged(Payload[list[Judged]], frozen=True):
    """The files that were judged last, the newest first. The house's own."""

    limit: int = 1000


class FetchTimeline(Payload[Timeline], frozen=True):
    """The whole way of a file: with `reviewMedia` in every detail, for its uploader in outline."""

    media_sid: str
