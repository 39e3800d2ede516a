"""Files to send. What they are decides what the house does with them beside keeping them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av

SNIFFED = "document: hashed and sniffed"
READ = "text: also read and rewritten"
REBUILT = "video: also decoded and packed anew"

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
RATE = 25  # frames a second


@dataclass(frozen=True)
class Parcel:
    """One file. `kind` says what is done with it."""

    kind: str
    name: str
    content_type: str
    content: bytes


def document(size: int) -> Parcel:
    """Noise behind an old document's signature. No check opens it: only hashing and sniffing are left."""
    return Parcel(SNIFFED, "noise.doc", "application/msword", OLE + os.urandom(size - len(OLE)))


def text(size: int) -> Parcel:
    """A log. Nothing but reading all of it can tell that it is text."""
    line = b"2026-01-01T12:00:00Z parcel 4711 left the depot, driver M\xc3\xbcller, 14.2 kg\n"
    return Parcel(READ, "depot.txt", "text/plain", (line * (size // len(line) + 1))[:size])


def video(size: int) -> Parcel:
    """Noise on a screen: one second, played again until the size is reached."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "qp": "4"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        second = [packet for number in range(RATE) for packet in stream.encode(_noise(number))]
        second += stream.encode(None)
        base = [(packet.pts, packet.dts, packet.time_base) for packet in second]
        for turn in range(max(1, size // sum(packet.size for packet in second))):
            for packet, (pts, dts, unit) in zip(second, base, strict=True):
                shift = int(turn / unit)
                packet.pts, packet.dts, packet.time_base = pts + shift, dts + shift, unit
                target.mux(packet)
    return Parcel(REBUILT, "noise.mp4", "video/mp4", file.getvalue())


def _noise(number: int) -> av.VideoFrame:
    frame = av.VideoFrame(160, 120, "yuv420p")
    for plane in frame.planes:
        plane.update(os.urandom(plane.buffer_size))
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    return frame


KINDS: Mapping[str, Callable[[int], Parcel]] = {SNIFFED: document, READ: text, REBUILT: video}
