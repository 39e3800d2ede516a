"""People who talk and send files without a pause, and go on where they were when the server is back."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.servers import Server

PAUSE = 0.15  # seconds between two bursts of messages, on average
BURST = 11  # messages at once, at most: a socket may send 50 frames a second
RETRY = 0.05  # seconds
OUTSTANDING = 4  # files of one person whose checks are not done


@dataclass
class Spoken:
    """What somebody said, and what the server answered, if it did."""

    key: str
    frame: dict[str, Any]
    message: dict[str, Any] | None = None


@dataclass
class Sent:
    """A file that somebody sent, and its record, if the server answered with one."""

    name: str
    content_type: str
    content: bytes
    status: int = 0
    media: dict[str, Any] = field(default_factory=dict)
    is_said: bool = False  # a message with it was sent


@dataclass
class Person:
    """Somebody in one channel, with a socket that comes back."""

    server: Server
    identity: str
    token: str
    channel_sid: str
    chance: random.Random
    spoken: list[Spoken] = field(default_factory=list)
    files: list[Sent] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    cleared: set[str] = field(default_factory=set)  # files of which the server said that they are clean
    faults: list[str] = field(default_factory=list)  # gaps, doubles, errors
    own_seq: int | None = None
    connections: int = 0
    is_silent: bool = False  # says nothing new

    @property
    def seq(self) -> int:
        return len(self.events)

    @property
    def unanswered(self) -> list[Spoken]:
        return [spoken for spoken in self.spoken if spoken.message is None]

    async def live(self) -> None:
        """Talk, and after each end of the connection connect again."""
        while True:
            with suppress(OSError, WebSocketException):
                async with connect(self.server.socket_address, compression=None, proxy=None) as socket:
                    await self._converse(socket)
            await asyncio.sleep(RETRY)

    async def _converse(self, socket: ClientConnection) -> None:
        self.connections += 1
        since = {} if self.own_seq is None else {"since": self.own_seq}
        await socket.send(json.dumps({"type": "hello", "token": self.token, **since}))
        subscribe = {"type": "subscribe", "stream": self.channel_sid, "seq": self.seq}
        await socket.send(json.dumps(subscribe))
        for spoken in self.unanswered:
            await socket.send(json.dumps(spoken.frame))
        talking = asyncio.create_task(self._talk(socket))
        try:
            async for text in socket:
                self._hear(json.loads(text))
        finally:
            talking.cancel()

    async def _talk(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0, 2 * PAUSE))
            for _ in range(0 if self.is_silent else self.chance.randint(1, BURST)):
                await socket.send(json.dumps(self._say()))

    def _say(self) -> dict[str, Any]:
        """A new message, with a key of its own: a file that is ready, or words."""
        number = len(self.spoken)
        content = {"body": f"{self.identity} says {number}"}
        if ready := next((file for file in self.files if self._is_ready(file)), None):
            ready.is_said, content = True, {"media_sid": ready.media["sid"]}
        key = f"key-{number}"
        frame = {"type": "send", "id": number, "channel_sid": self.channel_sid, "key": key, **content}
        self.spoken.append(Spoken(key, frame))
        return frame

    def _is_ready(self, file: Sent) -> bool:
        is_clean = file.media.get("state") == "clean" or file.media.get("sid") in self.cleared
        return is_clean and not file.is_said

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "welcome":
                self.own_seq = frame["seq"] if self.own_seq is None else self.own_seq
            case "sent":
                self.spoken[frame["id"]].message = frame["message"]
            case "event":
                self._hear_event(frame["event"])
            case "error" | "ended":
                self.faults.append(json.dumps(frame))
            case _:
                pass

    def _hear_event(self, event: dict[str, Any]) -> None:
        if event["stream"] != self.channel_sid:
            self.own_seq = event["seq"]
            if event["kind"] == "MediaCleared":
                self.cleared.add(event["sid"])
            return
        if event["seq"] != self.seq + 1:
            self.faults.append(f"after {self.seq} came {event['seq']}")
        self.events.append(event)

    # Files

    async def send_files(self, choose: Callable[[], Sent]) -> None:
        """Send one file after the other, and put each that was taken into the channel."""
        async with httpx.AsyncClient(base_url=self.server.address, timeout=30, trust_env=False) as client:
            client.headers["authorization"] = f"Bearer {self.token}"
            while not self.is_silent:
                file = choose()
                self.files.append(file)
                await self._upload(client, file)
                await asyncio.sleep(self.chance.uniform(0, PAUSE))
                while self._outstanding() >= OUTSTANDING:
                    await asyncio.sleep(RETRY)

    def _outstanding(self) -> int:
        waiting = [file.media["sid"] for file in self.files if file.media.get("state") == "checking"]
        return len([sid for sid in waiting if sid not in self.cleared])

    async def _upload(self, client: httpx.AsyncClient, file: Sent) -> None:
        try:
            answer = await client.post(
                f"/v1/channels/{self.channel_sid}/media",
                params={"Filename": file.name},
                content=file.content,
                headers={"content-type": file.content_type},
            )
        except httpx.TransportError:
            await asyncio.sleep(RETRY)  # not acknowledged: nothing was promised
            return
        file.status = answer.status_code
        file.media = answer.json() if answer.status_code == 201 else {}


async def until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something is the case."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


class Crowd:
    """Tasks that go on beside the test, and whose errors are the test's."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, deed: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(deed))

    async def __aenter__(self) -> Crowd:
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome


# One socket, by hand


async def hello(socket: ClientConnection, chat: dict[str, Any]) -> None:
    await socket.send(json.dumps({"type": "hello", "token": chat["token"]}))
    assert json.loads(await socket.recv())["type"] == "welcome"


def say(chat: dict[str, Any], number: int) -> str:
    frame = {"type": "send", "id": number, "channel_sid": chat["channel_sid"], "key": f"key-{number}"}
    return json.dumps({**frame, "body": f"message {number}"})


def bodies(server: Server, chat: dict[str, Any]) -> list[str]:
    with server.client(chat["token"]) as client:
        view = client.get(f"/v1/channels/{chat['channel_sid']}", params={"limit": 200}).json()
    return [message["body"] for message in view["messages"]]
