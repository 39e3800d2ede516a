"""What `docs/do/bring-your-chat-code.md` shows, done with the official library and a started server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.committed import examples
from tests.servers import Server, command, running

PAGE = "docs/do/bring-your-chat-code.md"
PYTHON = [text for place, text in examples("python client") if place.startswith(PAGE)]
CURL = next(text for place, text in examples("sh") if place.startswith(PAGE) and "curl" in text)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("chat_code") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def names(server: Server) -> dict[str, str]:
    """What the page's code reads from its environment."""
    made = command("key", "new", "--name", "our shop", "--data", server.data).stdout
    key = dict(line.split("=", 1) for line in made.split())
    return {
        "CHAT_URL": server.address,
        "CHAT_ACCOUNT": server.secrets["account_sid"],
        "CHAT_KEY": key["VESTIBULE_API_KEY"],
        "CHAT_SECRET": key["VESTIBULE_API_SECRET"],
        "CHAT_SERVICE": server.sign_in()["service_sid"],
    }


def test_the_page_s_code_sends_mints_and_blocks(
    names: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    page: dict[str, Any] = {}
    for text in PYTHON:
        exec(text, page)

    def thank() -> int:
        monkeypatch.setenv("TOKEN", page["token_for"]("ada"))
        return subprocess.run(["sh", "-c", CURL], capture_output=True, check=False).returncode

    assert thank() == 0
    page["block"]("order-4711", "ada")
    assert thank() == 22  # curl's code for an answer of 400 and above
    said = [message.body for message in page["channel"].messages.list()]
    assert said == ["Your order is on its way.", "Thanks"]
