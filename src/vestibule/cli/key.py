"""The command `key`: what signs AccessTokens, and links to files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from vestibule import keyring
from vestibule.app import House
from vestibule.cli.options import Data, File
from vestibule.cli.running import err, in_house, out, require_house, run, settings_of
from vestibule.config import Settings
from vestibule.errors import ConfigurationError, Conflict
from vestibule.models import Key
from vestibule.payloads import CreateKey, ListKeys, RevokeKey
from vestibule.reaching import reached

app = App(name="key", help="API keys: they sign AccessTokens and stand for the account.")

# One day to restart the server in, and one for the last token that it signed before.
STAYS = timedelta(days=2)


@app.command
def new(
    *,
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Make an API key and print it. The secret is shown this once."""
    key = in_house(settings_of(config, data=data), lambda house: house.context().invoke(CreateKey(name)))
    _print_pair(key)


@app.command
def add(
    key_sid: str,
    *,
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Take in an API key that was made elsewhere. Its secret is read from standard input."""
    secret = getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    wanted = CreateKey(name, key_sid, secret)
    in_house(settings_of(config, data=data), lambda house: house.context().invoke(wanted))
    out.print(f"{key_sid} counts from now on.")


@app.command(name="list")
def show(
    *,
    json: Annotated[bool, Parameter(help="For programs.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Every API key, the house's own first; never a secret."""
    settings = settings_of(config, data=data)
    require_house(settings)

    async def work(house: House) -> tuple[str, list[Key]]:
        return house.keyring.api_key, await house.context().invoke(ListKeys())

    own, keys = in_house(settings, work)
    if json:
        sys.stdout.write(_json(own, keys))
    else:
        out.print(_table(own, keys))


@app.command
def revoke(key_sid: str, *, data: Data = None, config: File = None) -> None:
    """Take an API key back: its tokens are void, and the sockets that they opened are closed."""
    settings = settings_of(config, data=data)
    require_house(settings)
    if key_sid == keyring.open_keyring(settings, Path(settings.data)).api_key:
        raise ConfigurationError(
            f"{key_sid} is the key that this house signs with.",
            advice="Have another take its place with `vestibule key rotate`, and restart the server.",
        )

    async def work() -> bool:
        async with reached(settings) as house:
            await house.invoke(RevokeKey(key_sid))
            return house.is_running

    is_running = run(work())
    out.print(f"{key_sid} is taken back: what it signed is void.")
    if not is_running:
        err.print("No server of this house runs here. One elsewhere closes open sockets within a minute.")


@app.command
def rotate(*, data: Data = None, config: File = None) -> None:
    """Have the house sign with a new key, from the server's next start on.

    The key before it stays beside the new one for two days, so nobody has to sign in again. Where it leaked,
    restart the server and take the old one back at once, with `revoke`.
    """
    settings = settings_of(config, data=data)
    require_house(settings)
    used = keyring.open_keyring(settings, Path(settings.data))
    in_house(settings, lambda house: _keep(house, used))
    keyring.rotate_key(Path(settings.data), used)
    if settings.api_key or settings.api_secret:
        _have_configured(settings)
    else:
        out.print("Tokens are signed with a new key. Please restart the server.")
    out.print(f"{used.api_key} is still read. Where it leaked, take it back after the restart.")


@app.command
def rotate_links(*, data: Data = None, config: File = None) -> None:
    """Have links to files signed with a new secret; it counts from the server's next start on.

    Links that were given out stay good for their few minutes. Where the secret leaked, rotate twice.
    """
    keyring.rotate_links(Path(settings_of(config, data=data).data))
    out.print("Links are signed with a new secret. Please restart the server.")


async def _keep(house: House, used: keyring.Keyring) -> None:
    """Put the house's own key among the others, for as long as its tokens live."""
    name, lapses = "the house's own, before it was rotated", datetime.now(UTC) + STAYS
    try:
        await house.context().invoke(CreateKey(name, used.api_key, used.api_secret, lapses))
    except Conflict:
        err.print(f"{used.api_key} is on the list already and stays as it is there.")


def _have_configured(settings: Settings) -> None:
    """The configuration names the key: a new one is for whoever writes that."""
    key = in_house(settings, lambda house: house.context().invoke(CreateKey("the house's own")))
    out.print("The configuration names the key. Please put this one there, and restart the server:")
    _print_pair(key)


def _print_pair(key: Key) -> None:
    out.print(f"VESTIBULE_API_KEY={key.sid}\nVESTIBULE_API_SECRET={key.secret}", soft_wrap=True)


def _json(own: str, keys: list[Key]) -> str:
    rows = [{"sid": own, "signs": True}] if own not in {key.sid for key in keys} else []
    for key in keys:
        row = msgspec.to_builtins(key)
        del row["secret"]
        rows.append({**row, "signs": key.sid == own})
    return msgspec.json.format(msgspec.json.encode(rows)).decode() + "\n"


def _table(own: str, keys: list[Key]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("key", "name", "made", "counts"):
        table.add_column(column, overflow="fold", no_wrap=column == "key")
    if own not in {key.sid for key in keys}:
        table.add_row(own, "", "", "signs for the house")
    for key in keys:
        table.add_row(key.sid, escape(key.friendly_name), _day(key.date_created), _counts(key, own))
    return table


def _counts(key: Key, own: str) -> str:
    if key.date_revoked:
        return f"revoked {_day(key.date_revoked)}"
    if key.sid == own:
        return "signs for the house"
    if key.date_lapses:
        word = "until" if key.date_lapses > datetime.now(UTC) else "over since"
        return f"{word} {_day(key.date_lapses)}"
    return "yes"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"
