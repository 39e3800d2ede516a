"""How commands run: by which settings, in which house, and what they print on.

`out` is for what was asked for, `err` for what is said beside it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import uvloop
from rich.console import Console

from vestibule.app import House, open_house
from vestibule.config import Settings, load
from vestibule.errors import ConfigurationError

R = TypeVar("R")

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def settings_of(config: Path | None, **given: Any) -> Settings:
    return load(config, os.environ, **given)


def run(work: Coroutine[Any, Any, R]) -> R:
    return uvloop.run(work)


def in_house(settings: Settings, work: Callable[[House], Awaitable[R]]) -> R:
    """Do something with a house's data, whether its server runs or not."""

    async def within() -> R:
        async with open_house(settings, at_work=False) as house:
            return await work(house)

    return run(within())


def require_house(settings: Settings) -> None:
    """Raise `ConfigurationError` where no house has been yet: reading makes no new one."""
    url = settings.database_url or f"sqlite:///{Path(settings.data).absolute() / 'vestibule.db'}"
    if urlsplit(url).scheme == "sqlite" and not Path(url.removeprefix("sqlite:///")).is_file():
        raise ConfigurationError(
            f"There is no house in {settings.data}.", advice="Name its folder with --data, or --config."
        )
