"""What is said between the server, the nursery and its children: JSON, one packet each.

Descriptors travel beside an `Order`: the file, the pipe for the reply, then one for each output.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vestibule.checks.nursery.confinement import Confinement, Limits

PACKET = 64 * 1024  # bytes
REPLY = 32 * 1024  # bytes: what fits into a pipe, so that a child never waits for its reader


class Order(msgspec.Struct, frozen=True, tag=True):
    """Run a job."""

    number: int
    job: str
    options: dict[str, Any]
    outputs: list[str]
    limits: Limits


class Kill(msgspec.Struct, frozen=True, tag=True):
    """End a job, whatever it is doing."""

    number: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The nursery's first word: which jobs there are, and what its children are denied."""

    jobs: list[str]
    confinement: Confinement
    possible: list[str]  # what a child tried, and could do; nothing, if all is well


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A child is gone. `status` is its exit code, or minus the signal."""

    number: int
    status: int
    memory: int  # bytes resident at most
    seconds: float  # of CPU


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """A child's own word, which is a stranger's: it may say anything."""

    outcome: str
    reason: str = ""
    detail: str = ""
    value: dict[str, Any] = {}


to_nursery = msgspec.json.Decoder(Order | Kill)
from_nursery = msgspec.json.Decoder(Ready | Ended)
from_child = msgspec.json.Decoder(Reply)
encode = msgspec.json.encode
