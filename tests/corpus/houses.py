"""The two houses of a trial: the embedded default alone, and one to which a real clamd is connected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.corpus import scanner
from tests.corpus.specimens import Specimen
from tests.corpus.trial import PATIENCE, Result, tried
from vestibule.app import House, open_house
from vestibule.config import Settings, load


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[House]:
    """As it is without any configuration: our own rules, and no scanner."""
    async with open_house(_settings(folder)) as house:
        yield house


@asynccontextmanager
async def with_clamd(folder: Path) -> AsyncIterator[House]:
    """Raises `RuntimeError` where no clamd starts."""
    with scanner.clamd() as address:
        async with open_house(_settings(folder, VESTIBULE_CLAMD=address)) as house:
            yield house


def _settings(folder: Path, **environment: str) -> Settings:
    """As an operator gives them."""
    return load(environment=environment, data=str(folder), rate_limits=False, verdict_patience=PATIENCE)


HOUSES = {"embedded": embedded, "clamd": with_clamd}


async def trial_in(which: str, folder: Path, specimens: Iterable[Specimen]) -> list[Result]:
    """Send the specimens into one of the houses."""
    async with HOUSES[which](folder) as house:
        return await tried(house, specimens)
