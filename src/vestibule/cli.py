"""The command line: for whoever runs a house. It changes things through actions, like everybody."""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import uvloop
from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from vestibule import __version__, banning, judging, keyring, logs, policing, rechecking, server, showing
from vestibule.app import House, add_agent, open_house
from vestibule.checks.policies import reading
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
policies = App(name="policy", help="Which files are taken, and what becomes of a verdict.")
app.command(agents)
app.command(keys)
app.command(policies)
app.command(banning.app)
app.command(rechecking.recheck)
app.command(rechecking.recall)
app.command(rechecking.restore)
files = App(name="media", help="Files that people sent.")
app.command(files)


def main() -> None:
    """Run the command line. What went wrong is told in a sentence, and in the exit code."""
    try:
        app()
    except VestibuleError as error:
        advice = f"\n{escape(error.advice)}" if error.advice else ""
        err.print(f"[red]{escape(str(error))}[/]{advice}")
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


@app.command(name="selftest")
def try_the_doors(
    *,
    url: Annotated[
        str, Parameter(help="A running house, at the address that visitors use.", show_default=False)
    ] = "",
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    config: File = None,
) -> None:
    """Try what must not be possible, as a stranger, and tell what held.

    Without an address it tries a house of its own, with your settings, that is gone afterwards. Exits
    with 0 if all held that could be tested, 1 if something did not, and 2 if there is no house to test.
    """
    # Only here: it loads decoders, to look at what is served, and the server must not hold any.
    from vestibule import selftest  # noqa: PLC0415
    from vestibule.selftest.report import as_json, as_table, exit_code  # noqa: PLC0415

    settings = _settings(config)
    logs.set_up(settings.log_format, least=logging.ERROR)
    with err.status("Coming in") as status:
        tell = lambda case: status.update(f"{case.group}: {case.name}")  # noqa: E731
        report = _run(selftest.run(settings, url, tell))
    out.print_json(as_json(report)) if json else out.print(as_table(report))
    sys.exit(exit_code(report))


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


@policies.command(name="check")
def check_policy(policy: str, *, config: File = None) -> None:
    """Say whether a policy, a preset or a file, can be used in this house."""
    written = reading.read(policy)
    policing.judge_policy(written, _settings(config))
    out.print(f"{written.version} is a policy.")


@policies.command(name="show")
def show_policy(preset: str = reading.DEFAULT) -> None:
    """Print a preset: every value, and what it means."""
    if preset not in reading.PRESETS:
        raise ConfigurationError(f"There is no preset {preset!r}, only {', '.join(reading.PRESETS)}.")
    print(reading.preset(preset), end="")


@policies.command
def simulate(
    policy: str,
    *,
    against: Annotated[str, Parameter(help="Which files: `last:1000`.")] = "last:1000",
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Say what a policy would have decided of the files that came last. Nothing is changed.

    Exits with 0 if it would have decided the same of all of them, else with 1.
    """
    written, count = reading.read(policy), policing.wanted(against)
    known, differences = _run(
        _with_house(_settings(config, data=data), lambda house: policing.simulated(house, written, count))
    )
    told = (known, written, differences)
    out.print_json(policing.as_json(*told)) if json else out.print(policing.as_table(*told))
    sys.exit(1 if differences else 0)


@keys.command
def rotate_links(*, data: Data = None, config: File = None) -> None:
    """Have links to files signed with a new secret; it counts from the server's next start on.

    Links that were given out stay good for their few minutes. Where the secret leaked, rotate twice.
    """
    keyring.rotate_links(Path(_settings(config, data=data).data))
    out.print("Links are signed with a new secret. Please restart the server.")


@files.command
def show(
    sid: str,
    *,
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Show the whole way of a file: who sent it, what each check said, what became of it.

    It only reads, also while the server runs. Times are in UTC.
    """
    timeline = _run(showing.timeline_of(sid, _settings(config, data=data)))
    out.print_json(showing.as_json(timeline)) if json else out.print(showing.as_page(timeline))


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
