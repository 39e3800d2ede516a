"""The examples for those who come with code of their own run against a house."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.docs.committed import examples
from vestibule.payloads import CreateChannel, CreateKey
from vestibule.testing import a_server

CLIENT = [text for place, text in examples("python client") if "bring-your-chat-code" in place]


async def test_the_page_s_code_lists_channels_and_lets_a_user_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_server(tmp_path) as (house, address):
        key = await house.context().invoke(CreateKey())
        await house.context().invoke(CreateChannel("Room", "lobby"))
        given = {
            "CHAT_URL": address,
            "TWILIO_ACCOUNT_SID": house.keyring.account_sid,
            "TWILIO_AUTH_TOKEN": house.keyring.auth_token,
            "TWILIO_API_KEY": key.sid,
            "TWILIO_API_SECRET": key.secret,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        await asyncio.to_thread(exec, "\n".join(CLIENT), {})
        listed, token = capsys.readouterr().out.split("\n")[:2]
        async with httpx.AsyncClient(base_url=address, headers={"x-twilio-token": token}) as alice:
            user = await alice.get(f"/v2/Services/{house.service.sid}/Users/alice")

    assert listed == "lobby 0"
    assert (user.status_code, user.json()["identity"]) == (200, "alice")
