"""Houses for the self-test: whole ones, and ones that somebody broke in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vestibule import server
from vestibule.app import web
from vestibule.media.gate import Gate
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage
from vestibule.selftest import through
from vestibule.selftest.cases import Cases
from vestibule.selftest.report import Report
from vestibule.selftest.visit import Visit
from vestibule.testing import a_house

Breaking = Callable[[ASGIApp], ASGIApp]


class BrokenServer(server.Guest):
    """A house whose application somebody stands in front of."""

    breaking: Breaking

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self.config.app = self.breaking(web(house))


@asynccontextmanager
async def broken_house(folder: Path, breaking: Breaking, **settings: Any) -> AsyncIterator[str]:
    """The address of a house with something in front of it that breaks it."""
    kind = type("OneBrokenServer", (BrokenServer,), {"breaking": staticmethod(breaking)})
    async with a_house(folder, **settings) as house:
        made: uvicorn.Server = kind(house)
        async with served(made) as address:
            yield address
