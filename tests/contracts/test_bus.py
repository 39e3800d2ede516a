"""The contract of `Bus`, on every backend. A notice may be late here, so tests wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from vestibule.bus.memory import MemoryBus
from vestibule.events import MessageRemoved, Notice, Typing
from vestibule.ports import Bus

BACKENDS: dict[str, Callable[[], Bus]] = {"memory": MemoryBus}


@pytest.fixture(params=BACKENDS)
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    bus = BACKENDS[request.param]()
    yield bus
    await bus.close()


class Ear:
    """Somebody who listens and remembers."""

    def __init__(self, bus: Bus) -> None:
        self.heard: list[Notice] = []
        self.end = bus.listen(self.hear)

    def hear(self, notices: Sequence[Notice]) -> None:
        self.heard.extend(notices)

    async def has_heard(self, count: int) -> list[Notice]:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                await asyncio.sleep(0.005)
        return self.heard


def removal(seq: int, stream: str = "CH1") -> Notice:
    return MessageRemoved(stream=stream, seq=seq, sid=f"IM{seq}")


async def test_everybody_who_listens_is_told(bus: Bus) -> None:
    one, other = Ear(bus), Ear(bus)
    bus.publish([removal(1), Typing(stream="CH1", identity="ada")])
    assert await one.has_heard(2) == await other.has_heard(2)
    assert one.heard == [removal(1), Typing(stream="CH1", identity="ada")]


async def test_one_stream_is_never_reordered(bus: Bus) -> None:
    ear = Ear(bus)
    for seq in range(0, 300, 3):
        bus.publish([removal(seq), removal(seq + 1), removal(seq + 2)])
    seqs = [notice.seq for notice in await ear.has_heard(300) if isinstance(notice, MessageRemoved)]
    assert seqs == sorted(seqs)


async def test_whoever_ended_hears_no_more(bus: Bus) -> None:
    gone, here = Ear(bus), Ear(bus)
    gone.end()
    gone.end()
    bus.publish([removal(1)])
    await here.has_heard(1)
    assert gone.heard == []


async def test_a_listener_that_fails_does_not_silence_the_others(bus: Bus) -> None:
    def failing(notices: Sequence[Notice]) -> None:
        raise LookupError("broken")

    bus.listen(failing)
    ear = Ear(bus)
    bus.publish([removal(1)])
    assert await ear.has_heard(1) == [removal(1)]


async def test_a_listener_may_end_while_it_is_told(bus: Bus) -> None:
    def once(notices: Sequence[Notice]) -> None:
        end()

    end = bus.listen(once)
    ear = Ear(bus)
    bus.publish([removal(1)])
    bus.publish([removal(2)])
    assert await ear.has_heard(2) == [removal(1), removal(2)]


async def test_closing_twice_is_fine_and_nobody_is_told_afterwards(bus: Bus) -> None:
    ear = Ear(bus)
    await bus.close()
    await bus.close()
    bus.publish([removal(1)])
    await asyncio.sleep(0.01)
    assert ear.heard == []
