"""A house behind its routes, and clients for the people who use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.people import Chat, House, open_house
from vestibule import sids
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.policy import Limits, Policy
from vestibule.checks.unnamed import unnamed
from vestibule.errors import NotFound
from vestibule.functions import Functions
from vestibule.http import FilesTaken, Front, Rates, build
from vestibule.links import Links
from vestibule.media import media_actions
from vestibule.media.gate import Gate
from vestibule.media.verdicts import Judge
from vestibule.payloads import FetchKey, SetPassword
from vestibule.ports import Check
from vestibule.tokens import Tokens

BASE = "http://desk.test"
PASSWORD = "correct horse battery"
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
LARGEST = 200_000  # bytes


@dataclass
class Desk:
    """The house, the chat in it, and the front. `answers` are asked of `app`."""

    house: House
    chat: Chat
    front: Front
    judge: Judge
    folder: Path
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def client(
        self, front: Front | None = None, peer: str = "203.0.113.7", **headers: str
    ) -> httpx.AsyncClient:
        """Somebody at `peer`, over the application itself."""
        app = build(front or self.front)
        transport = httpx.ASGITransport(app, client=(peer, 4711))
        client = httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)
        self.clients.append(client)
        return client

    def changed(self, **fields: Any) -> Front:
        """The front with other arguments."""
        return replace(self.front, **fields)

    def token(self, identity: str, service_sid: str | None = None) -> str:
        return self.front.tokens.mint(identity, service_sid or self.house.service_sid)[0]

    def holding(self, identity: str, **more: Any) -> httpx.AsyncClient:
        """Somebody with a token."""
        return self.client(**more, authorization=f"Bearer {self.token(identity)}")

    @property
    def customer(self) -> httpx.AsyncClient:
        return self.holding(self.chat.customer.identity)

    @property
    def agent(self) -> httpx.AsyncClient:
        return self.holding(self.chat.agent.identity)

    @property
    def account(self) -> httpx.AsyncClient:
        client = self.client()
        client.auth = httpx.BasicAuth(self.front.account_sid, self.front.auth_token)
        return client

    @property
    def channel(self) -> str:
        return f"/v1/channels/{self.chat.channel_sid}"

    @property
    def service(self) -> str:
        return f"/v2/Services/{self.house.service_sid}"

    async def give_password(self, identity: str = "grace") -> None:
        await self.house.system.invoke(SetPassword(identity, PASSWORD))

    async def signed_in(self, identity: str = "grace") -> tuple[httpx.AsyncClient, dict[str, Any]]:
        """An agent's browser after signing in, and what the session said."""
        await self.give_password(identity)
        browser = self.client(origin=BASE)
        answer = await browser.post("/v1/session", json={"name": identity, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return browser, answer.json()

    async def sent_file(self, data: bytes = PDF, name: str = "bill.pdf") -> dict[str, Any]:
        """A file of the customer's in the chat: the message."""
        kind = "application/pdf" if name.endswith("pdf") else ""
        uploaded = await self.customer.post(
            f"{self.channel}/media", params={"Filename": name}, content=data, headers={"content-type": kind}
        )
        assert uploaded.status_code == 201, uploaded.text
        sent = await self.customer.post(
            f"{self.channel}/messages", json={"media_sid": uploaded.json()["sid"]}
        )
        assert sent.status_code == 201, sent.text
        return sent.json()

    async def link(self, message: dict[str, Any], who: httpx.AsyncClient, **wanted: str) -> str:
        sid = message["media"]["sid"]
        answer = await who.post(f"{self.channel}/media/{sid}/link", json=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()["url"]

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()
        await self.judge.close()
        await self.house.close()


async def open_desk(folder: Path, *checks: Check, patience: float = 10.0) -> Desk:
    """A house with its media room and its front; `checks` look at files beside the type check."""
    policy = Policy(default=Limits(largest=LARGEST))
    filetype = FiletypeCheck(policy)
    gate = Gate(
        safe_name=safe_name,
        admit=policy.admit,
        limit=policy.limit,
        content_type_of=content_type_of,
        judge_head=filetype.judge_head,
        checks=(filetype, *checks),
        patience=patience,
    )
    judge, links = Judge(gate), Links((b"secret",))
    house = await open_house(folder, media_actions(gate, judge, links))

    async def find_secret(key_sid: str) -> str | None:
        try:
            return (await house.system.invoke(FetchKey(key_sid))).secret
        except NotFound:
            return None

    front = Front(
        parts=house.parts,
        tokens=Tokens(sids.make(sids.ACCOUNT), sids.make(sids.KEY), "key secret " * 4, find_secret),
        links=links,
        functions=Functions(),
        service_sid=house.service_sid,
        account_sid="",
        auth_token="0123456789abcdef0123456789abcdef",
        static=folder / "static",
        files=FilesTaken(max_bytes=LARGEST, accept=(".pdf",), name_of=unnamed),
        rates=Rates.off(),
    )
    front = replace(front, account_sid=front.tokens.account_sid)
    return Desk(house, await house.chat(), front, judge, folder)


@asynccontextmanager
async def served(front: Front) -> AsyncIterator[str]:
    """The same over a real server on this machine; gives its address."""
    config = uvicorn.Config(
        build(front),
        host="127.0.0.1",
        port=0,
        http="vestibule.http.wire:HttpProtocol",
        log_config=None,
        lifespan="off",
        ws="none",
    )
    server = Guest(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


class Guest(uvicorn.Server):
    """A server in a test: signals are the test's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield
