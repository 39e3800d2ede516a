"""What one socket may take: time, bytes, frames."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

FRAME_BYTES = 64 * 1024

# How uvicorn serves sockets here. No compression: it costs more time than it saves bytes with frames
# this small, and what is secret would be compressed next to what a stranger wrote (BREACH).
# A peer that does not answer the protocol's own pings is gone.
SERVER: dict[str, Any] = {
    "ws": "vestibule.sockets.wire:SocketProtocol",
    "ws_max_size": FRAME_BYTES,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 20.0,  # seconds
    "ws_ping_timeout": 20.0,  # seconds
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one socket may take."""

    hello_seconds: float = 10.0
    frame_bytes: int = FRAME_BYTES
    frames_per_second: float = 50.0  # in the long run
    burst: int = 200  # frames at once, such as what was typed offline
    in_flight: int = 64  # actions at once; then no more frames are read
    streams: int = 1000
    sockets: int = 30  # of one identity at once: many tabs, but no flood
    queue_frames: int = 4096  # outgoing; several commits' worth of a busy channel
    queue_bytes: int = 4 * 1024 * 1024  # outgoing
    parting_seconds: float = 5.0  # to take the close frame
    round_seconds: float = 60.0  # after which a socket's session and key are asked for again

    @classmethod
    def unhurried(cls) -> Limits:
        """As many frames as come. For tests and benchmarks."""
        return cls(frames_per_second=1e9, burst=10**9)


@dataclass(slots=True)
class Bucket:
    """Fills with time up to `size`; each frame takes one."""

    rate: float  # a second
    size: int
    level: float = field(init=False)
    filled: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.level = float(self.size)

    def take(self) -> bool:
        """Whether there was one left."""
        now = time.monotonic()
        self.level = min(self.size, self.level + (now - self.filled) * self.rate)
        self.filled = now
        if self.level < 1:
            return False
        self.level -= 1
        return True
