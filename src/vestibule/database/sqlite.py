"""SQLite: one thread writes, a few read. Changes that arrive while a commit is under way share the next.

Every commit is on the disk before it is acknowledged (WAL, synchronous=FULL). A change is a savepoint
in its group's transaction: one that raises takes only itself back.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import msgspec
import structlog

from vestibule.database.queries import load_queries, load_schema
from vestibule.database.rows import to_model
from vestibule.errors import ConfigurationError
from vestibule.events import Happening, Notice
from vestibule.models import Source
from vestibule.ports import Actor, Transaction

T = TypeVar("T")
R = TypeVar("R")

log = structlog.get_logger(__name__)

# One commit's worth: bounds how long the first of a group waits for the last.
GROUP = 512


class House(msgspec.Struct, frozen=True):
    """Who caused what nobody asked for."""

    service_sid: str = ""
    identity: str = "system"
    source: Source = "SDK"
    tells: bool = True


_HOUSE = House()


class SqliteTransaction:
    """Runs the named queries on one connection. See the port `Transaction`."""

    def __init__(self, connection: sqlite3.Connection, queries: dict[str, str]) -> None:
        self._connection = connection
        self._queries = queries
        # To the microsecond, as models tell it: a date that comes back in a page's token finds its row.
        self.now = round(time.time(), 6)
        self.actor: Actor | None = None
        self.notices: list[Notice] = []

    def one(self, kind: type[T], query: str, /, **values: Any) -> T | None:
        cursor = self._execute(query, values)
        row = cursor.fetchone()
        return None if row is None else to_model(kind, dict(zip(_names(cursor), row, strict=True)))

    def all(self, kind: type[T], query: str, /, **values: Any) -> list[T]:
        cursor = self._execute(query, values)
        names = _names(cursor)
        return [to_model(kind, dict(zip(names, row, strict=True))) for row in cursor]

    def value(self, query: str, /, **values: Any) -> Any:
        row = self._execute(query, values).fetchone()
        return None if row is None else row[0]

    def run(self, query: str, /, **values: Any) -> int:
        return self._execute(query, values).rowcount

    def append(self, kind: type[Happening], stream: str, sid: str, /, **content: Any) -> None:
        actor = self.actor or _HOUSE
        seq = self.value(
            "append_event",
            stream=stream,
            kind=kind.__name__,
            sid=sid,
            service_sid=actor.service_sid,
            identity=actor.identity,
            source=actor.source,
            tells=actor.tells,
            about=kind.about(content),
        )
        self.notices.append(kind(stream=stream, seq=seq, sid=sid, **content))

    def _execute(self, query: str, values: dict[str, Any]) -> sqlite3.Cursor:
        values["now"] = self.now
        return self._connection.execute(self._queries[query], values)


# The last: what is deleted is overwritten, and does not wait in a free page for somebody who reads the file.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON")

QUIET = 1.0  # seconds without a change, after which there is time to tidy up

Change = Callable[[Transaction], Any]
Waiting = tuple[Change, "asyncio.Future[Any]"]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]


class SqliteDatabase:
    """See the port `Database`. Make it inside a running event loop."""

    def __init__(
        self,
        path: Path,
        publish: Callable[[Sequence[Notice]], None],
        *,
        readers: int = 2,
        on_commit: Callable[[int], None] = lambda changes: None,
    ) -> None:
        """Open or make the file. In the loop, `publish` is called with each group's events, and
        `on_commit` with how many changes it had.
        """
        self._path = path
        self._publish = publish
        self._on_commit = on_commit
        self._queries = load_queries("sqlite3")
        self._loop = asyncio.get_running_loop()
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._is_closed = False
        self._connection = self._connect()
        try:
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-read")
        self._writer = threading.Thread(target=self._work, name="sqlite-write", daemon=True)
        self._writer.start()

    async def write(self, change: Callable[[Transaction], R]) -> R:
        if self._is_closed:
            raise RuntimeError("The database is closed.")
        future: asyncio.Future[R] = self._loop.create_future()
        self._waiting.put((change, future))
        return await future

    async def read(self, query: Callable[[Transaction], R]) -> R:
        return await self._loop.run_in_executor(self._readers, self._query, query)

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        self._opened.append(connection)
        return connection

    # Reading

    def _query(self, query: Callable[[Transaction], R]) -> R:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.execute("PRAGMA query_only=ON").close()
        connection.execute("BEGIN")
        try:
            return query(SqliteTransaction(connection, self._queries))
        finally:
            connection.execute("ROLLBACK")

    # Writing: all of it in the writer's thread

    def _work(self) -> None:
        while group := self._next_group():
            outcomes, notices = self._commit(group)
            # The loop is gone only when the process is: nobody is left to be told.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._finish, outcomes, notices)

    def _next_group(self) -> list[Waiting]:
        """Wait for a change, and take those that came meanwhile. Empty at the end."""
        first = self._next()
        return [] if first is None else [first, *self._others()]

    def _next(self) -> Waiting | None:
        while True:
            with contextlib.suppress(Empty):
                return self._waiting.get(timeout=QUIET)
            if self._empty_log():
                return self._waiting.get()

    def _empty_log(self) -> bool:
        """What is deleted is still in the log until that is emptied. False while a reader needs it."""
        self._connection.execute("PRAGMA busy_timeout=0").close()  # nobody is waited for
        try:
            return bool(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        except sqlite3.OperationalError:
            return False
        finally:
            self._connection.execute("PRAGMA busy_timeout=5000").close()

    def _others(self) -> Iterator[Waiting]:
        for _ in range(GROUP - 1):
            try:
                waiting = self._waiting.get_nowait()
            except Empty:
                return
            if waiting is None:  # the end was asked for: after this group
                self._waiting.put(None)
                return
            yield waiting

    def _commit(self, group: list[Waiting]) -> tuple[list[Outcome], list[Notice]]:
        outcomes: list[Outcome] = []
        notices: list[Notice] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for change, future in group:
                outcomes.append((future, *self._apply(change, notices)))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            log.exception("commit failed", changes=len(group))
            self._roll_back()
            return [(future, None, error) for _, future in group], []
        return outcomes, notices

    def _apply(self, change: Change, notices: list[Notice]) -> tuple[Any, BaseException | None]:
        """One change in its own savepoint."""
        tx = SqliteTransaction(self._connection, self._queries)
        self._connection.execute("SAVEPOINT change")
        try:
            result = change(tx)
        except BaseException as error:  # whatever it is: this thread serves everybody else's changes too
            self._connection.execute("ROLLBACK TO change")
            self._connection.execute("RELEASE change")
            return None, _fit_for_a_future(error)
        self._connection.execute("RELEASE change")
        notices += tx.notices
        return result, None

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _finish(self, outcomes: list[Outcome], notices: list[Notice]) -> None:
        """In the loop: answer everybody, then tell the bus."""
        for future, result, error in outcomes:
            if future.done():  # whoever waited was cancelled; the change stands
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        if notices:
            self._publish(notices)
        self._on_commit(len(outcomes))


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date, each migration whole or not at all.

    Raises `ConfigurationError` for a file that a newer version wrote.
    """
    scripts = load_schema()
    present = connection.execute("PRAGMA user_version").fetchone()[0]
    if present > scripts[-1][0]:
        raise ConfigurationError(
            f"The database is of version {present}, this Vestibule knows up to {scripts[-1][0]}. "
            "Please start the version that wrote it, or a newer one."
        )
    for number, script in scripts:
        if number > present:
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version={number};\nCOMMIT;")


def _fit_for_a_future(error: BaseException) -> BaseException:
    """A future takes every exception but one, which means something else to whoever awaits it."""
    return RuntimeError(f"The change raised {error!r}.") if isinstance(error, StopIteration) else error


def _names(cursor: sqlite3.Cursor) -> list[str]:
    return [column[0] for column in cursor.description]
