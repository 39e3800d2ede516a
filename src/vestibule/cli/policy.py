"""The command `policy`: is this one, what does it say, and what would it have decided?"""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from vestibule import extensions
from vestibule.app import House
from vestibule.checks.filename import safe_name
from vestibule.checks.policies import reading
from vestibule.checks.policies.reading import Written
from vestibule.checks.sandbox import Sandbox
from vestibule.cli.options import Data, File
from vestibule.cli.running import in_house, out, require_house, settings_of
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.gatehouse import build_gate, open_moderation, open_scanner
from vestibule.http import Metrics
from vestibule.payloads import ListJudged
from vestibule.simulation import Difference, Simulation

MOST = 100_000  # files

app = App(name="policy", help="Which files are taken, and what becomes of a verdict.")


@app.command(name="check")
def check_policy(policy: str, *, config: File = None) -> None:
    """Say whether a policy, a preset or a file, can be used in this house."""
    written = reading.read(policy)
    judge_policy(written, settings_of(config))
    out.print(f"{written.version} is a policy.")


@app.command(name="show")
def show_policy(preset: str = reading.DEFAULT) -> None:
    """Print a preset: every value, and what it means."""
    if preset not in reading.PRESETS:
        raise ConfigurationError(f"There is no preset {preset!r}, only {', '.join(reading.PRESETS)}.")
    print(reading.preset(preset), end="")


@app.command
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
    written, count, settings = reading.read(policy), wanted(against), settings_of(config, data=data)
    require_house(settings)
    known, differences = in_house(settings, lambda house: simulated(house, written, count))
    told = (known, written, differences)
    out.print_json(as_json(*told)) if json else out.print(as_table(*told))
    sys.exit(1 if differences else 0)


def judge_policy(written: Written, settings: Settings) -> None:
    """Whether a house with these settings could work by it. Raises `ConfigurationError`."""
    moderation, scanner = open_moderation(written), open_scanner(settings)
    own = extensions.checks_of(extensions.load(settings.extensions))
    build_gate(settings, written, Sandbox(), scanner, Metrics(), own, moderation)


def wanted(against: str) -> int:
    """How many files `last:1000` means. Raises `ConfigurationError`."""
    match = re.fullmatch(r"last:(\d{1,6})", against)
    if match is None or not 1 <= int(match[1]) <= MOST:
        raise ConfigurationError(f"{against!r} is not like `last:1000` (up to {MOST}).")
    return int(match[1])


async def simulated(house: House, written: Written, count: int) -> tuple[int, list[Difference]]:
    """How many files were decided again, and those of which this policy would have decided otherwise."""
    files = await house.context().invoke(ListJudged(count))
    return len(files), Simulation(written).differences(files)


def as_json(count: int, written: Written, differences: list[Difference]) -> str:
    """For scripts."""
    rows = [
        {
            "media_sid": difference.file.sid,
            "filename": difference.file.filename,
            "was": difference.file.state,
            "would_be": difference.would_be.state,
            "reason": difference.would_be.reason,
        }
        for difference in differences
    ]
    told = {"policy": written.version, "files": count, "differences": rows}
    return msgspec.json.encode(told).decode()


def as_table(count: int, written: Written, differences: list[Difference]) -> Table | str:
    """One line a file, under how many there are of each kind; a sentence where there is none."""
    if not differences:
        return f"{written.version} would have decided the same of all {count} files."
    kinds = Counter((difference.file.state, difference.would_be.state) for difference in differences)
    said = ", ".join(f"{number} {was} → {would_be}" for (was, would_be), number in kinds.most_common())
    title = f"{written.version}: {len(differences)} of {count} files would be decided otherwise. {said}"
    table = Table(title=title, title_justify="left")
    for column in ("file", "sent", "name", "was", "would be", "reason"):
        table.add_column(column, overflow="fold")
    for difference in differences:
        file = difference.file
        told = (file.sid, f"{file.date_created:%Y-%m-%d %H:%M}", safe_name(file.filename), file.state)
        table.add_row(*map(escape, told), *_would_be(difference))
    return table


def _would_be(difference: Difference) -> tuple[str, str]:
    state, reason = difference.would_be.state, difference.would_be.reason
    return ("left to the checks", "") if state == "checking" else (state, reason)
