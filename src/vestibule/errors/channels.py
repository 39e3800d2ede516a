"""Channels: their names, their members, their invites, their tasks."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError
from vestibule.errors.requests import InvalidRequest


class Conflict(VestibuleError):
    """The resource was changed by somebody else meanwhile."""

    code, reason, status = 50349, "conflict", 409


class ChannelExists(VestibuleError):
    """Channel with provided unique name already exists"""

    code, reason, status = 50307, "channel_exists", 409


class FriendlyNameTooLong(InvalidRequest):
    """FriendlyName is too long."""

    code, reason = 50003, "friendly_name_too_long"


class UniqueNameTooLong(InvalidRequest):
    """UniqueName has at most 256 characters."""

    code, reason = 50004, "unique_name_too_long"


class UniqueNameIsSid(InvalidRequest):
    """UniqueName must not look like a channel's sid."""

    code, reason = 50306, "unique_name_is_sid"


class DatesInvalid(InvalidRequest):
    """A date must be in ISO 8601, such as 2022-03-14T13:10:38Z, and not before 1970."""

    code, reason = 50308, "dates_invalid"


class CreatorTooLong(InvalidRequest):
    """CreatedBy has at most 256 characters."""

    code, reason = 50309, "creator_too_long"


class MemberExists(VestibuleError):
    """Member already exists"""

    code, reason, status = 50404, "member_exists", 409


class ChannelFull(VestibuleError):
    """The channel has as many members as the service allows."""

    code, reason, status = 50403, "channel_full", 403


class TooManyChannels(VestibuleError):
    """The user is in as many channels as the service allows."""

    code, reason, status = 50208, "too_many_channels", 403


class ConsumptionDateInvalid(InvalidRequest):
    """LastConsumptionTimestamp must be in ISO 8601, such as 2022-03-14T13:10:38Z, and not before 1970."""

    code, reason = 50405, "consumption_date_invalid"


class ConsumedIndexInvalid(InvalidRequest):
    """LastConsumedMessageIndex must be a number from 0; empty for nothing read."""

    code, reason = 50406, "consumed_index_invalid"


class InviteExists(VestibuleError):
    """User is already invited"""

    code, reason, status = 50212, "invite_exists", 409


class ChatEnded(VestibuleError):
    """This chat has ended. You can start a new one."""

    code, reason, status = 60021, "chat_ended", 409


class TaskConflict(VestibuleError):
    """The task is not in a state that allows this."""

    code, reason, status = 60022, "task_conflict", 409
