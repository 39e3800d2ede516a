"""Channels and their members, and what is read of both at once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from vestibule.models.media import Media, NotAccepted
from vestibule.models.messages import Message
from vestibule.models.tasks import Task
from vestibule.models.users import User

NotificationLevel = Literal["default", "muted"]


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
    last_message_sid: str | None = None  # of the newest that is still there; only where one channel is read
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
    notification_level: NotificationLevel = "default"
    last_consumed_message_index: int | None
    last_consumption_timestamp: datetime | None
    date_created: datetime
    date_updated: datetime


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """A user who may join a channel, and the role that they would have there."""

    sid: str
    service_sid: str
    channel_sid: str
    identity: str
    role_sid: str
    created_by: str
    date_created: datetime
    date_updated: datetime


class UserChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as one of its users has it."""

    service_sid: str
    channel_sid: str
    user_sid: str
    member_sid: str | None  # None while only invited
    invite_sid: str | None  # None once joined
    status: Literal["joined", "invited", "notParticipating"]
    last_consumed_message_index: int | None
    unread_messages_count: int | None  # None until a read mark was set
    notification_level: NotificationLevel
    date_created: datetime  # of the membership or the invitation


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as one opens it. `seq` is the stream's: subscribe from there."""

    channel: Channel
    members: list[Member]
    messages: list[Message]  # ascending by index
    refusals: list[NotAccepted]
    roles: dict[str, str]  # sid to friendly name
    task: Task | None
    seq: int


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's place in a new chat, with what the browser needs to come back to it."""

    identity: str
    service_sid: str
    channel: Channel
    task: Task


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A user with their channels and files, for the desk."""

    user: User
    channels: list[Channel]
    files: list[Media]
