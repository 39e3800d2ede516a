"""The receiver on the page works as it stands there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.docs.committed import examples
from tests.gateways.hooked import hooked
from tests.gateways.receiving import AUTH_TOKEN
from vestibule.errors import HookRefused
from vestibule.payloads import SendMessage

RECEIVER = next(text for place, text in examples("py") if "receive-webhooks" in place)


@contextmanager
def serving(auth_token: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page's program on a free port."""
    monkeypatch.setenv("AUTH_TOKEN", auth_token)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(RECEIVER, "receiver.py", "exec"), names)
    server = make_server("127.0.0.1", 0, names["app"])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/chat"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_receiver_on_the_page_hides_card_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(AUTH_TOKEN, monkeypatch) as url:
        async with hooked(tmp_path, follows=False) as site:
            chat = await site.house.chat()
            site.ask(url)
            card = SendMessage(chat.channel_sid, "Mine is 4111 1111 1111 1234")
            assert (await chat.customer.invoke(card)).body == "Mine is •••• 1234"


async def test_it_turns_away_what_somebody_else_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("another secret", monkeypatch) as url:
        async with hooked(tmp_path, follows=False) as site:
            chat = await site.house.chat()
            site.ask(url)
            with pytest.raises(HookRefused):
                await chat.customer.invoke(SendMessage(chat.channel_sid, "Hello"))
