"""Origins: the names and dates that what is brought here from elsewhere has. They are the system's to say."""

from __future__ import annotations

from datetime import UTC, datetime

from vestibule.context import Context
from vestibule.errors import DatesInvalid, InvalidRequest, PermissionDenied

NAME_LIMIT = 256  # characters
END = datetime(9999, 12, 31, tzinfo=UTC).timestamp()  # no date is later, in whatever zone it is told


def valid_names(ctx: Context, *names: str | None) -> None:
    """Nobody but the system writes in another's name. Raises `PermissionDenied`."""
    if not ctx.is_system and any(name not in (None, ctx.identity) for name in names):
        raise PermissionDenied


def valid_values(ctx: Context, *values: object) -> None:
    """Nobody but the system says when something was. Raises `PermissionDenied` for what is not None."""
    if not ctx.is_system and any(value is not None for value in values):
        raise PermissionDenied


def valid_length(name: str | None, error: type[InvalidRequest]) -> None:
    """Raises `error` for a name that is too long."""
    if name is not None and len(name) > NAME_LIMIT:
        raise error


def seconds(date: datetime | None, error: type[InvalidRequest] = DatesInvalid) -> float | None:
    """A date as rows keep it. Raises `error` outside of what they can hold."""
    if date is None:
        return None
    moment = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    if not 0 <= moment < END:
        raise error
    return moment
