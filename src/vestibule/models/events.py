"""Events: what the log holds."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Source = Literal["SDK", "API"]  # API: REST with account credentials; SDK: everybody else


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log: which row changed, not what it holds. `seq` is gapless in its stream."""

    stream: str  # a sid: CH, US or IS
    seq: int  # from 1
    kind: str
    sid: str
    service_sid: str  # empty where the house did it by itself
    identity: str  # who caused it
    source: Source
    tells: bool  # whether webhooks hear of it
    about: str  # JSON of what names a row that is gone; empty where the row is there
    date_created: datetime
