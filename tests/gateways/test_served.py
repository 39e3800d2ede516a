"""Webhooks as people meet them: the official library sets them, a server calls them, a kill loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from websockets.asyncio.client import connect

from tests.gateways.hooked import FILE, hooked, write_settings
from tests.gateways.receiving import Receiver, answer, saying
from tests.servers import Server
from vestibule.chat.services import first_service
from vestibule.cli import app
from vestibule.cli.running import out
from vestibule.cli.webhooks import retry
from vestibule.database.sqlite import SqliteDatabase
from vestibule.errors import InvalidRequest
from vestibule.models import POST_EVENTS
from vestibule.payloads import SendMessage


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(tmp_path / "data", {"rate_limits": "off", "webhooks_private": "allow"})
    yield server
    if server.process is not None:
        server.kill()


async def prepared(server: Server, **settings: Any) -> str:
    """A house whose service has these settings at its first start; the service's sid."""
    server.data.mkdir()
    file = server.data / "vestibule.db"
    database = SqliteDatabase(file, lambda notices: None)
    service = await first_service(database, "Test")
    await database.close()
    write_settings(file, service.sid, **settings)
    return service.sid


def library(server: Server) -> Client:
    """The official helper library, whose host is this server."""
    client = Client(server.secrets["account_sid"], server.secrets["auth_token"])
    client.chat.base_url = server.address
    return client


def numbers(server: Server) -> str:
    with server.stranger() as prometheus:
        return prometheus.get("/metrics").text


async def test_a_killed_server_tells_what_it_had_not_told(server: Server, receiver: Receiver) -> None:
    await asyncio.to_thread(server.start)
    chat = await asyncio.to_thread(server.start_chat)

    def set_up() -> Any:
        channel = library(server).chat.v2.services(chat["service_sid"]).channels(chat["channel_sid"])
        webhook = channel.webhooks.create(
            type="webhook", configuration_url=receiver.url, configuration_filters=["onMessageSent"]
        )
        for number in range(8):
            channel.messages.create(body=f"{number}", x_twilio_webhook_enabled="true")
        return webhook

    receiver.react = lambda told: answer(200 if len(receiver.told) <= 3 else 503)
    webhook = await asyncio.to_thread(set_up)
    await receiver.until(4)
    server.kill()
    receiver.react = saying(200)
    until_now = len(receiver.told)
    await asyncio.to_thread(server.start)
    await receiver.until(until_now + 5)

    told = list(dict.fromkeys(receiver.bodies))
    assert (webhook.type, webhook.configuration["filters"]) == ("webhook", ["onMessageSent"])
    assert told == [str(number) for number in range(8)]
    last, metrics = receiver.told[-1], await asyncio.to_thread(numbers, server)
    assert "vestibule_webhook_failures 0.0" in metrics
    assert 'vestibule_webhook_letters{outcome="given_up"} 0.0' in metrics
    validator = RequestValidator(server.secrets["auth_token"])
    assert validator.validate(last.url, last.form, last.headers["x-twilio-signature"])


async def test_whatever_way_somebody_comes_the_webhook_is_asked(server: Server, receiver: Receiver) -> None:
    await prepared(server, pre_webhook_url=receiver.url, webhook_filters=("onMessageSend",))
    await asyncio.to_thread(server.start)
    chat = await asyncio.to_thread(server.start_chat)
    receiver.react = lambda told: answer(403 if "no" in told.form["Body"] else 200)
    place = f"/v2/Services/{chat['service_sid']}/Channels/{chat['channel_sid']}/Messages"

    def by_rest() -> tuple[int, int]:
        with server.client(chat["token"]) as customer:
            refused = customer.post(place, data={"Body": "no, by token"})
        with server.stranger() as account:
            account.auth = (server.secrets["account_sid"], server.secrets["auth_token"])
            sent = account.post(place, data={"Body": "no, by the account"})
        assert refused.json()["code"] == 50056
        return refused.status_code, sent.status_code

    assert await asyncio.to_thread(by_rest) == (403, 201)
    assert (await by_socket(server, chat, "no, by socket"))["code"] == 50056
    assert (await by_socket(server, chat, "yes"))["message"]["body"] == "yes"
    assert receiver.bodies == ["no, by token", "no, by socket", "yes"]


async def by_socket(server: Server, chat: dict[str, Any], body: str) -> dict[str, Any]:
    """What a message over a socket is answered with."""
    async with connect(server.socket_address, compression=None, proxy=None) as socket:
        await socket.send(json.dumps({"type": "hello", "token": chat["token"]}))
        frame = {"type": "send", "id": 1, "channel_sid": chat["channel_sid"], "body": body, "key": body}
        await socket.send(json.dumps(frame))
        async with asyncio.timeout(10):
            async for text in socket:
                if (told := json.loads(text)).get("id") == 1:
                    return told.get("error") or told
    raise AssertionError


# The command line


async def test_an_operator_sees_what_was_not_told_and_has_it_told(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VESTIBULE_DATABASE_URL", f"sqlite:///{tmp_path / FILE}")
    monkeypatch.setattr(out, "width", 200)

    async def run(*words: str) -> str:
        """What a command of this process prints."""
        await asyncio.to_thread(app, [*words, "--data", str(tmp_path)], result_action="return_value")
        return capsys.readouterr().out

    async with hooked(tmp_path) as site:
        chat = await site.house.chat()
        site.tell(receiver.url, *POST_EVENTS)
        receiver.react = saying(500)
        await chat.customer.invoke(SendMessage(chat.channel_sid, "Hello"))
        await receiver.until(3)
        await site.settled()
        receiver.react = saying(200)

        shown = await run("webhooks", "failed")
        assert "onMessageSent" in shown
        assert "answered with status 500" in shown
        (failure,) = json.loads(await run("webhooks", "failed", "--json"))
        assert (failure["stream"], failure["attempts"]) == (chat.channel_sid, 3)

        asked = await run("webhooks", "retry", str(failure["id"]))
        assert "1 event will be tried again." in asked
        await receiver.until(4)
    assert "Everything was told." in await run("webhooks", "failed")


def test_a_retry_of_nothing_is_told_what_is_missing() -> None:
    with pytest.raises(InvalidRequest, match="--all"):
        retry()
