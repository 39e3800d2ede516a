"""A machine is not sure about a file: a supervisor decides, and both sides see what came of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import Agent, Customer, Watch, a_file, shows
from tests.files import jpeg_with_gps
from tests.servers import Server, running

CARD = a_file("card.jpg", "image/jpeg", jpeg_with_gps())
WHY = "I asked for the card, and it is theirs."
DOUBT = {"outcome": "suspicious", "detail": "looks like an identity card", "version": "Lookout 4.2"}


class Doubting(BaseHTTPRequestHandler):
    """A scanner over HTTP that is never sure."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        said = json.dumps(DOUBT).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house whose scanner holds every file."""
    scanner = ThreadingHTTPServer(("127.0.0.1", 0), Doubting)
    threading.Thread(target=scanner.serve_forever, daemon=True).start()
    settings = {"webhook_url": f"http://127.0.0.1:{scanner.server_port}/", "webhook_secret": "secret"}
    with running(tmp_path_factory.mktemp("review") / "data", **settings) as server:
        yield server
    scanner.shutdown()
    scanner.server_close()


def held(customer: Customer, agent: Agent, name: str) -> Locator:
    """A file of the customer's that waits, with its drawer open at the desk."""
    customer.start_chat(name)
    customer.say("Here is my card.")
    agent.accept(name)
    customer.send(CARD)
    customer.sees("A colleague is having a look at this file.")
    agent.conversation.get_by_role("button", name="Have a look").click()
    return agent.page.get_by_role("dialog", name="File", exact=True)


def test_a_supervisor_releases_a_held_file_and_it_arrives(
    watch: Watch, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    watch.expected |= {"409"}  # the upload that is held
    ada, grace = new_customer(), new_agent()
    file = held(ada, grace, "Ada")
    expect(file.get_by_text("Waits for a decision")).to_be_visible()
    expect(file.get_by_text("looks like an identity card")).to_have_count(2)  # why, and in its way
    file.get_by_role("button", name="Show the picture").click()
    shows(file.get_by_role("img", name="Small picture of the file"))

    file.get_by_role("button", name="Let it through").click()
    expect(file.get_by_text("Please say why.")).to_be_visible()
    file.get_by_label("Reason").fill(WHY)
    file.get_by_role("button", name="Let it through").click()

    expect(file.get_by_text("Agent let it through")).to_be_visible()
    expect(file.get_by_text(WHY)).to_be_visible()
    grace.page.keyboard.press("Escape")
    ada.sees_picture(ada.file("Open", "card.jpg"))
    grace.sees_picture(grace.file("Open", "card.jpg"))
    expect(grace.conversation.get_by_role("button", name="Have a look")).to_have_count(0)


def test_a_supervisor_refuses_a_held_file_with_the_keyboard(
    watch: Watch, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    watch.expected |= {"409", "422"}
    bea, grace = new_customer(), new_agent(viewport={"width": 375, "height": 740})
    file = held(bea, grace, "Bea")
    file.get_by_label("Reason").fill("It is somebody else's card.")
    refuse = file.get_by_role("button", name="Refuse")
    refuse.focus()
    refuse.press("Enter")
    grace.confirm("Refuse this file?", "Refuse")

    expect(file.get_by_text("Not accepted", exact=True)).to_be_visible()
    expect(file.get_by_text("Agent refused it")).to_be_visible()
    grace.page.keyboard.press("Escape")
    expect(file).to_have_count(0)
    bea.sees("A colleague has looked at this file, and it cannot be passed on.")
    expect(bea.conversation.get_by_text("somebody else's card")).to_have_count(0)


def test_the_way_of_a_file_that_was_sent_is_one_click_away(
    watch: Watch, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    watch.expected |= {"409"}
    cara, grace = new_customer(), new_agent()
    file = held(cara, grace, "Cara")
    file.get_by_label("Reason").fill(WHY)
    file.get_by_label("Reason").press("Tab")
    grace.page.keyboard.press("Enter")
    expect(file.get_by_text("Agent let it through")).to_be_visible()
    grace.page.keyboard.press("Escape")
    grace.file("Open", "card.jpg").hover()
    grace.conversation.get_by_role("button", name="Details").click()
    for words in ("Received from Cara", "Scanner (HTTP): is not sure", "Let through", "Sent by Cara"):
        expect(file.get_by_text(words, exact=True)).not_to_have_count(0)
    expect(file.get_by_text("Lookout 4.2").first).to_be_visible()
    expect(file.get_by_role("button", name="Download the original")).to_have_count(0)
