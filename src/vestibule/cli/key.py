"""The command `key`: what signs AccessTokens, and links to files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from vestibule import keyring
from vestibule.cli.options import Data, File
from vestibule.cli.running import in_house, out, settings_of
from vestibule.payloads import CreateKey

app = App(name="key", help="API keys: they sign AccessTokens and stand for the account.")


@app.command
def new(
    *,
    name: Annotated[str, Parameter(help="What it is for.")] = "",
    data: Data = None,
    config: File = None,
) -> None:
    """Make an API key and print it. The secret is shown this once."""
    key = in_house(settings_of(config, data=data), lambda house: house.context().invoke(CreateKey(name)))
    out.print(f"VESTIBULE_API_KEY={key.sid}\nVESTIBULE_API_SECRET={key.secret}", soft_wrap=True)


@app.command
def rotate_links(*, data: Data = None, config: File = None) -> None:
    """Have links to files signed with a new secret; it counts from the server's next start on.

    Links that were given out stay good for their few minutes. Where the secret leaked, rotate twice.
    """
    keyring.rotate_links(Path(settings_of(config, data=data).data))
    out.print("Links are signed with a new secret. Please restart the server.")
