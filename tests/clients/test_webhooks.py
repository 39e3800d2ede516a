"""A program's own receiver of webhooks, which believes only what the library's validator confirms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import Account, refused


class Receiver(ThreadingHTTPServer):
    """Lets nobody say `rude`, and makes everything else polite."""

    secret = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/before?key=ü"


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        said = dict(parse_qsl(body, keep_blank_values=True))
        url = f"http://{self.headers['host']}{self.path}"
        signature = self.headers["x-twilio-signature"]
        if not RequestValidator(self.server.secret).validate(url, said, signature):
            self._answer(401, {"error": "Who are you?"})
        elif "rude" in said["Body"]:
            self._answer(403, {})
        else:
            self._answer(200, {"body": f"{said['Body']}, please"})

    def _answer(self, status: int, answer: dict[str, str]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def receiver(account: Account) -> Iterator[Receiver]:
    with Receiver(("127.0.0.1", 0), Answer) as receiver:
        receiver.secret = account.secrets["auth_token"]
        Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


def test_a_receiver_says_what_users_may_say(
    account: Account, channel: ChannelContext, receiver: Receiver
) -> None:
    channel.members.create("ada")
    messages = account.being("ada").channels(str(channel.fetch().sid)).messages
    account.service.update(pre_webhook_url=receiver.url, webhook_filters=["onMessageSend"])
    try:
        assert messages.create(body="Help").body == "Help, please"
        with refused(403, 50056):
            messages.create(body="Something rude")
        assert channel.messages.create(body="By the account").body == "By the account"
    finally:
        account.service.update(pre_webhook_url="", webhook_filters=[""])
    assert messages.create(body="rude, but nobody minds").body == "rude, but nobody minds"
