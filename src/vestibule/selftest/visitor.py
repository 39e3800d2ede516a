"""A visitor: somebody with a chat, who sends files, reads them, and takes everything back at the end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from vestibule.errors import ConfigurationError
from vestibule.selftest.cases import Broken, NotTested
from vestibule.selftest.door import Door
from vestibule.selftest.samples import Sample

NAME = "Self-test (nobody is waiting)"  # as agents see it
PATIENCE = 240.0  # seconds for a verdict
UNDECIDED = ("received", "checking")
# Answers by which a house itself keeps a file out. Any other says nothing about the gate.
KEPT_OUT = frozenset(
    {"media_refused", "media_held", "media_too_large", "invalid_request", "action_cancelled"}
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a file."""

    state: str  # `clean`, `held` or `refused`
    reason: str = ""
    sid: str = ""  # empty where it was turned away before it had a record
    media: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        return self.state == "clean"

    @property
    def told(self) -> str:
        return f"{self.state}: {self.reason}" if self.reason else self.state


class Visitor:
    """Somebody whom the house does not know, in a chat of their own."""

    def __init__(self, door: Door, place: dict[str, Any]) -> None:
        self.door = door
        self.place = place
        self.token: str = place["token"]
        self.channel_sid: str = place["channel_sid"]
        self.files: list[str] = []  # sids of everything that was sent in
        self.messages: list[str] = []
        self.uploads = 0  # files that were offered

    @property
    def channel(self) -> str:
        """The chat's address."""
        return f"/v1/channels/{self.channel_sid}"

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return await self.door.ask(method, path, token=self.token, **given)

    async def send(self, sample: Sample) -> Sent:
        """Send a file in, and wait for its verdict."""
        return await self.received(await self.upload(sample))

    async def upload(self, sample: Sample) -> httpx.Response:
        """Send a file in, as the widget does."""
        self.uploads += 1
        return await self.ask(
            "POST",
            f"{self.channel}/media",
            params={"Filename": sample.filename},
            headers={"content-type": sample.declared_type},
            content=sample.content,
        )

    async def received(self, answer: httpx.Response) -> Sent:
        """What became of an upload that was answered so."""
        if answer.status_code == 201:
            return await self._settled(answer.json())
        return self._kept_out(answer)

    async def link(self, media_sid: str, **wanted: str) -> dict[str, Any]:
        """A link to a file of one's own. Raises `Broken` where there is none."""
        answer = await self.ask("POST", f"{self.channel}/media/{media_sid}/link", json=wanted)
        if answer.status_code != 200:
            raise Broken(f"no link to a clean file: {said(answer)}")
        return dict(answer.json())

    async def served(self, media_sid: str, **wanted: str) -> httpx.Response:
        """The file as a reader gets it. Raises `Broken` where nobody does."""
        answer = await self.door.ask("GET", (await self.link(media_sid, **wanted))["url"])
        if answer.status_code != 200:
            raise Broken(f"a link to a clean file does not open: {said(answer)}")
        return answer

    async def say(self, **message: str) -> str:
        """Put a text or a file into the chat; gives the message's sid."""
        answer = await self.ask("POST", f"{self.channel}/messages", json=message)
        if answer.status_code != 201:
            raise Broken(f"a message was not taken: {said(answer)}")
        sid = str(answer.json()["sid"])
        self.messages.append(sid)
        return sid

    async def unsay(self, message_sid: str) -> httpx.Response:
        """Delete a message, and its file with it."""
        answer = await self.ask("DELETE", f"{self.channel}/messages/{message_sid}")
        if answer.status_code == 204:
            self.messages.remove(message_sid)
        return answer

    async def take_back(self) -> list[str]:
        """Delete everything. Gives what could not be deleted."""
        stayed = [sid for sid in tuple(self.messages) if (await self.unsay(sid)).status_code != 204]
        for sid in self.files:
            answer = await self.ask("DELETE", f"{self.channel}/media/{sid}")
            if answer.status_code not in (204, 400, 404, 410):  # 400: it went with its message
                stayed.append(sid)
        self.files.clear()
        return stayed

    async def leave(self) -> bool:
        """Go out of the chat; whether one may."""
        answer = await self.ask("DELETE", f"{self.channel}/members/{self.place['identity']}")
        return answer.status_code == 204

    async def _settled(self, media: dict[str, Any]) -> Sent:
        self.files.append(media["sid"])
        until = time.monotonic() + PATIENCE
        while media["state"] in UNDECIDED:
            await self._require_closed(media["sid"])
            if time.monotonic() > until:
                raise Broken(f"no verdict after {PATIENCE:.0f} s")
            await asyncio.sleep(0.5)
            media = (await self.ask("GET", f"{self.channel}/media/{media['sid']}")).json()
        return Sent(media["state"], media["reason"], media["sid"], media)

    async def _require_closed(self, media_sid: str) -> None:
        """Raise `Broken` if a file has a link while it is being checked."""
        link = await self.ask("POST", f"{self.channel}/media/{media_sid}/link", json={})
        media = (await self.ask("GET", f"{self.channel}/media/{media_sid}")).json()
        if link.status_code == 200 and media["state"] in UNDECIDED:
            raise Broken("it had a link while it was being checked")

    def _kept_out(self, answer: httpx.Response) -> Sent:
        error = told(answer)
        if answer.status_code >= 500:
            raise Broken(f"sending it broke the house: {said(answer)}")
        if error.get("reason") not in KEPT_OUT:
            raise NotTested(f"sending it was answered {said(answer)}")
        details = error.get("details") or {}
        sid = str(details.get("media_sid", ""))
        if sid:
            self.files.append(sid)
        state = "held" if error["reason"] == "media_held" else "refused"
        return Sent(state, str(details.get("reason") or error["reason"]), sid)


async def arrived(door: Door) -> Visitor:
    """Start a chat, as the widget does. Raises `ConfigurationError` where none can be started."""
    try:
        answer = await door.ask("POST", "/v1/chats", json={"friendly_name": NAME})
    except httpx.TransportError as error:
        raise ConfigurationError(f"No chat can be started at {door.origin}: {error!r}.") from error
    if answer.status_code != 201 or "channel_sid" not in told(answer):
        raise ConfigurationError(
            f"No chat can be started at {door.origin}: it answers {said(answer)}.",
            advice="Does this address lead to a house, and may everybody reach /v1/chats there?",
        )
    return Visitor(door, answer.json())


def told(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON, where it is an object."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def said(answer: httpx.Response) -> str:
    """An answer in a few words."""
    reason = told(answer).get("reason")
    return f"{answer.status_code} {reason}" if reason else f"{answer.status_code}, not by the house"
