"""Talk: people at their sockets who write to each other, and a clock from sending to delivery."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, cycle

from people import Pair, Person
from sockets import Socket

WORDS = "I have attached the invoice and a photo of the damaged parcel. Could you have a look?"
PATIENCE = 30.0  # seconds for what is still under way at the end of a round

_numbers = count(1)


@dataclass
class Tally:
    """What was counted in one round. Delays in seconds, from sending to what is named."""

    acknowledged: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    sent: int = 0


class Side:
    """One person at one socket, in one channel."""

    def __init__(self, person: Person, channel_sid: str) -> None:
        self.tally = Tally()
        self.goes_on = False  # whether to write again as soon as a message is acknowledged
        self._person = person
        self._channel_sid = channel_sid
        self._mine = f'"author":"{person.identity}"'.encode()
        self._begun: dict[bytes, float] = {}
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.socket = Socket(self._hear)

    async def enter(self, port: int) -> None:
        """Connect, say hello and subscribe."""
        await asyncio.get_running_loop().create_connection(lambda: self.socket, "127.0.0.1", port)
        await self.socket.is_open
        await self._ask(b"welcome", type="hello", token=self._person.token)
        view = await self._ask(b"subscribed", type="subscribe", stream=self._channel_sid, seq=0)
        assert b'"seq"' in view

    def write(self, when: float | None = None) -> None:
        """Send one message. Its clock runs from `when`: the moment at which it was due."""
        number = next(_numbers)
        due = time.perf_counter() if when is None else when
        self._begun[b"%d" % number] = due
        self.tally.sent += 1
        self.socket.send(
            b'{"type":"send","id":%d,"channel_sid":"%s","key":"k%d","body":"%.7f %s"}'
            % (number, self._channel_sid.encode(), number, due, WORDS.encode())
        )

    def _hear(self, text: bytes) -> None:
        if text.startswith(b'{"type":"event"'):
            self._be_told(text)
        elif text.startswith(b'{"type":"sent"'):
            self._be_answered(text)
        elif text.startswith(b'{"type":"error"'):
            self.socket.failure = RuntimeError(text.decode())
        else:
            self._answers.put_nowait(text)

    def _be_told(self, text: bytes) -> None:
        """An event: a message of the other side."""
        if b'"kind":"MessageAdded"' in text and self._mine not in text:
            due = float(text[(start := text.index(b'"body":"') + 8) : text.index(b" ", start)])
            self.tally.delivered.append(time.perf_counter() - due)

    def _be_answered(self, text: bytes) -> None:
        """A message of one's own is durable."""
        start = text.index(b'"id":') + 5
        due = self._begun.pop(text[start : text.index(b",", start)])
        self.tally.acknowledged.append(time.perf_counter() - due)
        if self.goes_on:
            self.write()

    async def _ask(self, answer: bytes, **frame: object) -> bytes:
        self.socket.send(json.dumps(frame).encode())
        async with asyncio.timeout(PATIENCE):
            text = await self._answers.get()
        assert answer in text[:40], text
        return text


class Talk:
    """Everybody, in one house."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.sides = [
            Side(person, pair.channel_sid) for pair in pairs for person in (pair.customer, pair.agent)
        ]

    async def enter(self, port: int) -> None:
        for side in self.sides:
            await side.enter(port)
        # What happened before: members who joined.
        await asyncio.sleep(0.2)

    async def at_will(self, seconds: float) -> tuple[Tally, float]:
        """Everybody writes again once the last message is acknowledged. The tally, and the seconds taken."""
        self._begin()
        started = time.perf_counter()
        for side in self.sides:
            side.goes_on = True
            side.write()
        await asyncio.sleep(seconds)
        for side in self.sides:
            side.goes_on = False
        return await self._ended(started)

    async def at_pace(self, seconds: float, rate: float) -> tuple[Tally, float]:
        """So many messages a second, whether or not the server keeps up."""
        self._begin()
        started = time.perf_counter()
        for number, side in zip(range(round(seconds * rate)), cycle(self.sides), strict=False):
            due = started + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            side.write(due)
        return await self._ended(started)

    def leave(self) -> None:
        for side in self.sides:
            side.socket.close()

    def _begin(self) -> None:
        for side in self.sides:
            side.tally = Tally()

    async def _ended(self, started: float) -> tuple[Tally, float]:
        """Wait until everything was acknowledged and delivered."""
        deadline = time.monotonic() + PATIENCE
        while not self._is_still():
            self._look_for_failures()
            if time.monotonic() > deadline:
                raise RuntimeError("Not every message was acknowledged and delivered.")
            await asyncio.sleep(0.002)
        return self._sum(), time.perf_counter() - started

    def _is_still(self) -> bool:
        tallies = [side.tally for side in self.sides]
        sent = sum(tally.sent for tally in tallies)
        return sent == sum(len(tally.acknowledged) for tally in tallies) and sent == sum(
            len(tally.delivered) for tally in tallies
        )

    def _look_for_failures(self) -> None:
        for side in self.sides:
            if side.socket.failure is not None:
                raise side.socket.failure

    def _sum(self) -> Tally:
        total = Tally()
        for side in self.sides:
            total.sent += side.tally.sent
            total.acknowledged += side.tally.acknowledged
            total.delivered += side.tally.delivered
        return total
