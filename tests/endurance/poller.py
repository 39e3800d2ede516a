"""Somebody who asks for every address of every file all the while, with links that are well signed."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.checks.conftest import HOME_MADE
from tests.endurance.aftermath import rows
from tests.files import SECRET
from tests.servers import Server
from vestibule.links import Links, Ticket

NEVER = (SECRET.encode(), HOME_MADE)  # in an original of ours, and in nothing that is let out
LATER = 1 << 40  # seconds since 1970: these links do not expire
ROOTS = ("", "/files", "/assets", "/assets/%2e%2e/files")
WAYS: list[tuple[str, dict[str, str]]] = [("GET", {}), ("HEAD", {}), ("GET", {"range": "bytes=0-4095"})]


@dataclass
class File:
    """What the database knows of one."""

    sid: str
    service_sid: str
    channel_sid: str | None
    author: str
    state: str


@dataclass
class Poller:
    """`leaks` are answers with bytes of a file that was not clean; `answers` counts all by their status."""

    server: Server
    agent: dict[str, Any]
    tokens: dict[str, str]  # of each author
    chance: random.Random
    leaks: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)  # sids of files whose bytes came, all clean

    async def ask_forever(self) -> None:
        async with httpx.AsyncClient(base_url=self.server.address, timeout=10, trust_env=False) as client:
            while True:
                with suppress(httpx.TransportError, sqlite3.Error, OSError):
                    for file in self._files():
                        await self._ask_for(client, file)
                await asyncio.sleep(0.01)

    def _files(self) -> list[File]:
        """Those in check, and a few of the others."""
        query = "SELECT sid, service_sid, channel_sid, author, state FROM media"
        files = [File(*row) for row in rows(self.server, query)]
        open_ = [file for file in files if file.state in {"received", "checking", "held"}]
        done = [file for file in files if file not in open_]
        return [*open_, *self.chance.sample(done, min(3, len(done)))]

    async def _ask_for(self, client: httpx.AsyncClient, file: File) -> None:
        addresses = [*self._links(file), *self._guesses(file)]
        for address in self.chance.sample(addresses, min(8, len(addresses))):
            method, headers = self.chance.choice(WAYS)
            await self._ask(client, file, address, method, headers)

    async def _ask(
        self, client: httpx.AsyncClient, file: File, address: str, method: str, headers: dict[str, str]
    ) -> None:
        who = self.chance.choice([{}, {"authorization": f"Bearer {self.tokens.get(file.author, '')}"}])
        answer = await client.request(method, address, headers={**headers, **who}, follow_redirects=True)
        self.answers[answer.status_code] += 1
        if answer.status_code >= 300:
            return
        self.opened[file.sid] += 1
        state = rows(self.server, f"SELECT state FROM media WHERE sid = '{file.sid}'")[0][0]
        if state not in {"clean", "gone"} or any(word in answer.content for word in NEVER):
            self.leaks.append(f"{method} {address} of {file.sid}, then {state}: {answer.content[:40]!r}")

    def _links(self, file: File) -> list[str]:
        """Links as the house would mint them, to every copy and for both sides."""
        links = Links((self.server.secrets["link_secret"].encode(),))
        return [
            f"/files/{links._sign(_ticket(file, rendition, disposition, viewer))}/file"
            for rendition in ("safe", "preview", "poster", "original")
            for disposition in ("inline", "attachment")
            for viewer in (file.author, self.agent["identity"])
        ]

    def _guesses(self, file: File) -> list[str]:
        copies = [
            f"{place}/{file.sid}/{copy}"
            for place in ("quarantine", "available")
            for copy in ("original", "safe", "preview")
        ]
        return [
            *(
                f"{root}/{copy}"
                for copy in copies
                for root in ("", "/files", "/assets", "/assets/%2e%2e/files")
            ),
            f"/v1/Services/{file.service_sid}/Media/{file.sid}/Content",
            f"/v1/channels/{file.channel_sid}/media/{file.sid}/content",
            f"/v1/media/{file.sid}/content",
        ]


def _ticket(file: File, rendition: Any, disposition: str, viewer: str) -> Ticket:
    return Ticket(file.service_sid, file.channel_sid or "", file.sid, rendition, disposition, viewer, LATER)
