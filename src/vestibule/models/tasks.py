"""Tasks: claims on agents."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

TaskState = Literal["pending", "accepted", "wrapping", "completed"]


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
