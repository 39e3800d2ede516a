"""Video and sound: some of each stream decoded, then the streams alone packed into a new container.

Packing anew drops tags, places, covers, data tracks and whatever hung on the file's end, adds what
seeking needs, and leaves picture and sound as they were: nothing is encoded again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import av.sidedata.sidedata
import av.subtitles.stream  # loaded late otherwise, when no file can be opened any more
from av.container import InputContainer
from PIL import Image

from vestibule.checks.decoders import images, remux
from vestibule.checks.nursery.jobs import Refused

DEMUXERS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "audio/mp4": "m4a",
    "video/webm": "webm",
    "video/x-matroska": "matroska",
    "video/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/amr": "amr",
}
# A file object is read, so no protocol is needed, and no other file may be named by this one.
OPEN = {"protocol_whitelist": "none"}
LOOKED_AT = 300  # packets of a stream that may go by before one has to decode: some key frame's interval
POSTER_AT = 1.0  # seconds
POSTER_FRAMES = 60  # at most, to find one that shows something
DARK = 24  # mean brightness, of 255, below which a frame shows nothing

av.logging.set_level(av.logging.PANIC)


def rebuild(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Write `safe` and, of what has a picture, `poster`.

    Options: `content_type`, and the limits `pixels`, `side`, `streams` and `duration` (seconds).
    """
    with opened(file, options) as source:
        streams = wanted(source, options)
        for stream in streams:
            _decode_some(source, stream)
        poster = _poster(source, streams, outputs["poster"])
    with opened(file, options) as source:
        made = remux.remux(source, wanted(source, options), outputs["safe"], options)
    return {**made, **poster}


def verify(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Look at what `rebuild` made, in another process: it opens and decodes, and has no tags left."""
    with opened(file, options) as copy:
        if left := remux.tags(copy):
            raise Refused("check_failed", f"The copy has tags: {left}", outcome="error")
        for stream in wanted(copy, options):
            frame = _decode_some(copy, stream)
            if stream.type == "video" and _seen_size(frame, stream) != (options["width"], options["height"]):
                raise Refused("check_failed", "The copy has another size.", outcome="error")
        return {"duration": copy.duration / av.time_base if copy.duration else None}


def opened(file: BinaryIO, options: dict[str, Any]) -> InputContainer:
    """The container, by the one reader that the content type allows. Raises `Refused`."""
    file.seek(0)
    try:
        return av.open(
            file, "r", format=DEMUXERS[options["content_type"]], options=OPEN, metadata_errors="replace"
        )
    except av.FFmpegError as error:
        raise Refused("damaged", str(error)) from error


def wanted(source: InputContainer, options: dict[str, Any]) -> list[Any]:
    """Picture and sound, without covers, subtitles and data. Raises `Refused`."""
    if len(source.streams) > options["streams"]:
        raise Refused("too_complex", f"It has {len(source.streams)} streams.")
    if source.duration and source.duration / av.time_base > options["duration"]:
        raise Refused("too_complex", f"It lasts {source.duration / av.time_base:.0f} s.")
    streams = [
        stream for stream in source.streams if stream.type in ("video", "audio") and not _cover(stream)
    ]
    if options["content_type"].startswith("audio/"):
        streams = [stream for stream in streams if stream.type == "audio"]
    if not streams:
        raise Refused("damaged", "There is neither picture nor sound in it.")
    for stream in streams:
        _keep_limits(stream, options)
    return streams


def _cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _keep_limits(stream: Any, options: dict[str, Any]) -> None:
    context = stream.codec_context
    if context is None:
        raise Refused("damaged", "It has a stream that we have no decoder for.")
    context.thread_count = 1
    if stream.type == "video":
        size = context.width, context.height
        if max(size) > options["side"] or size[0] * size[1] > options["pixels"]:
            raise Refused("too_complex", f"Its picture has {size[0]} x {size[1]} pixels.")


def _decode_some(source: InputContainer, stream: Any) -> Any:
    """One whole frame. A page of HTML between the right headers has none."""
    _rewind(source, stream)
    for number, packet in enumerate(source.demux(stream)):
        if frames := _frames(packet):
            return frames[0]
        if number > LOOKED_AT:
            break
    raise Refused("damaged", f"Nothing of its {stream.type} can be decoded.")


def _frames(packet: Any) -> list[Any]:
    """What a packet gives; a broken one gives nothing, like in a player."""
    try:
        return [frame for frame in packet.decode() if not getattr(frame, "is_corrupt", False)]
    except av.FFmpegError:
        return []


def _rewind(source: InputContainer, stream: Any, seconds: float = 0.0) -> None:
    try:
        source.seek(int(seconds / stream.time_base) + (stream.start_time or 0), stream=stream)
    except av.FFmpegError as error:
        if seconds == 0.0:
            raise Refused("damaged", str(error)) from error


def _poster(source: InputContainer, streams: list[Any], output: BinaryIO) -> dict[str, Any]:
    stream = next((stream for stream in streams if stream.type == "video"), None)
    if stream is None:
        return {}
    image = _as_seen(_telling_frame(source, stream), stream)
    width, height = images.preview(image, output)
    poster = {"content_type": "image/webp", "width": width, "height": height}
    return {"poster": poster, "width": image.width, "height": image.height}


def _telling_frame(source: InputContainer, stream: Any) -> Any:
    """The first frame from one second on that is not dark; else the brightest that was seen."""
    best, most = None, -1.0
    for frame in _frames_from(source, stream, POSTER_AT):
        light = _brightness(frame)
        if light > most:
            best, most = frame, light
        if light >= DARK:
            break
    if best is None:
        raise Refused("damaged", "Nothing of its picture can be decoded.")
    return best


def _frames_from(source: InputContainer, stream: Any, seconds: float) -> Iterator[Any]:
    """Frames from that time on; of a shorter video, those it has."""
    last, given = None, 0
    start = float((stream.start_time or 0) * stream.time_base)
    _rewind(source, stream, seconds if _lasts(source, stream, seconds) else 0.0)
    for packet in source.demux(stream):
        for frame in _frames(packet):
            last = frame
            if frame.time is not None and frame.time - start < seconds and given == 0:
                continue  # a key frame may lie well before
            yield frame
            given += 1
            if given >= POSTER_FRAMES:
                return
    if given == 0 and last is not None:
        yield last


def _lasts(source: InputContainer, stream: Any, seconds: float) -> bool:
    return bool(source.duration and source.duration / av.time_base > seconds + 0.5)


def _brightness(frame: Any) -> float:
    small = frame.reformat(width=16, height=16, format="rgb24").to_image().convert("L")
    return float(sum(small.tobytes()) / 256)


def _as_seen(frame: Any, stream: Any) -> Image.Image:
    """With square pixels, and turned as the phone was held."""
    image: Image.Image = frame.to_image()
    if (width := _square_width(frame, stream)) != image.width:
        image = image.resize((width, image.height))
    return image.rotate(frame.rotation, expand=True) if frame.rotation % 360 else image


def _seen_size(frame: Any, stream: Any) -> tuple[int, int]:
    size = _square_width(frame, stream), frame.height
    return size[::-1] if frame.rotation % 180 else size


def _square_width(frame: Any, stream: Any) -> int:
    aspect = stream.sample_aspect_ratio
    return int(max(1, round(frame.width * aspect)) if aspect and 0.1 < aspect < 10 else frame.width)


JOBS = {"video.rebuild": rebuild, "video.verify": verify}
