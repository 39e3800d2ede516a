"""The guide's button in a real browser: what it sends along by itself, and what other pages can."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.docs.committed import ROOT
from tests.servers import Server, running

WHOAMI = """
from vestibule.functions import Functions
functions = Functions()

@functions.get("/whoami")
async def whoami(ctx):
    return ctx.identity
"""
# Of the guide, but for the address, `return`, and `more` for pages that mean ill.
BLOCK_USER = """
([address, chatChannelSid, memberSid, more]) => {
    const body = { chatChannelSid, memberSid };
    const options = {
      method: 'POST',
      body: new URLSearchParams(body),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8'
      },
      ...more
    };
    return fetch(`${address}/functions/block-user`, options)
      .then(resp => resp.json())
}
"""
SIGN_IN = """
(who) => fetch('/v1/session', {
    method: 'POST', body: JSON.stringify(who), headers: {'Content-Type': 'application/json'}
}).then(resp => resp.status)
"""
FORM = """
([address, fields]) => {
    const form = document.body.appendChild(document.createElement('form'))
    Object.assign(form, {method: 'POST', action: `${address}/functions/block-user`})
    for (const [name, value] of Object.entries(fields)) {
        Object.assign(form.appendChild(document.createElement('input')), {name, value})
    }
    form.submit()
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("button")
    (folder / "whoami.py").write_text(WHOAMI)
    example = ROOT / "examples" / "functions" / "block_user.py"
    with running(folder / "data", extensions=f"{example},{folder / 'whoami.py'}") as server:
        yield server


class Empty(BaseHTTPRequestHandler):
    """A page with nothing on it, and no policy."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def neighbour() -> Iterator[str]:
    """A page on another port of this machine: to a browser the same site, so the cookie goes along."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/"
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def desk(chromium: Browser, server: Server) -> Iterator[Page]:
    """The desk's page, with the first agent signed in."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/desk")
    who = {"name": server.secrets["agent_name"], "password": server.secrets["agent_password"]}
    assert page.evaluate(SIGN_IN, who) == 201
    yield page
    context.close()


@pytest.fixture
def chat(server: Server) -> dict[str, Any]:
    """A customer's, with their member's sid."""
    chat = server.start_chat()
    with server.client(chat["token"]) as customer:
        (member,) = customer.get(f"/v1/channels/{chat['channel_sid']}").json()["members"]
    return chat | {"member_sid": member["sid"]}


def can_write(server: Server, chat: dict[str, Any]) -> bool:
    with server.client(chat["token"]) as customer:
        answer = customer.post(f"/v1/channels/{chat['channel_sid']}/messages", json={"body": "But"})
    assert answer.status_code == 201 or answer.json()["code"] == 50107
    return answer.status_code == 201


def test_the_guide_s_code_blocks_a_customer(desk: Page, server: Server, chat: dict[str, Any]) -> None:
    told = desk.evaluate(BLOCK_USER, ["", chat["channel_sid"], chat["member_sid"]])
    assert told == chat["member_sid"]
    assert not can_write(server, chat)


def test_its_errors_are_json_too(desk: Page, chat: dict[str, Any]) -> None:
    told = desk.evaluate(BLOCK_USER, ["", chat["channel_sid"], "MB1"])
    assert (told["code"], told["status"]) == (20404, 404)


def test_a_page_next_door_blocks_nobody(
    desk: Page, server: Server, neighbour: str, chat: dict[str, Any]
) -> None:
    foreign = desk.context.new_page()
    foreign.goto(neighbour)
    sids = [chat["channel_sid"], chat["member_sid"]]
    with pytest.raises(Error, match="Failed to fetch"):
        foreign.evaluate(BLOCK_USER, [server.address, *sids, {"credentials": "include"}])
    with foreign.expect_navigation() as navigation:
        fields = dict(zip(("chatChannelSid", "memberSid"), sids, strict=True))
        foreign.evaluate(FORM, [server.address, fields])
    assert (navigation.value.status, navigation.value.json()["code"]) == (403, 60001)  # not 401: it was sent
    assert can_write(server, chat)


def test_a_script_of_the_desk_asks_by_get_and_a_link_does_not(desk: Page, server: Server) -> None:
    ask = "() => fetch('/functions/whoami').then(resp => resp.json())"
    assert desk.evaluate(ask) == server.secrets["agent_name"]
    with desk.expect_navigation() as navigation:
        desk.evaluate("() => { location.href = '/functions/whoami' }")
    assert (navigation.value.status, navigation.value.json()["code"]) == (403, 60001)
