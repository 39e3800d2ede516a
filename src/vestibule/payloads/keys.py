"""Keys: what their actions take."""

from __future__ import annotations

from vestibule.models import Key
from vestibule.payloads.base import Payload


class CreateKey(Payload[Key], frozen=True):
    """Make an API key."""

    friendly_name: str = ""


class FetchKey(Payload[Key], frozen=True):
    """An API key that is still good, by sid. For whoever verifies a signature."""

    key_sid: str


class RevokeKey(Payload[None], frozen=True):
    """Take an API key back: nothing it signed is accepted any more."""

    key_sid: str
