"""The command `agent`: people who answer at the desk."""

from __future__ import annotations

import secrets
import sys

from cyclopts import App

from vestibule.agents import add_agent
from vestibule.cli.options import Data, File
from vestibule.cli.running import in_house, out, settings_of

app = App(name="agent", help="People who answer at the desk.")


@app.command
def add(name: str, *, data: Data = None, config: File = None) -> None:
    """Let somebody sign in at the desk, with a new password (from standard input if it is no terminal)."""
    password = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
    made = password or secrets.token_urlsafe(12)
    in_house(settings_of(config, data=data), lambda house: add_agent(house.context(), name, made))
    out.print(f"{name} may sign in at the desk." + ("" if password else f" Password: [bold]{made}[/]"))
