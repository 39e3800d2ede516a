"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.people import House, open_house

# Tests start the house as a process hundreds of times: let the first one keep what it compiled for the rest.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house on real SQLite and a real folder, with nobody in it yet."""
    house = await open_house(tmp_path)
    yield house
    await house.close()
