"""The command `webhooks`: what webhooks could not be told, and having it told again."""

from __future__ import annotations

from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from vestibule.cli.options import Data, File
from vestibule.cli.running import in_house, out, require_house, settings_of
from vestibule.errors import InvalidRequest
from vestibule.models import FailedDelivery
from vestibule.payloads import ListFailedDeliveries, RetryDeliveries

app = App(name="webhooks", help="What the webhooks of services and channels could not be told.")


@app.command
def failed(
    *,
    json: Annotated[bool, Parameter(help="Print JSON.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """List the events that a webhook was not told, however often it was tried. The oldest come first."""
    settings = settings_of(config, data=data)
    require_house(settings)
    failures = in_house(settings, lambda house: house.context().invoke(ListFailedDeliveries()))
    if json:
        out.print_json(msgspec.json.encode(failures).decode())
    else:
        out.print(_table(failures) if failures else "Everything was told.")


@app.command
def retry(
    *ids: Annotated[int, Parameter(help="Numbers of the list, as `webhooks failed` shows them.")],
    all: Annotated[bool, Parameter(help="The whole list.", negative=())] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Have events tried again, at the server's next look, a few seconds from now or from its start.

    Each is tried once, as its rows say by then. What was told is off the list, and so is what nobody is
    there to be told any more.
    """
    if bool(ids) == all:
        raise InvalidRequest("Name the numbers of some events, or give --all.")
    settings = settings_of(config, data=data)
    require_house(settings)
    count = in_house(settings, lambda house: house.context().invoke(RetryDeliveries(ids)))
    out.print(f"{count} {'event' if count == 1 else 'events'} will be tried again.")


def _table(failures: list[FailedDelivery]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in ("", "given up (UTC)", "event", "webhook", "stream", "tries", "why"):
        table.add_column(name, no_wrap=name not in ("why",), overflow="fold" if name == "why" else "ellipsis")
    for row in failures:
        why = escape(row.error) + (" [dim](to be tried again)[/]" if row.again else "")
        table.add_row(
            str(row.id),
            f"{row.date_created:%Y-%m-%d %H:%M:%S}",
            f"{row.event_type} [dim]{row.seq}[/]",
            row.target,
            row.stream,
            str(row.attempts),
            why,
        )
    return table
