"""Events: what the log holds."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log: which row changed, not what it holds. `seq` is gapless in its stream."""

    stream: str  # a sid: CH, US or IS
    seq: int  # from 1
    kind: str
    sid: str
    date_created: datetime
