"""What each action takes, and gives back. The class name is the action's name.

`Payload[R]` is an action whose result is an `R`. Those `InChannel` happen in one channel: its
permissions decide, and every look-up is scoped by it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from vestibule.events import StreamPage
from vestibule.models import (
    Ban,
    BanKind,
    Channel,
    ChannelView,
    Copy,
    Decision,
    Entrance,
    Judged,
    Key,
    Link,
    Media,
    MediaState,
    Member,
    Message,
    Outcome,
    Person,
    Recheck,
    Rechecked,
    RecheckReport,
    Rendition,
    Role,
    Service,
    Session,
    SignedIn,
    Site,
    Task,
    TaskList,
    Timeline,
    User,
    Verdict,
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
    """May these bytes be read now? Asked again for each request that follows a link.

    For this and the other reading of a file, an empty `channel_sid` means one's own loose file.
    """

    media_sid: str
    rendition: Rendition
    link: str = ""  # what tells one link from another: a file is opened once for each


class RemoveMedia(InChannel[None], frozen=True):
    """Take back a file of one's own that no message has claimed."""

    media_sid: str


class SettleMedia(Payload[Media], frozen=True):
    """Close the checks of a file with what they found. The house's own.

    A file that was taken back or deleted meanwhile stays gone, whatever was found.
    """

    media_sid: str
    state: MediaState
    reason: str  # a key of the catalogue of refusals; empty when clean
    verdicts: tuple[Verdict, ...]
    copies: tuple[tuple[Copy, str], ...] = ()  # each with the key where its bytes lie, in quarantine
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    duration: float | None = None  # seconds
    pages: int | None = None
    flags: tuple[str, ...] = ()  # what people who see a clean file should know of it
    keeps_original: bool = False  # of a clean file that was rebuilt


class ReviewMedia(InChannel[Media], frozen=True):
    """Decide about a held file, with a reason. An empty `channel_sid` means a loose file.

    `release` overrules the checks that hold it, and nothing else: all are asked again, so the file
    comes back `clean`, or `refused` or `held` by another one, or still `checking`. Nobody reviews
    their own file, and of two reviewers one decides.
    """

    media_sid: str
    decision: Decision
    reason: str  # for staff: it stands in the file's timeline


class CastVote(Payload[None], frozen=True):
    """Say what a check that answered `later` has found. Whoever has the ballot may, once, in time."""

    ballot: str  # the word that the check was given
    outcome: Outcome  # not `later`
    reason: str = ""  # a key of the catalogue of refusals
    detail: str = ""  # for staff
    version: str = ""  # of the scanner and its signatures


class EraseMedia(Payload[None], frozen=True):
    """Erase every byte of files whose rows are gone already. The house's own."""

    media_sids: tuple[str, ...]


# Recall


class AddBan(Payload[list[Ban]], frozen=True):
    """Do not accept a file again: these bytes (`sha256`), and what looks like it (`perceptual`).

    A `media_sid` stands for both. What the house bans, it bans in all of its services. Banned again, a
    file gets the new reason and date.
    """

    sha256: str = ""  # hex
    perceptual: str = ""  # hex
    media_sid: str = ""
    reason: str = ""  # for staff
    date_expires: datetime | None = None  # None: never
    exact: bool = False  # of a `media_sid` only the bytes, not the looks


class RemoveBan(Payload[None], frozen=True):
    """Accept a file again."""

    ban_sid: str


class ListBans(Payload[list[Ban]], frozen=True):
    """What is banned now, the newest first."""


class NewBan(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of somebody else's list."""

    kind: BanKind
    value: str  # hex
    reason: str = ""
    date_expires: datetime | None = None  # None: never


class ImportBans(Payload[int], frozen=True):
    """Take in somebody else's list; gives how many bans are on it. What was banned here stays as it is."""

    source: str  # whose it is
    bans: tuple[NewBan, ...]


class RecallMedia(Payload[Media], frozen=True):
    """Take a file back that is out: its links die at once, its bytes before this returns.

    `until_reviewed` holds it instead: nobody can open it until somebody has decided.
    """

    media_sid: str
    reason: str = "recalled"  # a key of the catalogue of refusals
    note: str = ""  # for staff: it stands in the file's timeline
    verdicts: tuple[Verdict, ...] = ()  # of the checks that want it back; none: whoever acts does
    until_reviewed: bool = False


class RestoreMedia(Payload[Media], frozen=True):
    """Let people open a file again that was out, and then held. Nobody restores their own."""

    media_sid: str
    note: str = ""  # for staff: it stands in the file's timeline


class BeginRecheck(Payload[Recheck], frozen=True):
    """Begin a run over stored files, or go on with the last one of the same kind that was cut off."""

    since: datetime | None = None  # files received from then on; None: all
    content_type: str = ""  # or the beginning of one, such as `image/`
    sha256: str = ""  # hex, of the received bytes
    dry_run: bool = False


class After(msgspec.Struct, frozen=True):
    """Where a page of a list goes on: after the row of this date and sid."""

    date: float = 0.0  # seconds since 1970
    sid: str = ""


class ListRecheck(Payload[list[After]], frozen=True):
    """Files that a run has not looked at, the oldest first: the date and sid of each."""

    recheck: Recheck
    after: After = After()
    limit: int = 100


class RecheckMedia(Payload[Rechecked], frozen=True):
    """Put a stored file to today's checks. One that is bad is recalled, one that is doubtful held.

    A check that is silent or broken takes nothing back: the file counts as `unsure`.
    """

    media_sid: str
    dry_run: bool = False


class EndRecheck(Payload[RecheckReport], frozen=True):
    """Close a run; gives what it found."""

    recheck_sid: str


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
    """Let a user sign in at the desk. Only a hash of the password is kept."""

    identity: str
    password: str


# Signing in


class SignIn(Payload[User], frozen=True):
    """Whose name and password these are. It only asks; `StartSession` lets in."""

    identity: str
    password: str


class StartSession(Payload[SignedIn], frozen=True):
    """Let a user in at the desk. Only the hash of the browser's secret is kept."""

    identity: str
    hash: str  # SHA-256 of the secret, in hex


class FetchSession(Payload[SignedIn], frozen=True):
    """Who is signed in with this secret, if anybody still is."""

    hash: str


class EndSession(Payload[None], frozen=True):
    """Sign out. May be called again."""

    hash: str


# Keys


class CreateKey(Payload[Key], frozen=True):
    """Make an API key."""

    friendly_name: str = ""


class FetchKey(Payload[Key], frozen=True):
    """An API key that is still good, by sid. For whoever verifies a signature."""

    key_sid: str


class RevokeKey(Payload[None], frozen=True):
    """Take an API key back: nothing it signed is accepted any more."""

    key_sid: str


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
    """The users of the service, oldest first."""

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
    """The channels of the service, oldest first."""

    limit: int = 1000
    after: After = After()
    type: str = ""  # `public` or `private`; empty for both


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


class FindMedia(Payload[Media], frozen=True):
    """A file's record by its sid alone, for whoever may know of it: the media service's way."""

    media_sid: str


class ListJudged(Payload[list[Judged]], frozen=True):
    """The files that were judged last, the newest first. The house's own."""

    limit: int = 1000


class FetchTimeline(Payload[Timeline], frozen=True):
    """The whole way of a file: with `reviewMedia` in every detail, for its uploader in outline."""

    media_sid: str


# Streams


class EnterService(Payload[Entrance], frozen=True):
    """Arrive with a token: the user of whoever acts, made where there is none yet."""


class ReadChannelStream(InChannel[StreamPage], frozen=True):
    """What happened in a channel after `seq`."""

    seq: int
    limit: int = 200


class ReadServiceStream(Payload[StreamPage], frozen=True):
    """What happened to the service's tasks after `seq`."""

    seq: int
    limit: int = 200


class ReadUserStream(Payload[StreamPage], frozen=True):
    """What was told to whoever acts after `seq`."""

    seq: int
    limit: int = 200
