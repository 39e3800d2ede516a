"""The front over a real house: SQLite, a folder, the gate with its type check, every route."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.http.desk import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A house behind its routes, with the customer Ada and the agent Grace in a chat."""
    desk = await open_desk(tmp_path)
    yield desk
    await desk.close()
