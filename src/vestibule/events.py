"""What sockets are told. The log keeps stream, seq, kind and sid; the content is read from the rows.

Content that is None means: the row is gone since. The seq still counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from vestibule.models import Channel, Invite, Media, Member, Message, Task, User
from vestibule.refusals import Refusal


class Happening(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind"):
    """One event of one stream, as it is told."""

    KEPT: ClassVar[tuple[str, ...]] = ()  # fields that name a row which is gone: the log keeps them

    stream: str
    seq: int  # from 1, gapless in its stream
    sid: str

    @classmethod
    def about(cls, content: Mapping[str, Any]) -> str:
        """What the log keeps of an event's content, as JSON. Empty for nothing."""
        kept = {name: content[name] for name in cls.KEPT if name in content}
        return msgspec.json.encode(kept).decode() if kept else ""


class MessageAdded(Happening, frozen=True, kw_only=True):
    """A message is in the channel."""

    message: Message | None = None


class MessageUpdated(Happening, frozen=True, kw_only=True):
    """A message was edited."""

    message: Message | None = None


class MessageRemoved(Happening, frozen=True, kw_only=True):
    """A message was deleted, and its file with it."""

    KEPT = ("index", "author")

    index: int | None = None
    author: str = ""


class MemberAdded(Happening, frozen=True, kw_only=True):
    """Somebody is a member now."""

    member: Member | None = None


class MemberUpdated(Happening, frozen=True, kw_only=True):
    """A member's role, attributes or read mark changed."""

    member: Member | None = None


class MemberRemoved(Happening, frozen=True, kw_only=True):
    """Somebody is no member any more."""

    KEPT = ("identity", "role_sid")

    identity: str = ""
    role_sid: str = ""


class ChannelAdded(Happening, frozen=True, kw_only=True):
    """The channel is there."""

    channel: Channel | None = None


class ChannelUpdated(Happening, frozen=True, kw_only=True):
    """The channel's name, attributes or end changed."""

    channel: Channel | None = None


class ChannelRemoved(Happening, frozen=True, kw_only=True):
    """The channel is gone, and all that was in it."""

    KEPT = ("unique_name",)

    unique_name: str | None = None


class MediaCleared(Happening, frozen=True, kw_only=True):
    """A file of yours passed its checks. In the uploader's user stream."""

    media: Media | None = None


class MediaHeld(Happening, frozen=True, kw_only=True):
    """A file waits for a person or a later check. In the channel's stream."""

    media: Media | None = None
    refusal: Refusal | None = None


class MediaRefused(Happening, frozen=True, kw_only=True):
    """A file was not accepted, and why. In the channel's stream: both sides are told."""

    media: Media | None = None
    refusal: Refusal | None = None


class MediaRecalled(Happening, frozen=True, kw_only=True):
    """A file that was out is taken back: its links are dead, its bytes gone. In the channel's stream."""

    media: Media | None = None
    refusal: Refusal | None = None


class UserAdded(Happening, frozen=True, kw_only=True):
    """You are a user of the service. In the user's own stream."""

    user: User | None = None


class UserUpdated(Happening, frozen=True, kw_only=True):
    """Your name, attributes or service role changed. In the user's own stream."""

    user: User | None = None


class InviteAdded(Happening, frozen=True, kw_only=True):
    """You may join a channel. In the user's own stream."""

    invite: Invite | None = None


class InviteRemoved(Happening, frozen=True, kw_only=True):
    """An invite of yours is taken up, declined or taken back. In the user's own stream."""

    KEPT = ("channel_sid",)

    channel_sid: str = ""


class TaskUpdated(Happening, frozen=True, kw_only=True):
    """A task was made or changed its state. In the service's stream, for agents."""

    task: Task | None = None


KINDS: dict[str, type[Happening]] = {
    kind.__name__: kind
    for kind in (
        MessageAdded,
        MessageUpdated,
        MessageRemoved,
        MemberAdded,
        MemberUpdated,
        MemberRemoved,
        ChannelAdded,
        ChannelUpdated,
        ChannelRemoved,
        MediaCleared,
        MediaHeld,
        MediaRefused,
        MediaRecalled,
        UserAdded,
        UserUpdated,
        InviteAdded,
        InviteRemoved,
        TaskUpdated,
    )
}


class Passing(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind"):
    """What is told and not kept: it has no seq, and whoever is away never hears it."""

    stream: str
    identity: str


class Typing(Passing, frozen=True, kw_only=True):
    """Somebody is typing; it holds for five seconds."""


class Sending(Passing, frozen=True, kw_only=True):
    """Somebody is sending a file."""

    media_sid: str
    done: bool = False


class RightsChanged(Passing, frozen=True, kw_only=True):
    """What somebody may read may have changed. For the hubs, which ask again; no socket is told.

    `stream` is the service; an `identity` of "" means everybody in it.
    """


class KeyRevoked(Passing, frozen=True, kw_only=True):
    """An API key was taken back. For the hubs, which close the sockets that its tokens opened.

    `stream` is the key's sid; `identity` says who took it back.
    """


class WebhooksChanged(Passing, frozen=True, kw_only=True):
    """A service's or channel's webhooks changed. For the followers, who read them again; no socket is
    told.
    """


Notice = Happening | Passing


class StreamPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a stream, with what the rows hold now, on one snapshot."""

    events: list[Happening]  # ascending by seq
    seq: int  # the stream's last; more to read where it is not the last one's here
