"""Doors: that a channel is there, and who may come in as what."""

from __future__ import annotations

from typing import Literal

import msgspec

from vestibule.errors import NotFound
from vestibule.ports import Transaction


class Door(msgspec.Struct, frozen=True):
    """A channel as one stands before it."""

    type: Literal["public", "private"]
    created_by: str


def found(tx: Transaction, service_sid: str, channel_sid: str) -> Door:
    """The door of a channel of this service. Raises `NotFound`.

    Roles are asked before: the system's right to see every channel does not say that there is this one.
    """
    if (door := tx.one(Door, "channel_door", service_sid=service_sid, sid=channel_sid)) is None:
        raise NotFound(f"There is no channel {channel_sid}.")
    return door
