"""Lanes: who has something to be told. A lane is one target's way through one stream, in its order.

Workers take lanes in turn, one letter each time. A lane that fails waits by itself, and holds nobody up; an
origin takes so many letters at once, and the others that lead there stand aside meanwhile. A lane with
nothing to be told is forgotten, so memory is that of the letters that wait, however many channels there are.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

Key = tuple[str, str]  # target and stream


@dataclass(slots=True)
class Lane:
    """What is known of one lane."""

    seq: int = 0  # of the event that was tried last
    attempts: int = 0  # at that event
    is_at_work: bool = False
    is_woken: bool = False  # something came while it was at work
    timer: asyncio.TimerHandle | None = None


class Lanes:
    """The queue. Everything here is in the event loop, and waits for nothing but `take`."""

    def __init__(self, at_one_origin: int) -> None:
        self._at_one_origin = at_one_origin
        self._lanes: dict[Key, Lane] = {}
        self._ready: asyncio.Queue[Key] = asyncio.Queue()
        self._busy: dict[str, int] = {}  # letters on their way, by origin
        self._aside: dict[str, deque[Key]] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def wake(self, key: Key) -> None:
        """Something came for this lane. May be called at any time, as often as one likes."""
        if (lane := self._lanes.get(key)) is None:
            self._lanes[key] = Lane()
            self._ready.put_nowait(key)
        elif lane.is_at_work:
            lane.is_woken = True

    async def take(self) -> Key:
        """The next lane to work at. Then call one of `more`, `later` and `done`, or `enter` in vain."""
        key = await self._ready.get()
        lane = self._lanes[key]
        lane.is_at_work, lane.is_woken = True, False
        return key

    def more(self, key: Key) -> None:
        """Go on with it, after the others."""
        lane = self._lanes[key]
        lane.is_at_work = False
        self._ready.put_nowait(key)

    def done(self, key: Key) -> None:
        """There is nothing more to be told."""
        if self._lanes[key].is_woken:
            self.more(key)
        else:
            del self._lanes[key]

    def later(self, key: Key, seconds: float) -> None:
        """Leave it alone for a while."""
        lane = self._lanes[key]
        lane.timer = asyncio.get_running_loop().call_later(seconds, self._again, key)

    def attempts(self, key: Key, seq: int) -> int:
        """How often this event was tried."""
        lane = self._lanes[key]
        return lane.attempts if lane.seq == seq else 0

    def tried(self, key: Key, seq: int) -> int:
        """Note that this event was tried in vain; gives how often by now."""
        lane = self._lanes[key]
        lane.seq, lane.attempts = seq, self.attempts(key, seq) + 1
        return lane.attempts

    def enter(self, key: Key, origin: str) -> bool:
        """Have a place at an origin, until `leave`. False: the lane stands aside until there is one."""
        if self._busy.get(origin, 0) >= self._at_one_origin:
            self._lanes[key].is_at_work = False
            self._aside.setdefault(origin, deque()).append(key)
            return False
        self._busy[origin] = self._busy.get(origin, 0) + 1
        return True

    def leave(self, origin: str) -> None:
        """Give the place back."""
        self._busy[origin] -= 1
        if waiting := self._aside.get(origin):
            self._ready.put_nowait(waiting.popleft())
        elif not self._busy[origin]:
            del self._busy[origin]
            self._aside.pop(origin, None)

    def close(self) -> None:
        """Wake nobody any more."""
        for lane in self._lanes.values():
            if lane.timer is not None:
                lane.timer.cancel()

    def _again(self, key: Key) -> None:
        self._lanes[key].timer = None
        self.more(key)
