"""Channels: their names, their members, their tasks."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class Conflict(VestibuleError):
    """The resource was changed by somebody else meanwhile."""

    code, reason, status = 50349, "conflict", 409


class ChannelExists(VestibuleError):
    """Channel with provided unique name already exists"""

    code, reason, status = 50307, "channel_exists", 409


class MemberExists(VestibuleError):
    """Member already exists"""

    code, reason, status = 50404, "member_exists", 409


class ConsumptionTimestampInvalid(VestibuleError):
    """LastConsumptionTimestamp must be a time as in ISO 8601."""

    code, reason, status = 50405, "consumption_timestamp_invalid", 400


class MessageIndexInvalid(VestibuleError):
    """LastConsumedMessageIndex must be a message's index: 0 or more."""

    code, reason, status = 50406, "message_index_invalid", 400


class ChatEnded(VestibuleError):
    """This chat has ended. You can start a new one."""

    code, reason, status = 60021, "chat_ended", 409


class TaskConflict(VestibuleError):
    """The task is not in a state that allows this."""

    code, reason, status = 60022, "task_conflict", 409
