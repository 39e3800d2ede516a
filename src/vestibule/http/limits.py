"""Rate limits: token buckets, each for one purpose and one key, in bounded memory.

A key is an identity where somebody is known, else an address; for what is done in a channel or service, that.
When the memory is full the bucket that was
longest untouched is forgotten, and that one was full again anyway.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from vestibule.errors import ChannelBusy, ServiceBusy, TooManyRequests

KEYS = 20_000  # buckets a purpose remembers
AT_ONCE = 3  # times the rate of a second, where an operator gives the rate
ERRORS = {"channel": ChannelBusy, "service": ServiceBusy}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, so many at once."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Every limit of the front."""

    account: Rate = Rate(200, 600)  # by account credentials; the official helpers know no back-off
    channel: Rate = Rate(100, 300)  # changes in one channel by Programmable Chat's API, whoever makes them
    service: Rate = Rate(200, 600)  # the same elsewhere in one service
    sign_in: Rate = Rate(1 / 20, 10)  # failures of one address
    tokens: Rate = Rate(1, 60)  # the same by tokens; honest pages come with one that has just lapsed
    sign_in_name: Rate = Rate(1 / 10, 5)  # failures on one name, from wherever
    chats: Rate = Rate(1 / 20, 10)  # new chats of one address
    uploads: Rate = Rate(1, 30)
    messages: Rate = Rate(5, 30)
    links: Rate = Rate(20, 200)
    files: Rate = Rate(100, 1000)  # a video asks for many ranges
    requests: Rate = Rate(50, 300)  # everything else of one identity or address

    @classmethod
    def of(cls, **per_second: float) -> Rates:
        """The usual limits, but for those given."""
        return cls(**{name: Rate(rate, AT_ONCE * rate) for name, rate in per_second.items()})

    @classmethod
    def off(cls) -> Rates:
        """Limits that nobody meets: for tests and measurements."""
        return cls(**{field.name: Rate(1e9, 1e9) for field in fields(cls)})


@dataclass(slots=True)
class Buckets:
    """The buckets of one purpose."""

    rate: Rate
    clock: Callable[[], float] = time.monotonic
    held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    error: type[TooManyRequests] = TooManyRequests

    def take(self, key: str) -> None:
        """Take one. Raises `TooManyRequests`, which says how long to wait."""
        self.check(key)
        self.spend(key)

    def check(self, key: str) -> None:
        """Raise `TooManyRequests` if there is none to take."""
        level = self._level(key)
        if level < 1:
            wait = math.ceil((1 - level) / self.rate.per_second)
            raise self.error(advice=f"Please wait {wait} s.", retry_after=wait)

    def spend(self, key: str) -> None:
        """Take one, even where there is none: the next has to wait."""
        self.held[key] = (max(0.0, self._level(key) - 1), self.clock())
        self.held.move_to_end(key)
        if len(self.held) > KEYS:
            self.held.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Undo one `spend`."""
        self.held[key] = (min(self.rate.burst, self._level(key) + 1), self.clock())

    def _level(self, key: str) -> float:
        level, seen = self.held.get(key, (self.rate.burst, self.clock()))
        return min(self.rate.burst, level + (self.clock() - seen) * self.rate.per_second)


class Limits:
    """One set of buckets for each limit of `Rates`, made when first asked for."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._buckets: dict[str, Buckets] = {}

    def __getitem__(self, purpose: str) -> Buckets:
        if (buckets := self._buckets.get(purpose)) is None:
            error = ERRORS.get(purpose, TooManyRequests)
            buckets = self._buckets[purpose] = Buckets(getattr(self._rates, purpose), error=error)
        return buckets
