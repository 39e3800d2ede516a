"""For tests of your own rules and checks: a whole house on real parts, and the contract of a check."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from vestibule.app import House, open_house
from vestibule.check_contract import ContractBroken, check_contract
from vestibule.check_files import File
from vestibule.config import load
from vestibule.server import bind, serving

__all__ = ["ContractBroken", "File", "a_house", "a_server", "check_contract"]


@asynccontextmanager
async def a_house(data: Path, **settings: Any) -> AsyncIterator[House]:
    """A house at work, with its data in `data`. `settings` are configuration keys."""
    async with open_house(load(data=str(data), **{"rate_limits": False, **settings})) as house:
        yield house


@asynccontextmanager
async def a_server(data: Path, **settings: Any) -> AsyncIterator[tuple[House, str]]:
    """The same behind a real server on a free port of this machine; gives it and its address."""
    async with a_house(data, **settings) as house, serving(house, bind("127.0.0.1", 0)) as address:
        yield house, address
