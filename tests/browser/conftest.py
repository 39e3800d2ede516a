"""A real server with a real clamd, and Chromium with as many people in it as a test needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Agent, Customer, Watch, watched
from tests.checks.conftest import clamd
from tests.servers import Server, running
from tests.services import needed
from vestibule.app import STATIC

__all__ = ["clamd"]

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 800}

NewCustomer = Callable[..., Customer]
NewAgent = Callable[..., Agent]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = needed("chromium")
    if not (STATIC / "desk.html").is_file():
        pytest.fail("The front end is not built, so there is no page to open. To build it: make setup")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=False, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, clamd: str) -> Iterator[Server]:
    """One for all tests: each customer has a name of their own. Who kills it starts it again."""
    with running(tmp_path_factory.mktemp("browser") / "data", clamd=clamd) as server:
        yield server


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Listens to every page of the test; what a page complains about fails it."""
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def new_customer(chromium: Browser, server: Server, watch: Watch) -> Iterator[NewCustomer]:
    """Opens the demo page in a browser of its own."""
    contexts = []

    def arrive(**options: Any) -> Customer:
        context = chromium.new_context(
            base_url=server.address, locale="en-GB", **{"viewport": WIDE, **options}
        )
        contexts.append(context)
        return Customer(watched(context, watch))

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def new_agent(chromium: Browser, server: Server, watch: Watch) -> Iterator[NewAgent]:
    """Opens the desk in a browser of its own, and signs the first agent in."""
    contexts = []

    def sign_in(**options: Any) -> Agent:
        context = chromium.new_context(
            base_url=server.address, locale="en-GB", **{"viewport": WIDE, **options}
        )
        contexts.append(context)
        agent = Agent(watched(context, watch))
        agent.sign_in(server.secrets["agent_name"], server.secrets["agent_password"])
        return agent

    yield sign_in
    for context in contexts:
        context.close()
