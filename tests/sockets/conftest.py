"""A served house, with a customer and an agent in a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.people import Chat, House
from tests.sockets.clients import Site, serving


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


@pytest.fixture
async def site(house: House) -> AsyncIterator[Site]:
    async with serving(house) as site:
        yield site
