"""Read marks: how far a member has read."""

from __future__ import annotations

from datetime import datetime

from vestibule.chat import origins
from vestibule.context import Context
from vestibule.errors import ConsumedIndexInvalid, ConsumptionDateInvalid, PermissionDenied
from vestibule.models import Member
from vestibule.ports import Transaction

LAST = 2**62  # beyond every index


def move_own(tx: Transaction, member: Member, index: int) -> bool:
    """Move a mark on, to what there is at most; False where it stays. It never goes back."""
    last_index = tx.value("last_index", sid=member.channel_sid)
    scope = {"service_sid": member.service_sid, "channel_sid": member.channel_sid}
    index = max(-1, min(index, last_index))
    return bool(tx.run("set_read_mark", **scope, identity=member.identity, index=index))


def write(tx: Transaction, member: Member, index: int | None, date: datetime | None) -> None:
    """Set a mark as the system says; the index -1 takes it away. What is None stays."""
    if index is not None and not -1 <= index <= LAST:
        raise ConsumedIndexInvalid
    moment = origins.seconds(date, ConsumptionDateInvalid)
    if index is None:
        index = member.last_consumed_message_index
    elif moment is None:
        moment = tx.now
    if index == -1:
        index = moment = None
    tx.run("mark_member", sid=member.sid, index=index, timestamp=moment)


def valid(ctx: Context, member: Member, date: datetime | None) -> None:
    """Who does not act for the system marks for themselves, as of now. Raises `PermissionDenied`."""
    if not ctx.is_system and (member.identity != ctx.identity or date is not None):
        raise PermissionDenied
