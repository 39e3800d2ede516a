"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from tests.people import House, open_house

# Tests start the house as a process hundreds of times: let the first one keep what it compiled for the rest.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Plain tracebacks, as the house itself logs them: to draw one with its variables takes 50 ms and more.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house on real SQLite and a real folder, with nobody in it yet."""
    house = await open_house(tmp_path)
    yield house
    await house.close()
