"""Packs streams into a new container, untouched.

Three kinds have no container, only one frame after another, and what hangs on their end would come along
in the last one: of MP3 only frames of the right length are taken. FLAC, which loses nothing by it, is encoded
again, and so is AMR, which no browser plays: as Opus.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO

import av
from av.container import InputContainer, OutputContainer

from vestibule.checks.decoders import mp3
from vestibule.checks.nursery.jobs import Refused

# What a content type is packed as, with what each packer must leave out or put in front.
MUXERS: dict[str, tuple[str, dict[str, str]]] = {
    "video/mp4": ("mp4", {"movflags": "+faststart"}),
    "audio/mp4": ("ipod", {"movflags": "+faststart"}),
    "video/quicktime": ("mov", {"movflags": "+faststart"}),
    "video/3gpp": ("3gp", {"movflags": "+faststart"}),
    "video/webm": ("webm", {}),
    "video/x-matroska": ("matroska", {}),
    "video/ogg": ("ogg", {}),
    "audio/mpeg": ("mp3", {"id3v2_version": "0", "write_id3v1": "0"}),
    "audio/ogg": ("ogg", {}),
    "audio/wav": ("wav", {}),
    "audio/flac": ("flac", {}),
    "audio/aac": ("adts", {}),
}
# A MOV that browsers can play may as well be an MP4, which more of them take.
IN_MP4 = {"h264", "hevc", "av1", "vp9", "aac", "mp3", "opus", "flac", "alac", "ac3", "eac3", "mpeg4"}
# Encoded again, as what. A telephone's voice needs no more than this rate to sound as it did.
ENCODED = {"flac": "flac", "amr_nb": "libopus", "amr_wb": "libopus"}
VOICE_RATE = 32_000  # bits a second
# What packers write themselves, and what says nothing of anybody.
HARMLESS = {"major_brand", "minor_version", "compatible_brands", "handler_name", "language", "vendor_id"}
HARMLESS |= {"duration", "encoder"}


def remux(
    source: InputContainer, streams: list[Any], output: BinaryIO, options: dict[str, Any]
) -> dict[str, Any]:
    """Write the streams' packets; gives content type and duration (seconds), as the packets have it."""
    kind = _kind(options["content_type"], streams)
    format_, flags = MUXERS[kind]
    try:
        # A second reader of the output: packers that move the index to the front read what they wrote.
        with av.open(
            Writer(output),
            "w",
            format=format_,
            options={**flags, "fflags": "+bitexact"},
            io_open=lambda *_: Reader(output),
        ) as target:
            duration = _copy(source, streams, target, options["duration"])
    except (av.FFmpegError, ValueError) as error:
        raise Refused("damaged", f"It cannot be packed as {format_}: {error}") from error
    return {"safe": {"content_type": kind}, "duration": duration}


def _kind(content_type: str, streams: list[Any]) -> str:
    if content_type == "audio/amr":
        return "audio/ogg"
    fits = all(stream.codec_context.codec.canonical_name in IN_MP4 for stream in streams)
    if content_type in ("video/quicktime", "video/mp4") and fits:
        return "video/mp4" if any(stream.type == "video" for stream in streams) else "audio/mp4"
    return content_type


def _copy(source: InputContainer, streams: list[Any], target: OutputContainer, longest: float) -> float:
    places = {stream.index: _place(stream, target) for stream in streams}
    encoded = {stream.index for stream in streams if _encoded_as(stream, target)}
    clock = Clock(longest)
    for packet in source.demux(streams):
        if packet.size == 0:
            continue  # the end of a stream
        clock.see(packet)
        place = places[packet.stream.index]
        if packet.stream.index in encoded:
            _encode(packet, place, target)
        elif packet.stream.codec_context.codec.canonical_name != "mp3" or mp3.is_frame(bytes(packet)):
            packet.stream = place
            target.mux(packet)
    for index in encoded:
        target.mux(places[index].encode(None))
    return clock.duration


def _place(stream: Any, target: OutputContainer) -> Any:
    """Where a stream's packets go."""
    context = stream.codec_context
    if codec := _encoded_as(stream, target):
        own: dict[str, Any] = {"format": context.format} if codec == "flac" else {"bit_rate": VOICE_RATE}
        return target.add_stream(codec, rate=context.rate, layout=context.layout, **own)
    place = target.add_stream_from_template(stream, opaque=True)
    if context.codec_tag == "hvc1" and target.format.name in ("mp4", "mov"):
        place.codec_context.codec_tag = "hvc1"  # else it is hev1, which iPhones do not play
    return place


def _encoded_as(stream: Any, target: OutputContainer) -> str:
    """The encoder; empty for what is packed as it is, like the voice in a film of an old phone."""
    codec = ENCODED.get(stream.codec_context.codec.canonical_name, "")
    return codec if codec != "libopus" or target.format.name == "ogg" else ""


def _encode(packet: Any, place: Any, target: OutputContainer) -> None:
    try:
        frames = packet.decode()
    except av.FFmpegError:
        if place.codec_context.name == "flac":
            raise
        return  # a frame that broke on the radio, or what hangs on the end: a moment of silence
    for frame in frames:
        target.mux(place.encode(frame))


class Clock:
    """How long it lasts, by the packets themselves: what headers say may be anything, or missing."""

    def __init__(self, longest: float) -> None:
        self.longest = longest
        self.first: float | None = None
        self.last = 0.0

    @property
    def duration(self) -> float:
        return self.last - (self.first or 0.0)

    def see(self, packet: Any) -> None:
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None:
            return
        start = float(time * packet.time_base)
        self.first = start if self.first is None else min(self.first, start)
        self.last = max(self.last, start + float((packet.duration or 0) * packet.time_base))
        if self.duration > self.longest:
            raise Refused("too_complex", f"It lasts more than {self.longest:.0f} s.")


def tags(container: InputContainer) -> dict[str, str]:
    """What a container says besides picture and sound."""
    found = dict(container.metadata)
    for stream in container.streams:
        found |= stream.metadata
    return {name: text[:60] for name, text in found.items() if name.lower() not in HARMLESS}


class Writer:
    """The output as a packer wants it, without a name that it could open."""

    name = ""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output

    def write(self, data: bytes) -> int:
        return self._output.write(data)

    def seek(self, position: int, whence: int = 0) -> int:
        return self._output.seek(position, whence)

    def tell(self) -> int:
        return self._output.tell()


class Reader:
    """What was written, read at a position of its own."""

    def __init__(self, output: BinaryIO) -> None:
        output.flush()
        self._output = output
        self._position = 0

    def read(self, size: int) -> bytes:
        self._output.flush()
        data = os.pread(self._output.fileno(), size, self._position)
        self._position += len(data)
        return data

    def seek(self, position: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._position, 2: os.fstat(self._output.fileno()).st_size}[whence]
        self._position = base + position
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        pass
