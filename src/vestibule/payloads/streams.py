"""Streams: what the actions take that follow them."""

from __future__ import annotations

from vestibule.events import StreamPage
from vestibule.models import Entrance
from vestibule.payloads.base import InChannel, Payload


class EnterService(Payload[Entrance], frozen=True):
    """Arrive with a token: the user of whoever acts, made where there is none yet."""


class ReadChannelStream(InChannel[StreamPage], frozen=True):
    """What happened in a channel after `seq`."""

    seq: int
    limit: int = 200


class ReadServiceStream(Payload[StreamPage], frozen=True):
    """What happened to the service's tasks after `seq`."""

    seq: int
    limit: int = 200


class ReadUserStream(Payload[StreamPage], frozen=True):
    """What was told to whoever acts after `seq`."""

    seq: int
    limit: int = 200
