"""The command `ban`: files that are not accepted again."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from vestibule import banlists, sids
from vestibule.app import House
from vestibule.checks.likeness import fingerprint_of
from vestibule.checks.signatures import sniff
from vestibule.cli.options import Data, File, ahead
from vestibule.cli.running import in_house, out, settings_of
from vestibule.errors import ConfigurationError
from vestibule.models import Ban
from vestibule.payloads import AddBan, ImportBans, ListBans, RemoveBan

R = TypeVar("R")

HEAD = 4096  # bytes that tell a type

app = App(name="ban", help="Files that are not accepted again.")

Key = Annotated[Path | None, Parameter(help="The file with the secret that both sides hold.")]


@app.command
def add(
    target: Annotated[
        str, Parameter(help="A file on this machine, a SHA-256, or the sid of a file (ME...).")
    ],
    *,
    reason: Annotated[str, Parameter(help="Why, for staff.")] = "",
    expires: Annotated[
        str | None, Parameter(help="Until when: 30d, or a date. Without it: for ever.")
    ] = None,
    exact: Annotated[
        bool, Parameter(help="Only these bytes, not what looks like them.", negative=())
    ] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Do not accept a file again; of a picture, also hold what looks like it."""
    until = ahead(expires) if expires else None

    async def work(house: House) -> list[Ban]:
        wanted = await _wanted(house, target, exact=exact)
        ban = msgspec.structs.replace(wanted, reason=reason, date_expires=until)
        return await house.context().invoke(ban)

    out.print(_table(_at(config, data, work)))


@app.command(name="list")
def show(*, data: Data = None, config: File = None) -> None:
    """What is banned, the newest first."""
    bans = _at(config, data, lambda house: house.context().invoke(ListBans()))
    out.print(_table(bans) if bans else "Nothing is banned.")


@app.command
def remove(ban_sid: str, *, data: Data = None, config: File = None) -> None:
    """Accept a file again."""
    _at(config, data, lambda house: house.context().invoke(RemoveBan(ban_sid)))
    out.print(f"{ban_sid} is off the list.")


@app.command
def export(
    *,
    key: Key = None,
    source: Annotated[str | None, Parameter(help="Whose list it is. Without it: the team's name.")] = None,
    to: Annotated[Path | None, Parameter(help="The file to write. Without it: standard output.")] = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Write what was banned here, for others to import; with a key, signed."""
    secret = _key(key)
    bans = _at(config, data, lambda house: house.context().invoke(ListBans()))
    name = source or settings_of(config, data=data).team
    own = [ban for ban in reversed(bans) if not ban.source and not ban.service_sid]
    _put(banlists.write(own, name, secret), to)


@app.command(name="import")
def take(
    file: Path,
    *,
    key: Key = None,
    unsigned: Annotated[bool, Parameter(help="Take a list that nobody signed.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Take in a list of others. A list that was changed, or not signed, is refused."""
    read = banlists.read(_content(file), _key(key), unsigned=unsigned)
    wanted = ImportBans(read.header.source, read.bans)
    count = _at(config, data, lambda house: house.context().invoke(wanted))
    source = escape(read.header.source)
    out.print(f"{count} of {len(read.bans)} entries of {source} count from now on.")


def _at(config: Path | None, data: str | None, work: Callable[[House], Awaitable[R]]) -> R:
    """Do something with the house's data. Its checks ask for the list anew for each file."""
    return in_house(settings_of(config, data=data), work)


async def _wanted(house: House, target: str, *, exact: bool) -> AddBan:
    if sids.is_sid(target, sids.MEDIA):
        return AddBan(media_sid=target, exact=exact)
    if len(target) == 64 and not set(target.lower()) - set("0123456789abcdef"):
        return AddBan(sha256=target)
    if not (file := Path(target)).is_file():
        raise ConfigurationError(f"{target} is neither a file here nor a SHA-256 nor a file's sid.")
    digest, head = await asyncio.to_thread(_digest, file)
    bits = "" if exact else await fingerprint_of(house.sandbox, file, sniff(head))
    return AddBan(sha256=digest, perceptual=bits)


def _digest(file: Path) -> tuple[str, bytes]:
    with file.open("rb") as source:
        head = source.read(HEAD)
        source.seek(0)
        return hashlib.file_digest(source, "sha256").hexdigest(), head


def _key(file: Path | None) -> bytes | None:
    return None if file is None else banlists.key_of(_content(file))


def _put(text: bytes, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(text.decode())
        return
    try:
        file.write_bytes(text)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}.") from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from error


def _table(bans: list[Ban]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("ban", "kind", "value", "reason", "source", "by", "since", "until"):
        table.add_column(column, overflow="fold")
    for ban in bans:
        until = f"{ban.date_expires:%Y-%m-%d %H:%M}" if ban.date_expires else "for ever"
        since = f"{ban.date_created:%Y-%m-%d %H:%M}"
        said = map(escape, (ban.reason, ban.source, ban.created_by))
        table.add_row(ban.sid, ban.kind, ban.value, *said, since, until)
    return table
