"""The command line: for whoever runs a house. It changes things through actions, like everybody."""

from __future__ import annotations

import sys

from cyclopts import App
from rich.markup import escape

from vestibule import __version__
from vestibule.cli import agent, ban, check, key, media, policy, recheck, selftest, serve, token, webhooks
from vestibule.cli.running import err
from vestibule.errors import VestibuleError

app = App(
    name="vestibule",
    version=__version__,
    help="Support chat in which every file waits until it is known to be safe.",
)
for command in (
    *(serve.serve, check.check, selftest.selftest),
    *(agent.app, token.token, key.app, policy.app),
    *(media.app, recheck.recheck, recheck.recall, recheck.restore, ban.app),
    webhooks.app,
):
    app.command(command)


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
