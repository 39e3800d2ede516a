"""A visit: what somebody does over one socket, once it is known who they are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from vestibule import sids
from vestibule.context import Context
from vestibule.discretion import told
from vestibule.errors import FrameRefused, NotFound, TooManyRequests, VestibuleError
from vestibule.events import StreamPage
from vestibule.models import Message
from vestibule.payloads import (
    MarkRead,
    Payload,
    ReadChannelStream,
    ReadServiceStream,
    ReadUserStream,
    SendMediaMessage,
    SendMessage,
    SendTyping,
)
from vestibule.sockets import frames
from vestibule.sockets.frames import Answer, ClientFrame
from vestibule.sockets.hub import Hub
from vestibule.sockets.limits import Limits
from vestibule.sockets.outbox import Outbox
from vestibule.sockets.subscription import Read, Subscription

log = structlog.get_logger(__name__)


class Visit:
    """Starts what frames ask for and answers in the order of completion. One person, one socket."""

    def __init__(
        self,
        ctx: Context,
        user_sid: str,
        hub: Hub,
        outbox: Outbox,
        limits: Limits,
        *,
        in_turn: Callable[[], bool],
    ) -> None:
        self.user_sid = user_sid
        self._ctx = ctx
        self._hub = hub
        self._outbox = outbox
        self._limits = limits
        self._in_turn = in_turn
        self._turn = asyncio.Lock()
        self._is_over = False
        self._streams: dict[str, Subscription] = {}
        self._doing: set[asyncio.Task[None]] = set()

    async def take(self, frame: ClientFrame) -> None:
        """Start what a frame asks for. Waits only where too much is under way already."""
        while len(self._doing) >= self._limits.in_flight:
            await asyncio.wait(self._doing, return_when=asyncio.FIRST_COMPLETED)
        match frame:
            case frames.Send():
                self._start(frame.id, self._send(frame))
            case frames.Subscribe():
                self._start(frame.id, self._subscribe(frame))
            case frames.Typing():
                self._start(frame.id, self._typing(frame))
            case frames.Read():
                self._start(frame.id, self._read(frame))
            case frames.Unsubscribe():
                self._unsubscribe(frame.stream)
                self.answer(frames.Ok(id=frame.id))
            case frames.Ping():
                self.answer(frames.Pong(id=frame.id))
            case _:
                self.answer(frames.error_frame(frame.id, FrameRefused("You said hello already.")))

    def answer(self, answer: Answer) -> None:
        """Queue an answer."""
        self._outbox.put(frames.encode(answer))

    def follow_own(self, seq: int) -> None:
        """Tell what concerns the visitor alone, from `seq`."""
        self._start(None, self._follow(self.user_sid, seq))

    def ask_again(self) -> None:
        """Ask for every stream whether it may still be read."""
        for subscription in self._streams.values():
            subscription.ask_again()

    def end(self) -> None:
        """Tell nothing any more. What was begun goes on, and `finish` waits for it."""
        self._is_over = True
        for stream in tuple(self._streams):
            self._unsubscribe(stream)

    async def finish(self) -> None:
        """Wait for what was begun."""
        if self._doing:
            await asyncio.wait(self._doing)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that no frame asked for, and wait for it at the end."""
        self._start(None, work)

    def _start(self, frame_id: int | None, work: Coroutine[Any, Any, Answer | None]) -> None:
        task = asyncio.create_task(self._do(frame_id, work))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _do(self, frame_id: int | None, work: Coroutine[Any, Any, Answer | None]) -> None:
        try:
            answer = await work
        except VestibuleError as error:
            answer = frames.error_frame(frame_id, error)
        except Exception:
            log.exception("frame failed", user_sid=self.user_sid)
            answer = frames.error_frame(frame_id, VestibuleError())
        if answer is not None:
            self.answer(answer)

    # What frames ask for

    async def _send(self, frame: frames.Send) -> Answer:
        async with self._turn if self._in_turn() else contextlib.nullcontext():
            message = await self._ctx.invoke(_message(frame))
        return frames.Sent(id=frame.id, message=await told(message, self._ctx))

    async def _typing(self, frame: frames.Typing) -> None:
        await self._ctx.invoke(SendTyping(frame.channel_sid))

    async def _read(self, frame: frames.Read) -> Answer:
        await self._ctx.invoke(MarkRead(frame.channel_sid, frame.index))
        return frames.Ok(id=frame.id)

    async def _subscribe(self, frame: frames.Subscribe) -> None:
        if frame.stream not in self._streams and len(self._streams) >= self._limits.streams:
            raise TooManyRequests(f"A socket has at most {self._limits.streams} streams.")

        def opened(seq: int) -> None:
            self.answer(frames.Subscribed(id=frame.id, stream=frame.stream, seq=seq))

        await self._follow(frame.stream, frame.seq, opened)

    # Streams

    async def _follow(self, stream: str, seq: int, opened: Callable[[int], None] = lambda seq: None) -> None:
        """Tell a stream from `seq` on; a second time, from that seq instead."""
        self._unsubscribe(stream)
        if self._is_over:
            return
        subscription = Subscription(stream, seq, self._outbox, self._reader(stream), self._drop)
        self._streams[stream] = subscription
        self._hub.add(subscription, self._ctx.identity)
        try:
            await subscription.open(opened)
        except BaseException:
            self._drop(subscription)
            raise

    def _reader(self, stream: str) -> Read:
        async def read(seq: int, limit: int) -> StreamPage:
            return await told(await self._page(stream, seq, limit), self._ctx)

        return read

    async def _page(self, stream: str, seq: int, limit: int) -> StreamPage:
        if stream == self.user_sid:
            return await self._ctx.invoke(ReadUserStream(seq, limit))
        if stream == self._ctx.service_sid:
            return await self._ctx.invoke(ReadServiceStream(seq, limit))
        if sids.is_sid(stream, sids.CHANNEL):
            return await self._ctx.invoke(ReadChannelStream(stream, seq, limit))
        raise NotFound(f"There is no stream {stream!r} that you could read.")

    def _unsubscribe(self, stream: str) -> None:
        if subscription := self._streams.get(stream):
            self._drop(subscription)

    def _drop(self, subscription: Subscription) -> None:
        subscription.end()
        self._hub.remove(subscription)
        if self._streams.get(subscription.stream) is subscription:
            del self._streams[subscription.stream]


def _message(frame: frames.Send) -> Payload[Message]:
    if frame.media_sid is None:
        return SendMessage(frame.channel_sid, frame.body, frame.attributes, frame.key)
    return SendMediaMessage(frame.channel_sid, frame.media_sid, frame.body, frame.attributes, frame.key)
