"""Makes video and sound as phones and browsers record it."""

from __future__ import annotations

import fractions
import io
import math
import struct
from collections.abc import Iterator
from typing import Any

import av
from PIL import Image

from tests.files.cache import cached
from tests.files.pictures import SECRET, jpeg_with_gps, scene

PLACE = "+52.5200+013.4100/"  # where it was taken, as phones write it
RATE = 25  # frames a second
SAMPLES = 48_000  # a second
LIVE = {"webm": {"live": "1"}, "mp4": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}}


def mp4(
    seconds: float = 3,
    *,
    size: tuple[int, int] = (320, 240),
    rotation: int = 0,
    sound: bool = True,
    dark: float = 0.0,
    aspect: int = 1,
    codec: str = "libx264",
    format_: str = "mp4",
) -> bytes:
    """H.264 and AAC, index at the end, with place and remark.

    `dark` for so many seconds at first; each pixel `aspect` times as wide as high.
    """
    name = f"{codec}-{seconds:g}-{size[0]}x{size[1]}-{rotation}-{sound:d}-{dark:g}-{aspect}.{format_}"
    codecs = (codec, "aac" if sound else None)
    return cached(
        name, lambda: film(format_, codecs, seconds, size, rotation=rotation, dark=dark, aspect=aspect)
    )


def mov(seconds: float = 3, *, codec: str = "libx264") -> bytes:
    """As an iPhone sends it."""
    return mp4(seconds, format_="mov", rotation=90, codec=codec)


def webm(seconds: float = 3) -> bytes:
    """VP8 and Opus."""
    return cached(f"clip-{seconds:g}.webm", lambda: film("webm", ("libvpx", "libopus"), seconds, (320, 240)))


def voice_note(seconds: float = 3) -> bytes:
    """Opus in a WebM as browsers record it: written while it goes on, so without length and index."""
    return cached(f"voice-{seconds:g}.webm", lambda: _live(seconds))


def browser_video(seconds: float = 3) -> bytes:
    """A screen or camera as browsers record it: VP8, written while it goes on, without length and index."""
    codecs = ("libvpx", None)
    return cached(f"screen-{seconds:g}.webm", lambda: film("webm", codecs, seconds, (320, 240), live=True))


def fragmented_mp4(seconds: float = 3) -> bytes:
    """In pieces, as Safari records it."""
    codecs = ("libx264", "aac")
    return cached(f"pieces-{seconds:g}.mp4", lambda: film("mp4", codecs, seconds, (320, 240), live=True))


def mp3(seconds: float = 3, *, cover: bool = True) -> bytes:
    """With a title, a remark and a cover picture."""
    return cached(f"song-{seconds:g}-{cover:d}.mp3", lambda: sound("mp3", "libmp3lame", seconds, cover=cover))


def wav(seconds: float = 3) -> bytes:
    return sound("wav", "pcm_s16le", seconds)


def ogg(seconds: float = 3) -> bytes:
    return cached(f"song-{seconds:g}.ogg", lambda: sound("ogg", "libopus", seconds))


def m4a(seconds: float = 3) -> bytes:
    return cached(f"song-{seconds:g}.m4a", lambda: sound("ipod", "aac", seconds))


def flac(seconds: float = 3) -> bytes:
    return cached(f"song-{seconds:g}.flac", lambda: sound("flac", "flac", seconds))


def aac(seconds: float = 3) -> bytes:
    return cached(f"song-{seconds:g}.aac", lambda: sound("adts", "aac", seconds))


def amr(seconds: float = 3) -> bytes:
    """A voice memo of an old phone."""
    return cached(f"memo-{seconds:g}.amr", lambda: _memo(seconds))


def _memo(seconds: float) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="amr") as target:
        voice: Any = target.add_stream("libopencore_amrnb", rate=8000, layout="mono")
        voice.bit_rate = 12_200
        resampler = av.AudioResampler(format=voice.codec_context.format.name, layout="mono", rate=8000)
        for frame in _tone(seconds, "s16"):
            for narrow in resampler.resample(frame):
                target.mux(voice.encode(narrow))
        target.mux(voice.encode(None))
    return file.getvalue()


def amr_wide() -> bytes:
    """Wide-band, by hand: no encoder comes with the tests. Frames of silence (3GPP TS 26.201)."""
    frame = b"\x04" + bytes(17)  # mode 0, 132 bits, of good quality
    return b"#!AMR-WB\n" + frame * 150


def film(
    format_: str,
    codecs: tuple[str, str | None],
    seconds: float,
    size: tuple[int, int],
    *,
    rotation: int = 0,
    dark: float = 0.0,
    aspect: int = 1,
    live: bool = False,
) -> bytes:
    """The scene, with a bar that moves once a second."""
    file = io.BytesIO()
    options = LIVE[format_] if live else {}
    with av.open(_Pipe(file) if live else file, "w", format=format_, options=options) as target:
        target.metadata.update(_remarks())
        picture: Any = target.add_stream(codecs[0], rate=RATE)
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        picture.codec_context.sample_aspect_ratio = fractions.Fraction(aspect)
        if codecs[0] == "libx265":
            picture.codec_context.codec_tag = "hvc1"  # as phones tag it
        if rotation:
            picture.set_display_rotation(rotation)
        voice: Any = target.add_stream(codecs[1], rate=SAMPLES) if codecs[1] else None
        for number in range(int(seconds * RATE)):
            image = Image.new("RGB", size) if number < dark * RATE else _at(number, size)
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, fractions.Fraction(1, RATE)
            target.mux(picture.encode(frame))
        target.mux(picture.encode(None))
        if voice is not None:
            _speak(target, voice, seconds)
    return file.getvalue()


def sound(format_: str, codec: str, seconds: float, *, cover: bool = False) -> bytes:
    """A tone."""
    file = io.BytesIO()
    with av.open(file, "w", format=format_) as target:
        target.metadata.update(_remarks())
        voice: Any = target.add_stream(codec, rate=SAMPLES)
        _speak(target, voice, seconds)
    return _id3_with_cover() + file.getvalue() if cover else file.getvalue()


def _live(seconds: float) -> bytes:
    file = io.BytesIO()
    with av.open(_Pipe(file), "w", format="webm", options=LIVE["webm"]) as target:
        _speak(target, target.add_stream("libopus", rate=SAMPLES), seconds)
    return file.getvalue()


class _Pipe:
    """A file that cannot go back, like what a browser streams."""

    name = ""

    def __init__(self, file: io.BytesIO) -> None:
        self.write = file.write


def _speak(target: Any, voice: Any, seconds: float) -> None:
    for frame in _tone(seconds, voice.codec_context.format.name):
        target.mux(voice.encode(frame))
    target.mux(voice.encode(None))


def _tone(seconds: float, format_: str) -> Iterator[av.AudioFrame]:
    resampler = av.AudioResampler(format=format_, layout="stereo", rate=SAMPLES)
    step = 960
    for number in range(int(seconds * SAMPLES / step)):
        wave = [int(9000 * math.sin((number * step + i) * 0.0576)) for i in range(step)]
        frame = av.AudioFrame(format="s16", layout="mono", samples=step)
        frame.planes[0].update(struct.pack(f"<{step}h", *wave))
        frame.sample_rate, frame.pts = SAMPLES, number * step
        yield from resampler.resample(frame)


def _at(number: int, size: tuple[int, int]) -> Image.Image:
    image = scene(*size)
    middle, width = size[1] // 2, size[0]
    image.paste("yellow", (0, middle - 8, max(1, number % RATE * width // RATE), middle + 8))
    return image


def _remarks() -> dict[str, str]:
    return {"location": PLACE, "comment": SECRET, "title": SECRET, "artist": SECRET}


def _id3_with_cover() -> bytes:
    """ID3v2.3 with a title and an attached picture."""
    picture = b"\0image/jpeg\0\x03\0" + jpeg_with_gps(64, 64)
    frames = _id3_frame(b"TIT2", b"\0" + SECRET.encode()) + _id3_frame(b"APIC", picture)
    size = len(frames)
    safe = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + safe + frames


def _id3_frame(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">IH", len(content), 0) + content
