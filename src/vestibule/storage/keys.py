"""Keys such as `quarantine/ME…/original`. We make them; they are looked at all the same.

What is refused here is a programmer's error, so it is a `ValueError`, never an answer to a stranger.
"""

from __future__ import annotations

QUARANTINE = "quarantine/"
AVAILABLE = "available/"

NAME_LIMIT = 255  # bytes: the longest name of a file nearly everywhere


def valid_key(key: str) -> str:
    """The key itself. Raises `ValueError` for one that could lead out of its place."""
    for part in key.split("/"):
        _valid_part(key, part)
    return key


def valid_prefix(prefix: str) -> str:
    """A key, or the beginning of one; the empty prefix is that of every key."""
    *folders, _ = prefix.split("/")
    for part in folders:
        _valid_part(prefix, part)
    if "\0" in prefix or prefix.endswith(("/.", "/..")) or prefix.startswith("."):
        raise ValueError(f"{prefix!r} is no prefix of keys.")
    return prefix


def promoted(key: str, to: str | None) -> str:
    """Where `promote` puts a key of the quarantine."""
    if not valid_key(key).startswith(QUARANTINE):
        raise ValueError(f"{key!r} is not in quarantine.")
    return valid_key(AVAILABLE + (key.removeprefix(QUARANTINE) if to is None else to))


def _valid_part(key: str, part: str) -> None:
    # No leading dot: `.` and `..`, and where half-made files lie.
    if not part or part.startswith(".") or "\0" in part or "\\" in part or len(part.encode()) > NAME_LIMIT:
        raise ValueError(f"{key!r} is no key.")
