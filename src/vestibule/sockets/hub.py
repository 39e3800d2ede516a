"""The hub: hears the bus and tells every socket that listens, encoding each notice once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from vestibule.discretion import is_flagged
from vestibule.events import Happening, KeyRevoked, Notice, Passing, RightsChanged, WebhooksChanged
from vestibule.ports import Bus
from vestibule.sockets.frames import encode_notice
from vestibule.sockets.subscription import Subscription

RESTART = 1012  # RFC 6455's registry: the server restarts


class Listener(Protocol):
    """A socket whose owner is known."""

    @property
    def identity(self) -> str: ...

    @property
    def service_sid(self) -> str: ...

    @property
    def key_sid(self) -> str:
        """The key that signed its token; empty for the house's own."""

    def ask_again(self) -> None:
        """Ask whether its owner may still be here, and for every stream whether it may still be read."""

    async def leave(self, code: int, reason: str) -> None:
        """Finish what was begun, send what is queued, and close."""


class Hub:
    """Who is here, and who listens to which stream."""

    def __init__(self, bus: Bus) -> None:
        self._sockets: dict[str, set[Listener]] = {}  # by identity
        self._streams: dict[str, dict[Subscription, str]] = {}  # with whose they are
        self._stop = bus.listen(self._hear)
        self.is_closed = False

    def online(self) -> set[str]:
        """The identities that have a socket open on this node."""
        return set(self._sockets)

    def count(self, identity: str) -> int:
        """How many sockets somebody has open on this node."""
        return len(self._sockets.get(identity, ()))

    def join(self, socket: Listener) -> None:
        """Somebody said hello."""
        self._sockets.setdefault(socket.identity, set()).add(socket)

    def part(self, socket: Listener) -> None:
        """A socket is gone. May be called twice."""
        open_ones = self._sockets.get(socket.identity, set())
        open_ones.discard(socket)
        if not open_ones:
            self._sockets.pop(socket.identity, None)

    def add(self, subscription: Subscription, identity: str) -> None:
        """Let a subscription hear its stream from now on."""
        self._streams.setdefault(subscription.stream, {})[subscription] = identity

    def remove(self, subscription: Subscription) -> None:
        """It hears nothing any more. May be called twice."""
        listening = self._streams.get(subscription.stream, {})
        listening.pop(subscription, None)
        if not listening:
            self._streams.pop(subscription.stream, None)

    async def dismiss(self) -> None:
        """Send everybody what is queued, and say that the server restarts. For before it shuts down."""
        await asyncio.gather(*(socket.leave(RESTART, "The server restarts.") for socket in self._all()))

    async def close(self) -> None:
        """Dismiss everybody, let nobody in and hear nothing more. May be called twice."""
        self.is_closed = True
        await self.dismiss()
        self._stop()

    def _hear(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            if isinstance(notice, Happening):
                self._tell(notice)
            elif isinstance(notice, RightsChanged):
                self._ask_again(notice)
            elif isinstance(notice, KeyRevoked):
                self._ask_holders(notice.stream)
            elif not isinstance(notice, WebhooksChanged):
                self._pass_on(notice)

    def _tell(self, happening: Happening) -> None:
        if listening := self._streams.get(happening.stream):
            # What is not for everybody, each reads from the log, by the right that it has then.
            frame = None if is_flagged(happening) else encode_notice("event", happening)
            for subscription in tuple(listening):
                subscription.hear(happening, frame)

    def _pass_on(self, passing: Passing) -> None:
        """What somebody is doing is told to the others."""
        if listening := self._streams.get(passing.stream):
            frame = encode_notice("passing", passing)
            for subscription, identity in tuple(listening.items()):
                if identity != passing.identity:
                    subscription.pass_on(frame)

    def _ask_again(self, change: RightsChanged) -> None:
        for socket in self._all():
            if socket.service_sid == change.stream and change.identity in ("", socket.identity):
                socket.ask_again()

    def _ask_holders(self, key_sid: str) -> None:
        for socket in self._all():
            if socket.key_sid == key_sid:
                socket.ask_again()

    def _all(self) -> list[Listener]:
        return [socket for sockets in self._sockets.values() for socket in sockets]
