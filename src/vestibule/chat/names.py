"""Friendly names: what people call a thing. They need not be unique."""

from __future__ import annotations

from vestibule.errors import FriendlyNameMissing, FriendlyNameTooLong

LIMIT = 256  # characters


def valid_name(friendly_name: str, limit: int = LIMIT) -> str:
    """The name itself. Raises `FriendlyNameMissing` and `FriendlyNameTooLong`."""
    if not friendly_name.strip():
        raise FriendlyNameMissing
    return fitting_name(friendly_name, limit)


def fitting_name(friendly_name: str, limit: int = LIMIT) -> str:
    """The same where it may be empty."""
    if len(friendly_name) > limit:
        raise FriendlyNameTooLong(f"A friendly name has at most {limit} characters here.")
    return friendly_name
