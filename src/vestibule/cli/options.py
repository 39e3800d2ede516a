"""Options that several commands take, and how moments are written on the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from vestibule.errors import ConfigurationError

Data = Annotated[str | None, Parameter(help="The folder that holds everything.", show_default=False)]
File = Annotated[Path | None, Parameter(help="A configuration file in TOML.", show_default=False)]

SPAN = re.compile(r"(\d{1,6})(m|h|d|w)")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def ago(text: str) -> datetime:
    """`7d` is seven days ago; a date is that date, in UTC."""
    span = _span(text)
    return datetime.now(UTC) - span if span else _date(text)


def ahead(text: str) -> datetime:
    """`30d` is in thirty days; a date is that date, in UTC."""
    span = _span(text)
    return datetime.now(UTC) + span if span else _date(text)


def _span(text: str) -> timedelta | None:
    match = SPAN.fullmatch(text.strip())
    return timedelta(**{UNITS[match[2]]: int(match[1])}) if match else None


def _date(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"{text!r} is neither a span such as 12h, 7d or 4w nor a date such as 2026-12-31."
        ) from error
    return date if date.tzinfo else date.replace(tzinfo=UTC)
