"""The command `selftest`: what must not be possible is tried from outside."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

from cyclopts import Parameter

from vestibule import logs
from vestibule.cli.options import File
from vestibule.cli.running import err, out, run, settings_of


def selftest(
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
    from vestibule.selftest import run as try_the_doors  # noqa: PLC0415
    from vestibule.selftest.report import as_json, as_table, exit_code  # noqa: PLC0415

    settings = settings_of(config)
    logs.set_up(settings.log_format, least=logging.ERROR)
    with err.status("Coming in") as status:
        tell = lambda case: status.update(f"{case.group}: {case.name}")  # noqa: E731
        report = run(try_the_doors(settings, url, tell))
    out.print_json(as_json(report)) if json else out.print(as_table(report))
    sys.exit(exit_code(report))
