"""Posting: connections that each send a message over REST, again as soon as it was answered."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import cast
from urllib.parse import quote_plus

from people import Pair
from talk import WORDS

PATIENCE = 30.0  # seconds for what is still under way at the end of a round
CREATED = b"HTTP/1.1 201 "

_numbers = count(1)


@dataclass(frozen=True)
class Door:
    """Where one connection writes, and as whom: the header that says so."""

    channel_sid: str
    service_sid: str
    credentials: str

    @property
    def path(self) -> str:
        return f"/v2/Services/{self.service_sid}/Channels/{self.channel_sid}/Messages"


def doors_of_account(pairs: Sequence[Pair], account_sid: str, auth_token: str) -> list[Door]:
    """A connection for each channel, with the account's credentials."""
    word = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
    return [Door(pair.channel_sid, pair.service_sid, f"Authorization: Basic {word}") for pair in pairs]


def doors_of_people(pairs: Sequence[Pair]) -> list[Door]:
    """A connection for each channel, with its customer's AccessToken."""
    return [
        Door(pair.channel_sid, pair.service_sid, f"X-Twilio-Token: {pair.customer.token}") for pair in pairs
    ]


@dataclass
class Poster(asyncio.Protocol):
    """One connection that is kept open. What it measures is in seconds, from request to answer."""

    door: Door
    goes_on: bool = False
    is_waiting: bool = False
    answered: list[float] = field(default_factory=list)
    failure: str = ""
    _transport: asyncio.WriteTransport | None = None
    _taken: bytearray = field(default_factory=bytearray)
    _begun: float = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._head = (
            f"POST {self.door.path} HTTP/1.1\r\n"
            f"Host: 127.0.0.1\r\n{self.door.credentials}\r\nAccept: application/json\r\n"
            "User-Agent: benchmark\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        ).encode()

    def data_received(self, data: bytes) -> None:
        self._taken += data
        if (size := _whole(self._taken)) == 0:
            return
        if not self._taken.startswith(CREATED):
            self.failure = self._taken.decode()
        self.answered.append(time.perf_counter() - self._begun)
        del self._taken[:size]
        self.is_waiting = False
        if self.goes_on and not self.failure:
            self.post()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_waiting:
            self.failure = f"The server closed the connection: {exc}"

    def post(self) -> None:
        """Send one message."""
        assert self._transport is not None
        body = b"Body=" + quote_plus(f"{next(_numbers)} {WORDS}").encode()
        self.is_waiting = True
        self._begun = time.perf_counter()
        self._transport.write(self._head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Posting:
    """Every connection."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self.posters = [Poster(door) for door in doors]

    async def enter(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        for poster in self.posters:
            await loop.create_connection(lambda poster=poster: poster, "127.0.0.1", port)

    async def at_will(self, seconds: float) -> tuple[list[float], float]:
        """Everybody writes again once they were answered. The delays, and the seconds taken."""
        started = time.perf_counter()
        for poster in self.posters:
            poster.answered, poster.goes_on = [], True
            poster.post()
        await asyncio.sleep(seconds)
        for poster in self.posters:
            poster.goes_on = False
        await self._ended()
        delays = [delay for poster in self.posters for delay in poster.answered]
        return delays, time.perf_counter() - started

    def leave(self) -> None:
        for poster in self.posters:
            poster.close()

    async def _ended(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while any(poster.is_waiting for poster in self.posters):
            if failed := next((poster.failure for poster in self.posters if poster.failure), ""):
                raise RuntimeError(failed)
            if time.monotonic() > deadline:
                raise RuntimeError("Not every message was answered.")
            await asyncio.sleep(0.002)


def _whole(taken: bytearray) -> int:
    """The size of the first answer, once all of it is there; else 0."""
    if (end := taken.find(b"\r\n\r\n")) < 0:
        return 0
    head = taken[:end].lower()
    start = head.index(b"content-length:") + 15
    size = end + 4 + int(head[start : _line_end(head, start)])
    return size if len(taken) >= size else 0


def _line_end(head: bytearray, start: int) -> int:
    end = head.find(b"\r\n", start)
    return len(head) if end < 0 else end
