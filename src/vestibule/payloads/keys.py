"""Keys: what their actions take."""

from __future__ import annotations

from datetime import datetime

from vestibule.models import Key
from vestibule.payloads.base import Payload


class CreateKey(Payload[Key], frozen=True):
    """Make an API key, or take in one that was made elsewhere."""

    friendly_name: str = ""
    key_sid: str = ""  # of the one that was made elsewhere
    secret: str = ""  # its secret
    lapses: datetime | None = None  # until when it counts; without it: until it is taken back


class FetchKey(Payload[Key], frozen=True):
    """An API key that is still good, by sid. For whoever verifies a signature."""

    key_sid: str


class ListKeys(Payload[list[Key]], frozen=True):
    """Every API key there ever was, oldest first, without the secrets."""


class RevokeKey(Payload[None], frozen=True):
    """Take an API key back: nothing it signed is accepted any more."""

    key_sid: str
