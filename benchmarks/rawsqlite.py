"""The baseline of messages: sqlite3 alone, with the statements, groups and durability of the house.

The same schema and SQL, on a database with the same channels, in the same file system. What surrounds
them in the house is left out: permissions, savepoints, threads, sockets. The values are made beforehand.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from people import Pair
from talk import WORDS
from vestibule import sids
from vestibule.database.queries import load_queries

Values = dict[str, Any]


class RawSqlite:
    """One connection to a settled house's database that nobody serves."""

    def __init__(self, data: Path, pairs: Sequence[Pair]) -> None:
        queries = load_queries("sqlite3")
        self._index, self._message, self._event = (
            queries[name] for name in ("next_index", "add_message", "append_event")
        )
        self._pairs = pairs
        self._numbers = count()
        self._connection = sqlite3.connect(data / "vestibule.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}").close()

    def rate(self, seconds: float, group: int) -> float:
        """Messages a second, committed `group` at a time."""
        spent, messages = 0.0, 0
        while spent < seconds:
            values = [self._values() for _ in range(group)]
            started = time.perf_counter()
            self._commit(values)
            spent += time.perf_counter() - started
            messages += group
        return messages / spent

    def close(self) -> None:
        self._connection.close()

    def _commit(self, messages: list[tuple[Values, Values, Values]]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for channel, message, event in messages:
            message["index"] = execute(self._index, channel).fetchone()[0]
            execute(self._message, message)
            execute(self._event, event).fetchone()
        execute("COMMIT")

    def _values(self) -> tuple[Values, Values, Values]:
        """What the three statements take for one message."""
        number = next(self._numbers)
        pair = self._pairs[number % len(self._pairs)]
        sid, now, scope = sids.make(sids.MESSAGE), time.time(), {"service_sid": pair.service_sid}
        message = {
            "sid": sid,
            "channel_sid": pair.channel_sid,
            "author": pair.customer.identity,
            "body": f"{now:.7f} {WORDS}",
            "attributes": "{}",
            "has_media": False,
            "key": f"k{number}",
            "now": now,
        }
        who = {"identity": pair.customer.identity, "source": "SDK", "tells": True, "about": ""}
        event = {"stream": pair.channel_sid, "kind": "MessageAdded", "sid": sid, "now": now, **who}
        return {"sid": pair.channel_sid, **scope}, message | scope, event
