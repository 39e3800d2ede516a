"""The moment between the log and the bus, held still: whatever happens in it is told once, in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from tests.people import Chat, House
from vestibule.bus.memory import MemoryBus
from vestibule.events import Notice, StreamPage
from vestibule.payloads import DeleteChannel, ReadChannelStream, RemoveMember, SendMessage
from vestibule.sockets.hub import Hub
from vestibule.sockets.limits import Limits
from vestibule.sockets.outbox import Outbox
from vestibule.sockets.subscription import HELD, Subscription


class Reader:
    """Reads a stream; its `gate` holds back the page that was read."""

    def __init__(self, chat: Chat, hub: Hub) -> None:
        self.frames: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.is_reading = asyncio.Event()
        self.pages = 0
        self.over = False
        self._chat = chat
        self._hub = hub
        self._outbox = Outbox(self._send, Limits(), lambda: None)
        self.tasks = [asyncio.create_task(self._outbox.write())]
        self.subscription = Subscription(chat.channel_sid, 0, self._outbox, self._read, self._ended)
        hub.add(self.subscription, chat.customer.identity)

    def start(self) -> None:
        self.tasks.append(asyncio.create_task(self.subscription.open(lambda seq: None)))

    def seqs(self) -> list[int]:
        return [frame["event"]["seq"] for frame in self.frames if frame["type"] == "event"]

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0.005)

    async def _send(self, message: Any) -> None:
        self.frames.append(json.loads(message["text"]))

    async def _read(self, seq: int, limit: int) -> StreamPage:
        page = await self._chat.customer.invoke(ReadChannelStream(self._chat.channel_sid, seq, limit))
        self.pages += 1
        self.is_reading.set()
        await self.gate.wait()
        return page

    def _ended(self, subscription: Subscription) -> None:
        self.over = True
        self._hub.remove(subscription)


class PoorBus(MemoryBus):
    """Loses what it is told to, and tells everything else twice."""

    is_deaf = False

    def publish(self, notices: Sequence[Notice]) -> None:
        if not self.is_deaf:
            super().publish(notices)
            super().publish(notices)


@pytest.fixture
def bus(house: House) -> PoorBus:
    poor = PoorBus()
    house.parts.bus.listen(poor.publish)
    return poor


@pytest.fixture
async def reader(chat: Chat, bus: PoorBus) -> AsyncIterator[Reader]:
    reader = Reader(chat, Hub(bus))
    yield reader
    reader.subscription.end()
    for task in reader.tasks:
        task.cancel()
    await asyncio.wait(reader.tasks)


async def say(chat: Chat, *bodies: str) -> None:
    for body in bodies:
        await chat.agent.invoke(SendMessage(chat.channel_sid, body))


def gapless(reader: Reader, count: int) -> Callable[[], bool]:
    return lambda: reader.seqs() == list(range(1, count + 1))


async def test_what_happens_while_the_log_is_read_is_told_once(chat: Chat, reader: Reader) -> None:
    start = await chat_length(chat)
    reader.start()
    await reader.is_reading.wait()
    await say(chat, "one", "two")
    reader.gate.set()
    await reader.until(gapless(reader, start + 2))
    assert reader.pages == 1


async def test_what_the_bus_lost_is_read_from_the_log(chat: Chat, reader: Reader, bus: PoorBus) -> None:
    start = await chat_length(chat)
    reader.gate.set()
    reader.start()
    await reader.until(gapless(reader, start))
    bus.is_deaf = True
    await say(chat, "lost")
    bus.is_deaf = False
    await say(chat, "heard")
    await reader.until(gapless(reader, start + 2))


async def test_what_the_bus_lost_meanwhile_is_too(chat: Chat, reader: Reader, bus: PoorBus) -> None:
    start = await chat_length(chat)
    reader.start()
    await reader.is_reading.wait()
    bus.is_deaf = True
    await say(chat, "lost")
    bus.is_deaf = False
    await say(chat, "heard")
    reader.gate.set()
    await reader.until(gapless(reader, start + 2))


async def test_more_than_can_be_held_is_read_again(chat: Chat, reader: Reader) -> None:
    start = await chat_length(chat)
    reader.start()
    await reader.is_reading.wait()
    await say(chat, *map(str, range(HELD + 50)))
    reader.gate.set()
    await reader.until(gapless(reader, start + HELD + 50))
    assert reader.pages == 2


async def test_whoever_is_removed_while_it_is_read_hears_no_more(chat: Chat, reader: Reader) -> None:
    reader.start()
    await reader.is_reading.wait()
    await chat.agent.invoke(RemoveMember(chat.channel_sid, chat.customer.identity))
    await say(chat, "secret")
    reader.gate.set()
    await reader.until(lambda: reader.over and reader.frames)
    assert [frame["type"] for frame in reader.frames] == ["ended"]


async def test_a_channel_deleted_while_it_is_read_ends(house: House, chat: Chat, reader: Reader) -> None:
    reader.start()
    await reader.is_reading.wait()
    await house.system.invoke(DeleteChannel(chat.channel_sid))
    reader.gate.set()
    await reader.until(lambda: reader.over and reader.frames)
    await reader.until(lambda: reader.frames[-1]["event"]["kind"] == "ChannelRemoved")


async def test_what_is_not_kept_is_not_told_while_it_is_read(chat: Chat, reader: Reader) -> None:
    reader.start()
    await reader.is_reading.wait()
    reader.subscription.pass_on('{"type":"passing"}')
    reader.gate.set()
    await reader.until(reader.seqs)
    assert all(frame["type"] == "event" for frame in reader.frames)


async def chat_length(chat: Chat) -> int:
    return (await chat.customer.invoke(ReadChannelStream(chat.channel_sid, 0))).seq
