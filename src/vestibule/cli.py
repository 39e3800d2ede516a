"""The command line: for whoever runs a house. It changes things through actions, like everybody."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import uvloop
from cyclopts import App, Parameter
from rich.console import Console

from vestibule import __version__, banning, judging, logs, rechecking, server
from vestibule.app import House, add_agent, open_house
from vestibule.config import Settings, load
from vestibule.errors import ConfigurationError, VestibuleError
from vestibule.options import Data, File
from vestibule.payloads import CreateKey
from vestibule.reaching import announced
from vestibule.tokens import LIFETIME

R = TypeVar("R")

out, err = Console(highlight=False), Console(stderr=True, highlight=False)

app = App(
    name="vestibule",
    version=__version__,
    help="Support chat in which every file waits until it is known to be safe.",
)
agents = App(name="agent", help="People who answer at the desk.")
keys = App(name="key", help="API keys: they sign AccessTokens and stand for the account.")
app.command(agents)
app.command(keys)
app.command(banning.app)
app.command(rechecking.recheck)
app.command(rechecking.recall)
app.command(rechecking.restore)


def main() -> None:
    """Run the command line. What went wrong is told in a sentence, and in the exit code."""
    try:
        app()
    except VestibuleError as error:
        err.print(f"[red]{error}[/]" + (f"\n{error.advice}" if error.advice else ""))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(0)


@app.command
def serve(
    *,
    host: Annotated[str | None, Parameter(help="The address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one.", show_default=False)] = None,
    data: Data = None,
    config: File = None,
    extension: Annotated[
        list[str] | None,
        Parameter(help="A Python file with your rules; may be given more than once.", negative=()),
    ] = None,
) -> None:
    """Start the server."""
    settings = _settings(config, host=host, port=port, data=data, extensions=extension)
    logs.set_up(settings.log_format)
    _run(_serve(settings))


@app.command
def check(
    file: Path,
    *,
    name: Annotated[str | None, Parameter(help="The name as a sender would give it.")] = None,
    type: Annotated[str | None, Parameter(help="The type as a sender would declare it.")] = None,
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    config: File = None,
) -> None:
    """Put a file on this machine to the checks.

    Exits with 0 if it is clean, 1 if not, and 2 if the checks could not tell.
    """
    if not file.is_file():
        raise ConfigurationError(f"There is no file {file}.")
    settings = _settings(config)
    logs.set_up("console")
    timeline = _run(judging.judged(file, name or file.name, type or "", settings))
    out.print_json(judging.as_json(timeline)) if json else out.print(judging.as_table(timeline))
    sys.exit(judging.exit_code(timeline))


@agents.command
def add(name: str, *, data: Data = None, config: File = None) -> None:
    """Let somebody sign in at the desk, with a new password (from standard input if it is no terminal)."""
    password = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
    made = password or secrets.token_urlsafe(12)
    _run(_with_house(_settings(config, data=data), lambda house: add_agent(house, name, made)))
    out.print(f"{name} may sign in at the desk." + ("" if password else f" Password: [bold]{made}[/]"))


@app.command
def token(
    identity: str,
    *,
    lifetime: Annotated[float, Parameter(help="Seconds that it is good for.")] = LIFETIME,
    data: Data = None,
    config: File = None,
) -> None:
    """Print an AccessToken for an identity."""

    async def mint(house: House) -> str:
        return house.tokens.mint(identity, house.service.sid, lifetime=lifetime)[0]

    print(_run(_with_house(_settings(config, data=data), mint)))


@keys.command
def new(
    *,
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Make an API key and print it. The secret is shown this once."""
    key = _run(
        _with_house(_settings(config, data=data), lambda house: house.context().invoke(CreateKey(name)))
    )
    out.print(f"VESTIBULE_API_KEY={key.sid}\nVESTIBULE_API_SECRET={key.secret}", soft_wrap=True)


async def _serve(settings: Settings) -> None:
    try:
        listening = server.bind(settings.host, settings.port)
    except OSError as error:
        raise ConfigurationError(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}.",
            advice="Is another server there? Choose another port with --port.",
        ) from error
    with listening:
        async with open_house(settings) as house:
            _welcome(house, port := listening.getsockname()[1])
            server.settle()
            with announced(settings.data, settings.host, port):
                await server.build(house).serve(sockets=[listening])


def _welcome(house: House, port: int) -> None:
    """The addresses, the first agent, and what is not connected."""
    here = house.settings.public_url or f"http://localhost:{port}"
    out.print(f"\n[bold]Vestibule {__version__}[/]\n")
    out.print(f"  Demo page with the widget  [link]{here}/[/link]")
    out.print(f"  Desk                       [link]{here}/desk[/link]")
    out.print(f"  First agent                {house.keyring.agent_name} / {house.keyring.agent_password}\n")
    for sentence in house.missing():
        out.print(f"  [yellow]Not connected:[/] {sentence}", soft_wrap=True)


async def _with_house(settings: Settings, work: Any) -> Any:
    async with open_house(settings, at_work=False) as house:
        return await work(house)


def _settings(config: Path | None, **given: Any) -> Settings:
    return load(config, os.environ, **given)


def _run(work: Coroutine[Any, Any, R]) -> R:
    return uvloop.run(work)
