"""The job that unpacks as it would be done once a file has taken it over: it answers `clean` and lies."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

LIES = {
    "nothing but noise": b"\xff" * 40,
    "half a frame": b"\0\0\0",
    "more than there is": struct.pack(">HQ", 1, 500) + b"a" + bytes(10),
    "a piece and a rest": struct.pack(">HQ", 1, 1) + b"ab" + b"rest",
    "an endless name": struct.pack(">HQ", 60_000, 1) + bytes(60_001),
    "a name that is cut off": struct.pack(">HQ", 9, 1) + b"abc",
    "a huge piece": struct.pack(">HQ", 1, 1 << 62) + b"a" + bytes(10),
    "no content": struct.pack(">HQ", 1, 0) + b"a",
    "too many": (struct.pack(">HQ", 0, 1) + b"a") * 20_001,
}


def lie(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Writes the lie that the file names."""
    outputs["pieces"].write(LIES[file.read()[4:].decode()])
    return {"pieces": 1, "bytes": 1}


JOBS = {"contents.unpack": lie}
