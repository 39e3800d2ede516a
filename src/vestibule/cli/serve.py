"""The command `serve`: a house that people come to."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from vestibule import __version__, logs, server
from vestibule.app import House, open_house
from vestibule.cli.options import Data, File
from vestibule.cli.running import out, run, settings_of
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.reaching import announced


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
    settings = settings_of(config, host=host, port=port, data=data, extensions=extension)
    logs.set_up(settings.log_format)
    run(_serve(settings))


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
