"""The two houses of a trial: the embedded default alone, and one to which a real clamd is connected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.corpus import scanner
from tests.corpus.specimens import Specimen
from tests.corpus.trial import PATIENCE, Result, tried
from vestibule.app import House
from vestibule.testing import a_house


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[House]:
    """As it is without any configuration: our own rules, and no scanner."""
    async with a_house(folder, verdict_patience=PATIENCE) as house:
        yield house


@asynccontextmanager
async def with_clamd(folder: Path) -> AsyncIterator[House]:
    """Raises `RuntimeError` where no clamd starts."""
    with scanner.clamd() as address:
        async with a_house(folder, verdict_patience=PATIENCE, clamd=address) as house:
            yield house


HOUSES = {"embedded": embedded, "clamd": with_clamd}


async def trial_in(which: str, folder: Path, specimens: Iterable[Specimen]) -> list[Result]:
    """Send the specimens into one of the houses."""
    async with HOUSES[which](folder) as house:
        return await tried(house, specimens)
