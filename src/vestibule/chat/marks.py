"""Read marks: how far a member has read."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, UnsetType

from vestibule.chat import origins
from vestibule.context import Context
from vestibule.errors import ConsumedIndexInvalid, ConsumptionDateInvalid, PermissionDenied
from vestibule.models import Member
from vestibule.ports import Transaction

LAST = 2**62  # beyond every index

Index = int | UnsetType | None  # UNSET: as it is; None: taken away
Moment = datetime | UnsetType | None  # the same


def index_of(number: int | None) -> Index:
    """Where None is what was not given, and -1 takes the mark away."""
    return UNSET if number is None else None if number == -1 else number


def change(tx: Transaction, ctx: Context, member: Member, index: Index, moment: Moment) -> bool:
    """Move a mark; False where it stays. Raises `PermissionDenied`.

    The system sets anybody's as it likes. Who else acts marks for themselves, as of now.
    """
    if index is UNSET and moment is UNSET:
        return False
    if ctx.is_system:
        _write(tx, member, index, moment)
        return True
    if member.identity != ctx.identity or moment is not UNSET:
        raise PermissionDenied
    return isinstance(index, int) and move_own(tx, member, index)


def move_own(tx: Transaction, member: Member, index: int) -> bool:
    """Move a mark on, to what there is at most; False where it stays. It never goes back."""
    last_index = tx.value("last_index", sid=member.channel_sid)
    scope = {"service_sid": member.service_sid, "channel_sid": member.channel_sid}
    index = max(-1, min(index, last_index))
    return bool(tx.run("set_read_mark", **scope, identity=member.identity, index=index))


def _write(tx: Transaction, member: Member, index: Index, moment: Moment) -> None:
    """What is new without a time is of now; with the mark its time is taken away."""
    seconds = tx.now if moment is UNSET else origins.seconds(moment, ConsumptionDateInvalid)
    if index is UNSET:
        index = member.last_consumed_message_index
    elif index is None:
        seconds = None
    elif not 0 <= index <= LAST:
        raise ConsumedIndexInvalid
    tx.run("mark_member", sid=member.sid, index=index, timestamp=seconds)
