"""The nouns: plain frozen values, named as their database columns and as on the wire.

No method here reads or writes anything. `attributes` is the JSON text as it was given.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.refusals import Refusal

MediaState = Literal["received", "checking", "clean", "held", "refused", "recalled", "gone"]
StepKind = Literal["received", "cleared", "held", "refused", "reviewed", "sent", "recalled", "gone"]
TaskState = Literal["pending", "accepted", "wrapping", "completed"]
Outcome = Literal[
    "clean", "infected", "suspicious", "refused", "encrypted", "too_large", "timeout", "error", "later"
]
Decision = Literal["release", "refuse"]
Rendition = Literal["original", "safe", "preview", "poster"]
BanKind = Literal["sha256", "perceptual"]
RecheckOutcome = Literal["clean", "recalled", "held", "unsure", "skipped"]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One tenant: its roles, users and channels, and which roles they get by default."""

    sid: str
    friendly_name: str
    default_service_role_sid: str
    default_channel_role_sid: str
    default_channel_creator_role_sid: str
    date_created: datetime
    date_updated: datetime


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of permissions, such as `blockedUser`."""

    sid: str
    service_sid: str
    friendly_name: str
    type: Literal["channel", "deployment"]
    permissions: tuple[str, ...]
    date_created: datetime
    date_updated: datetime


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person or bot. `identity` is unique in its service and never changes."""

    sid: str
    service_sid: str
    identity: str
    friendly_name: str
    attributes: str
    role_sid: str
    joined_channels_count: int = 0
    date_created: datetime
    date_updated: datetime


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages are sent. `seq` is the last event of its stream."""

    sid: str
    service_sid: str
    friendly_name: str
    unique_name: str | None
    attributes: str
    type: Literal["public", "private"]
    created_by: str
    members_count: int
    messages_count: int
    last_index: int  # -1 before the first message
    seq: int
    date_ended: datetime | None  # set when the chat was wrapped up
    date_created: datetime
    date_updated: datetime


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user in a channel. The channel role is held here, not on the user."""

    sid: str
    service_sid: str
    channel_sid: str
    identity: str
    role_sid: str
    role: str  # the role's friendly name
    friendly_name: str
    attributes: str
    last_consumed_message_index: int | None
    last_consumption_timestamp: datetime | None
    date_created: datetime
    date_updated: datetime


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition of a file: a copy made by us, with its place in storage."""

    name: Rendition
    content_type: str
    size: int  # bytes
    width: int | None = None  # pixels
    height: int | None = None  # pixels


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A received file's record. Its bytes are in storage, under keys made from `sid`."""

    sid: str
    service_sid: str
    channel_sid: str | None  # where it was uploaded to; None: loose, until a message takes it
    message_sid: str | None
    author: str
    filename: str  # safe to show
    declared_type: str  # what the sender said, as advice only
    content_type: str  # what the bytes are; the declared one until they were looked at
    size: int  # bytes
    state: MediaState
    reason: str  # why held or refused: a key of the catalogue of refusals; else empty
    width: int | None  # pixels
    height: int | None  # pixels
    duration: float | None  # seconds
    pages: int | None
    renditions: tuple[Copy, ...] = ()
    flags: tuple[str, ...] = ()  # what agents are told of a clean file: `card_number`, `blur`, ...
    date_created: datetime
    date_updated: datetime


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one check said of a file. Only `clean` opens anything."""

    outcome: Outcome
    check: str
    reason: str = ""  # a key of the catalogue of refusals
    detail: str = ""  # for staff: the signature's name, the scanner's reply
    version: str = ""  # of the check, its engine and signatures
    policy: str = ""  # the version of the policy under which it was given
    milliseconds: float = 0.0
    date_created: datetime | None = None  # when it was written down; None before that

    @property
    def is_clean(self) -> bool:
        return self.outcome == "clean"


class Ban(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is not wanted again: these very bytes, or a picture that looks like it."""

    sid: str
    service_sid: str  # empty: in the whole house
    kind: BanKind
    value: str  # hex: the SHA-256 of the received bytes, or the picture's 256 bits
    reason: str  # for staff
    source: str  # whose list it came from; empty: banned here
    created_by: str  # identity
    date_created: datetime
    date_expires: datetime | None  # None: never


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Who was given a copy of a file. `times` counts the links they opened it with, not the requests."""

    identity: str
    rendition: Rendition
    date_first: datetime
    date_last: datetime
    times: int  # 0: had a link, and did not open it


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """A run of today's checks over stored files. One that was cut off is gone on with."""

    sid: str  # empty: a dry run, of which nothing is kept
    since: datetime  # files received from then on
    content_type: str  # or the beginning of one; empty: all
    sha256: str  # of the received bytes; empty: all
    date_created: datetime
    files: int = 0  # that are still to be looked at


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in a channel. `index` counts from 0 and is never used twice."""

    sid: str
    service_sid: str
    channel_sid: str
    index: int
    author: str
    body: str
    attributes: str
    media: Media | None = None
    was_edited: bool
    last_updated_by: str | None
    date_created: datetime
    date_updated: datetime


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's claim on an agent."""

    sid: str
    service_sid: str
    channel_sid: str
    state: TaskState
    agent: str | None  # the identity that holds it, or to whom it is offered while pending
    customer: str  # identity
    customer_name: str
    attributes: str
    date_created: datetime
    date_updated: datetime
    date_accepted: datetime | None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log: which row changed, not what it holds. `seq` is gapless in its stream."""

    stream: str  # a sid: CH, US or IS
    seq: int  # from 1
    kind: str
    sid: str
    date_created: datetime


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address of one file, for one viewer, for minutes."""

    media_sid: str
    rendition: Rendition
    url: str
    content_type: str
    date_expires: datetime


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's place in a new chat, with what the browser needs to come back to it."""

    identity: str
    service_sid: str
    channel: Channel
    task: Task


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """An agent at the desk, for as long as the session lasts."""

    user: User
    permissions: tuple[str, ...]  # of the service role, as it is now
    date_expires: datetime


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An API key: signs AccessTokens, and stands for the account. The secret is never shown again."""

    sid: str
    secret: str
    friendly_name: str
    date_created: datetime


# What reading actions give: several nouns from one snapshot.


class NotAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was held or refused, and what people read about it."""

    media: Media
    refusal: Refusal
    date: datetime


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as one opens it. `seq` is the stream's: subscribe from there."""

    channel: Channel
    members: list[Member]
    messages: list[Message]  # ascending by index
    refusals: list[NotAccepted]
    roles: dict[str, str]  # sid to friendly name
    task: Task | None
    seq: int


class TaskRow(Task, frozen=True, kw_only=True):
    """A task with what a list shows of its channel's last message."""

    last_sid: str  # of the message; empty before the first
    last_body: str
    last_author: str
    last_date: datetime | None
    last_index: int
    unread_count: int  # of others
    has_media: bool
    seq: int  # of the channel's stream: subscribe from there to keep the row as it is


class TaskList(msgspec.Struct, frozen=True, kw_only=True):
    """The open tasks. `seq` is that of the service's stream."""

    tasks: list[TaskRow]
    seq: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A user with their channels and files, for the desk."""

    user: User
    channels: list[Channel]
    files: list[Media]


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever acts, as a user. `seq` is that of the user's own stream."""

    user: User
    seq: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One moment in a file's way."""

    kind: StepKind
    date: datetime
    by: str = ""  # identity, where a person did it and whoever reads may know


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """A vote that a check promised and has not cast yet."""

    check: str
    date_created: datetime
    date_expires: datetime  # then silence counts as `timeout`


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its whole way. Who may not review is told no check, nothing they said, and nobody's name."""

    media: Media
    refusal: Refusal | None = None  # what people read about it, where it is held or refused
    verdicts: list[Verdict] = []  # in order
    steps: list[Step] = []  # in order
    awaited: list[Awaited] = []
    openings: list[Opening] = []  # who was given a copy, in the order in which they first were


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a file that the checks are through with, as they saw it, with their verdicts."""

    sid: str
    filename: str  # as the sender gave it
    declared_type: str
    content_type: str
    size: int  # bytes
    role: str  # of its author there, as it is now
    state: MediaState
    reason: str
    date_created: datetime
    verdicts: tuple[Verdict, ...] = ()


class Rechecked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a stored file under today's checks."""

    media: Media
    outcome: RecheckOutcome
    verdicts: list[Verdict] = []  # what was not clean
    openings: list[Opening] = []


class RecheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to, also where it was cut off in between."""

    files: int  # that were looked at
    found: list[Rechecked]  # recalled, held and unsure


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """How long people waited for an agent lately."""

    reply_seconds: float | None
