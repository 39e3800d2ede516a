"""The contract of `Database`, on every backend."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from vestibule.chat.services import add
from vestibule.database.sqlite import SqliteDatabase
from vestibule.errors import ConfigurationError
from vestibule.events import Happening, MessageRemoved, Notice
from vestibule.models import Event, Service
from vestibule.ports import Database, Transaction

Publish = Callable[[Sequence[Notice]], None]
Open = Callable[[Publish], Awaitable[Database]]  # opens the same records anew


@pytest.fixture(params=["sqlite"])
def open_database(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    async def open_sqlite(publish: Publish) -> Database:
        return SqliteDatabase(tmp_path / "house.sqlite", publish)

    return open_sqlite


@pytest.fixture
def published() -> list[Notice]:
    return []


@pytest.fixture
async def database(open_database: Open, published: list[Notice]) -> AsyncIterator[Database]:
    database = await open_database(published.extend)
    yield database
    await database.close()


def appending(stream: str, sid: str = "IM1") -> Callable[[Transaction], None]:
    return lambda tx: tx.append(MessageRemoved, stream, sid)


def events(tx: Transaction, stream: str = "CH1") -> list[Event]:
    return tx.all(Event, "events_after", stream=stream, seq=0, limit=10_000)


def seqs(notices: Sequence[Notice], stream: str = "CH1") -> list[int]:
    return [notice.seq for notice in notices if isinstance(notice, Happening) and notice.stream == stream]


def services(tx: Transaction) -> list[str]:
    return [service.friendly_name for service in tx.all(Service, "services")]


def broken(tx: Transaction) -> None:
    add(tx, "half-made")
    tx.append(MessageRemoved, "CH1", "IM-never")
    raise LookupError("changed my mind")


# Writing


async def test_what_was_written_is_read(database: Database) -> None:
    made = await database.write(lambda tx: add(tx, "first"))
    found = await database.read(lambda tx: tx.one(Service, "service_by_sid", sid=made.sid))
    assert found == made
    assert await database.read(lambda tx: tx.value("last_seq", stream="CH1")) == 0


async def test_what_was_written_is_there_after_opening_again(database: Database, open_database: Open) -> None:
    await database.write(lambda tx: add(tx, "kept"))
    await database.close()
    again = await open_database(lambda notices: None)
    assert await again.read(services) == ["kept"]
    await again.close()


async def test_a_change_that_raises_leaves_nothing(database: Database, published: list[Notice]) -> None:
    with pytest.raises(LookupError, match="changed my mind"):
        await database.write(broken)
    assert await database.read(services) == []
    assert await database.read(events) == []
    assert published == []


async def test_of_many_changes_at_once_only_the_broken_ones_are_taken_back(database: Database) -> None:
    changes = [broken if number % 3 == 0 else appending("CH1") for number in range(60)]
    outcomes = await asyncio.gather(*map(database.write, changes), return_exceptions=True)
    assert [isinstance(outcome, LookupError) for outcome in outcomes] == [n % 3 == 0 for n in range(60)]
    assert [event.seq for event in await database.read(events)] == list(range(1, 41))
    assert await database.read(services) == []


class Odd(BaseException):
    """Not even an `Exception`."""


@pytest.mark.parametrize("error", [Odd("not from here"), StopIteration("not from here")])
async def test_a_change_may_raise_anything_and_the_next_is_done(
    database: Database, error: BaseException
) -> None:
    def leave(tx: Transaction) -> None:
        raise error

    leaving = asyncio.create_task(database.write(leave))
    following = asyncio.create_task(database.write(appending("CH1")))
    await asyncio.wait_for(following, 5)
    with pytest.raises(BaseException, match="not from here"):
        await leaving


async def test_a_constraint_that_is_broken_takes_back_only_its_own_change(database: Database) -> None:
    service = await database.write(lambda tx: add(tx, "first"))

    def twice(tx: Transaction) -> None:
        tx.append(MessageRemoved, "CH1", "IM1")
        values = dict.fromkeys(("service", "channel", "channel_creator"), service.sid)
        roles = {f"default_{name}_role_sid": sid for name, sid in values.items()}
        tx.run("add_service", sid=service.sid, friendly_name="again", **roles)

    outcomes = await asyncio.gather(
        database.write(twice), database.write(appending("CH2")), return_exceptions=True
    )
    assert isinstance(outcomes[0], Exception)
    assert outcomes[1] is None
    assert await database.read(events) == []


class Wrong(msgspec.Struct):
    """A row that no query gives."""

    no_such_column: int


async def test_a_row_that_does_not_fit_spoils_only_its_own_change(database: Database) -> None:
    service = await database.write(lambda tx: add(tx, "first"))
    names = {
        "friendly_name": "",
        "unique_name": None,
        "attributes": "{}",
        "type": "public",
        "created_by": "x",
    }
    scope = {"sid": "CH1", "service_sid": service.sid}
    await database.write(lambda tx: tx.run("add_channel", **scope, **names))
    outcomes = await asyncio.gather(
        database.write(lambda tx: tx.one(Wrong, "next_index", **scope)),
        database.write(appending("CH1")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], msgspec.ValidationError)
    assert outcomes[1] is None
    assert await database.read(lambda tx: tx.value("last_index", sid="CH1")) == -1


async def test_changes_are_applied_in_the_order_of_their_calls(database: Database) -> None:
    order: list[int] = []
    await asyncio.gather(*(database.write(lambda tx, n=n: order.append(n)) for n in range(500)))
    assert order == list(range(500))


async def test_a_change_reads_what_the_one_before_it_wrote(database: Database) -> None:
    def add_unless_present(tx: Transaction) -> int:
        if not services(tx):
            add(tx, "only one")
        return len(services(tx))

    assert await asyncio.gather(*(database.write(add_unless_present) for _ in range(50))) == [1] * 50


async def test_many_changes_share_few_commits(database: Database) -> None:
    """One fsync for each would make this take minutes on a slow disk."""
    async with asyncio.timeout(30):
        await asyncio.gather(*(database.write(appending("CH1")) for _ in range(5000)))
    assert len(await database.read(events)) == 5000


async def test_a_change_is_done_although_nobody_waits_for_it_any_more(database: Database) -> None:
    may_go = threading.Event()
    first = asyncio.create_task(database.write(lambda tx: may_go.wait(5)))
    await asyncio.sleep(0.05)
    first.cancel()
    may_go.set()
    await database.write(appending("CH1"))
    assert len(await database.read(events)) == 1


async def test_an_unknown_query_is_a_programmers_error(database: Database) -> None:
    with pytest.raises(KeyError):
        await database.read(lambda tx: tx.value("no_such_query"))
    with pytest.raises(KeyError):
        await database.write(lambda tx: tx.run("no_such_query"))


# Events


async def test_seqs_are_gapless_in_each_stream(database: Database) -> None:
    changes = [appending(f"CH{number % 3}") for number in range(90)] + [broken] * 5
    await asyncio.gather(*map(database.write, changes), return_exceptions=True)
    for stream in ("CH0", "CH1", "CH2"):
        found = await database.read(lambda tx, stream=stream: events(tx, stream))
        assert [event.seq for event in found] == list(range(1, 31))


async def test_events_are_published_in_order_and_before_the_writer_goes_on(
    database: Database, published: list[Notice]
) -> None:
    async def write() -> None:
        await database.write(appending("CH1"))
        mine.append(len(published))

    mine: list[int] = []
    await asyncio.gather(*(write() for _ in range(200)))
    assert seqs(published) == list(range(1, 201))
    assert min(mine) >= 1


async def test_what_is_published_can_be_read_already(open_database: Open) -> None:
    seen: list[asyncio.Task[list[Event]]] = []

    def look(notices: Sequence[Notice]) -> None:
        seen.append(asyncio.ensure_future(database.read(events)))

    database = await open_database(look)
    await database.write(appending("CH1"))
    assert [event.seq for event in await seen[0]] == [1]
    await database.close()


async def test_an_event_has_its_content_when_published_and_none_in_the_log(
    database: Database, published: list[Notice]
) -> None:
    await database.write(appending("CH1", "IM7"))
    assert published == [MessageRemoved(stream="CH1", seq=1, sid="IM7")]
    (event,) = await database.read(events)
    assert (event.stream, event.seq, event.kind, event.sid) == ("CH1", 1, "MessageRemoved", "IM7")


# Reading


async def test_a_reader_sees_one_snapshot(database: Database) -> None:
    has_begun, may_go = threading.Event(), threading.Event()

    def look_twice(tx: Transaction) -> tuple[int, int]:
        first = len(services(tx))
        has_begun.set()
        may_go.wait(5)
        return first, len(services(tx))

    reading = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(has_begun.wait, 5)
    await database.write(lambda tx: add(tx, "meanwhile"))
    may_go.set()
    assert await reading == (0, 0)
    assert await database.read(services) == ["meanwhile"]


async def test_a_reader_sees_every_finished_write(database: Database) -> None:
    for count in range(1, 30):
        await database.write(appending("CH1"))
        assert len(await database.read(events)) == count


async def test_a_reader_cannot_change_anything(database: Database) -> None:
    with pytest.raises(Exception, match="(?i)read.?only"):
        await database.read(lambda tx: add(tx, "by stealth"))
    assert await database.read(services) == []


async def test_a_query_that_raises_does_not_break_the_next(database: Database) -> None:
    for _ in range(5):
        with pytest.raises(LookupError):
            await database.read(lambda tx: (_ for _ in ()).throw(LookupError()))
    assert await database.read(services) == []


# The end


async def test_closing_finishes_what_was_begun(database: Database, open_database: Open) -> None:
    writes = [asyncio.create_task(database.write(appending("CH1"))) for _ in range(100)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = await open_database(lambda notices: None)
    assert len(await again.read(events)) == 100
    await again.close()


async def test_closing_twice_is_fine_and_afterwards_nothing_is_written(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(RuntimeError):
        await database.write(appending("CH1"))
    with pytest.raises(RuntimeError):
        await database.read(events)


async def test_what_was_acknowledged_outlives_a_killed_process(tmp_path: Path) -> None:
    """SQLite's own: a process is killed in the middle of writing."""
    file = tmp_path / "killed.sqlite"
    code = f"""
import asyncio, pathlib
from vestibule.database.sqlite import SqliteDatabase
from vestibule.events import MessageRemoved

async def main():
    database = SqliteDatabase(pathlib.Path({str(file)!r}), lambda notices: None)
    while True:
        await asyncio.gather(*(
            database.write(lambda tx: tx.append(MessageRemoved, "CH1", "IM1")) for _ in range(10)
        ))
        print(await database.read(lambda tx: tx.value("last_seq", stream="CH1")), flush=True)

asyncio.run(main())
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    acknowledged = [int(process.stdout.readline()) for _ in range(20)][-1]
    process.kill()
    process.stdout.close()
    process.wait()
    database = SqliteDatabase(file, lambda notices: None)
    found = [event.seq for event in await database.read(events)]
    assert found == list(range(1, len(found) + 1))
    assert len(found) >= acknowledged
    await database.close()


async def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """SQLite's own: the older program must not touch what it does not know."""
    file = tmp_path / "newer.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version=9000")
        connection.execute("CREATE TABLE of_tomorrow (x)")
    with pytest.raises(ConfigurationError, match="version 9000"):
        SqliteDatabase(file, lambda notices: None)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("of_tomorrow",)]


async def test_opening_again_migrates_nothing_twice(tmp_path: Path) -> None:
    for _ in range(3):
        await SqliteDatabase(tmp_path / "house.sqlite", lambda notices: None).close()
