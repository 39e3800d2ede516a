"""What every payload is.

`Payload[R]` is an action whose result is an `R`. Those `InChannel` happen in one channel: its
permissions decide, and every look-up is scoped by it.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

R = TypeVar("R")


class Payload(msgspec.Struct, Generic[R], frozen=True):
    """What an action takes; `R` is what it gives back. It happens in the service of whoever acts."""


class InChannel(Payload[R], Generic[R], frozen=True):
    """What an action takes that happens in one channel."""

    channel_sid: str


class After(msgspec.Struct, frozen=True):
    """Where a page of a list goes on: after the row of this date and sid, or `back` before it."""

    date: float = 0.0  # seconds since 1970
    sid: str = ""
    back: bool = False  # the rows come in the same order; the page ends where it is given
