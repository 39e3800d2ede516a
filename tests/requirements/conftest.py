"""A whole house behind a real server, with the limits that strangers meet, and a customer in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from vestibule.app import House
from vestibule.models import Session
from vestibule.payloads import StartChat
from vestibule.testing import a_server


@dataclass
class Front:
    """The house, and a customer's browser at its door."""

    house: House
    session: Session
    customer: httpx.AsyncClient

    @property
    def channel(self) -> str:
        return f"/v1/channels/{self.session.channel.sid}"

    async def upload(
        self, content: bytes | AsyncIterator[bytes], name: str = "notes.txt", declared: str = "text/plain"
    ) -> httpx.Response:
        return await self.customer.post(
            f"{self.channel}/media",
            params={"Filename": name},
            content=content,
            headers={"content-type": declared},
        )

    async def sent(self, content: bytes, name: str = "notes.txt") -> dict[str, Any]:
        """A message with a file."""
        media = (await self.upload(content, name)).json()
        answer = await self.customer.post(f"{self.channel}/messages", json={"media_sid": media["sid"]})
        return dict(answer.json())

    async def link(self, message: dict[str, Any]) -> str:
        place = f"{self.channel}/media/{message['media']['sid']}/link"
        return str((await self.customer.post(place, json={})).json()["url"])


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_server(tmp_path / "house", rate_limits=True) as (house, address):
        session = await house.context().invoke(StartChat(friendly_name="Ada"))
        token = house.tokens.mint(session.identity, house.service.sid)[0]
        async with httpx.AsyncClient(
            base_url=address, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        ) as customer:
            yield Front(house, session, customer)
