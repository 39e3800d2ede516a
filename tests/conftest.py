"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from tests.people import House, open_house

TESTS = Path(__file__).parent

# Tests start the house as a process hundreds of times: let the first one keep what it compiled for the rest.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Plain tracebacks, as the house itself logs them: to draw one with its variables takes 50 ms and more.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


# Folders whose tests start whole houses, browsers and scanners. The longest first among them, so that in the
# end no worker waits for another.
SLOW = ("endurance", "openapi", "selftest", "benchmarks", "browser", "cli", "clients")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: who broke something is told soon."""
    items.sort(key=lambda item: _slowness(item.path))


def _slowness(path: Path) -> int:
    folder = path.relative_to(TESTS).parts[0]
    return SLOW.index(folder) + 1 if folder in SLOW else 0


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house on real SQLite and a real folder, with nobody in it yet."""
    house = await open_house(tmp_path)
    yield house
    await house.close()
