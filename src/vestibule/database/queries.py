"""Loads `queries.sql` for a driver, and the numbered files of `schema/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import aiosql


@cache  # 15 ms, which only the first database of a process waits for
def load_queries(driver: str) -> dict[str, str]:
    """Name to SQL, with parameters in the driver's own spelling (`sqlite3` or `psycopg`)."""
    text = files(__package__).joinpath("queries.sql").read_text(encoding="utf-8")
    queries = aiosql.from_str(text, driver, mandatory_parameters=False)
    return {name: getattr(queries, name).sql for name in queries.available_queries if "cursor" not in name}


@cache
def load_schema() -> list[tuple[int, str]]:
    """The migrations in order: number and SQL."""
    folder = files(__package__).joinpath("schema")
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return sorted((int(entry.name[:4]), entry.read_text(encoding="utf-8")) for entry in scripts)
