"""A session: one socket from its accept to its close."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog

from vestibule.context import SYSTEM, Context, Parts
from vestibule.errors import FrameRefused, NotAuthenticated, NotFound, VestibuleError
from vestibule.payloads import EnterService, FetchSession, FetchUser
from vestibule.sockets import frames
from vestibule.sockets.hub import RESTART, Hub
from vestibule.sockets.limits import Bucket, Limits
from vestibule.sockets.outbox import Outbox, Send
from vestibule.sockets.visit import Visit
from vestibule.tokens import Claims, Tokens

log = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

# Close codes, told in docs/reference/sockets.md.
TOO_LARGE, NO_TOKEN, TOO_SLOW, TOO_MANY, BROKEN = 1009, 4401, 4408, 4429, 1011


@dataclass(frozen=True, slots=True)
class House:
    """What all sockets of one endpoint share."""

    parts: Parts
    tokens: Tokens
    service_sid: str
    hub: Hub
    limits: Limits
    in_turn: Callable[[], bool]


class Close(Exception):
    """The socket ends. Without a code the other side is gone already."""

    def __init__(self, code: int = 0, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Session:
    """Reads frames within the limits, knows who sends them, and for how long."""

    def __init__(self, house: House, receive: Receive, send: Send, address: str) -> None:
        self.identity = ""
        self.service_sid = house.service_sid
        self._house = house
        self._receive = receive
        self._send = send
        self._address = address
        self._bucket = Bucket(house.limits.frames_per_second, house.limits.burst)
        self._outbox = Outbox(send, house.limits, self._too_slow)
        self._visit: Visit | None = None
        self._claims: Claims | None = None  # of the token it goes by
        self._rounds: asyncio.TimerHandle | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._over: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        self._gone = asyncio.Event()

    async def run(self) -> None:
        """Serve an accepted socket until it ends."""
        tasks = asyncio.create_task(self._outbox.write()), asyncio.create_task(self._read())
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            close = await self._over
            tasks[1].cancel()
            await self._part(close)
        finally:
            self._forget()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if self._visit is not None:
            await self._visit.finish()

    # What the hub asks

    @property
    def key_sid(self) -> str:
        return self._claims.key_sid if self._claims else ""

    def ask_again(self) -> None:
        if self._visit is not None:
            self._visit.ask_again()
            self._visit.start(self._ask_standing())

    async def leave(self, code: int, reason: str) -> None:
        self._end(Close(code, reason))
        await self._gone.wait()

    # Reading

    async def _read(self) -> None:
        visit = await self._greeted()
        while True:
            try:
                frame = frames.decode(text := await self._text())
            except FrameRefused as error:
                self._outbox.put(frames.encode(frames.error_frame(frames.frame_id(text), error)))
                continue
            if isinstance(frame, frames.Token):
                await self._renew(frame, visit)
            else:
                await visit.take(frame)

    async def _text(self) -> str:
        """The next frame. Raises `Close` where there is none, or one too much."""
        limits = self._house.limits
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise Close
        if not self._bucket.take():
            raise Close(TOO_MANY, "Too many frames. Please wait a moment.")
        text: str | None = message.get("text")
        if text is None:
            return ""  # binary: no frame of ours, and answered so
        if len(text) > limits.frame_bytes or len(text.encode()) > limits.frame_bytes:
            raise Close(TOO_LARGE, f"A frame has at most {limits.frame_bytes} bytes.")
        return text

    # Who it is

    async def _greeted(self) -> Visit:
        try:
            async with asyncio.timeout(self._house.limits.hello_seconds):
                text = await self._text()
                return await self._welcome(frames.decode(text))
        except TimeoutError:
            raise Close(NO_TOKEN, "No hello came.") from None
        except VestibuleError as error:
            self._outbox.put(frames.encode(frames.error_frame(frames.frame_id(text), error)))
            raise Close(NO_TOKEN, str(error)) from None

    async def _welcome(self, hello: frames.ClientFrame) -> Visit:
        if not isinstance(hello, frames.Hello):
            raise FrameRefused("The first frame must be a hello with a token.")
        claims = await self._read_token(hello.token)
        house = self._house
        if house.hub.count(claims.identity) >= house.limits.sockets:
            raise Close(TOO_MANY, "You have too many connections open.")
        ctx = Context(house.parts, house.service_sid, claims.identity, address=self._address)
        entrance = await ctx.invoke(EnterService())
        visit = Visit(ctx, entrance.user.sid, house.hub, self._outbox, house.limits, in_turn=house.in_turn)
        self._visit, self.identity = visit, claims.identity
        self._go_by(claims)
        self._begin_rounds()
        if house.hub.is_closed:
            raise Close(RESTART, "The server restarts.")
        house.hub.join(self)
        visit.answer(
            frames.Welcome(
                id=hello.id,
                identity=claims.identity,
                user_sid=entrance.user.sid,
                service_sid=house.service_sid,
                seq=entrance.seq,
            )
        )
        visit.follow_own(entrance.seq if hello.since is None else min(hello.since, entrance.seq))
        return visit

    async def _read_token(self, token: str) -> Claims:
        claims = await self._house.tokens.read(token)
        if claims.service_sid != self.service_sid:
            raise NotAuthenticated
        await self._require_standing(claims)
        return claims

    async def _require_standing(self, claims: Claims) -> None:
        """A token is good for as long as its session and its key. Raises `NotAuthenticated`."""
        house = self._house
        if claims.session:
            await Context(house.parts, house.service_sid, SYSTEM).invoke(FetchSession(claims.session))
        if claims.key_sid and await house.tokens.find_secret(claims.key_sid) is None:
            raise NotAuthenticated("The key that signed your token was taken back.")

    async def _ask_standing(self) -> None:
        """The socket ends with the session and the key of its token, and with its user."""
        if (claims := self._claims) is None or self._visit is None:
            return
        house = self._house
        try:
            await self._require_standing(claims)
            await Context(house.parts, house.service_sid, SYSTEM).invoke(FetchUser(self._visit.user_sid))
        except (NotAuthenticated, NotFound) as error:
            if claims is self._claims:  # no better token came meanwhile
                self._end(Close(NO_TOKEN, str(error)))

    def _begin_rounds(self) -> None:
        """Ask now and then by ourselves: the bus may lose a notice, and another program tells it nothing."""
        seconds = self._house.limits.round_seconds
        self._rounds = asyncio.get_running_loop().call_later(seconds, self._go_round)

    def _go_round(self) -> None:
        if self._visit is not None and not self._over.done():
            self._visit.start(self._ask_standing())
            self._begin_rounds()

    async def _renew(self, frame: frames.Token, visit: Visit) -> None:
        try:
            claims = await self._read_token(frame.token)
            if claims.identity != self.identity:
                raise NotAuthenticated("This token is somebody else's.")
        except VestibuleError as error:
            visit.answer(frames.error_frame(frame.id, error))
            return
        self._go_by(claims)
        visit.ask_again()
        visit.answer(frames.Ok(id=frame.id))

    def _go_by(self, claims: Claims) -> None:
        """From now on it is this token that keeps the socket open."""
        self._claims = claims
        if self._expiry is not None:
            self._expiry.cancel()
        close, seconds = Close(NO_TOKEN, "The token has expired."), claims.expires - time.time()
        self._expiry = asyncio.get_running_loop().call_later(seconds, self._end, close)

    # The end

    def _end(self, close: Close) -> None:
        if not self._over.done():
            self._over.set_result(close)

    def _too_slow(self) -> None:
        self._end(Close(TOO_SLOW, "You read too slowly. Please connect again."))

    def _ended(self, task: asyncio.Task[None]) -> None:
        """The reader or the writer came to its end."""
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Close):
            self._end(error)
        elif error is None or isinstance(error, OSError):  # so says uvicorn that the other side is gone
            self._end(Close())
        else:
            log.error("socket failed", exc_info=error, user_sid=self._visit and self._visit.user_sid)
            self._end(Close(BROKEN, "Something went wrong on our side."))

    async def _part(self, close: Close) -> None:
        """Send what is queued and the close frame, as far as the other side takes it."""
        if not close.code:
            return
        log.info("socket closed", code=close.code, user_sid=self._visit and self._visit.user_sid)
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._house.limits.parting_seconds):
                if close.code == RESTART and self._visit is not None:
                    await self._visit.finish()
                await self._outbox.flush()
                await self._send({"type": "websocket.close", "code": close.code, "reason": close.reason})

    def _forget(self) -> None:
        self._outbox.close()
        for timer in filter(None, (self._expiry, self._rounds)):
            timer.cancel()
        if self._visit is not None:
            self._visit.end()
        self._house.hub.part(self)
        self._gone.set()
