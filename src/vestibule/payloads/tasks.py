"""Tasks: what their actions take."""

from __future__ import annotations

from vestibule.models import Task
from vestibule.payloads.base import Payload


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
