"""Films and recordings as phones, browsers, messengers and studios make them."""

from __future__ import annotations

import fractions
import io
import struct
from typing import Any

import av

from tests.corpus.specimens import Maker, Received, Specimen, accept
from tests.files import browser_video, fragmented_mp4, mov, mp3, mp4, ogg, voice_note, wav, webm
from tests.files.cache import cached
from tests.files.recordings import _at, _speak


def plays(received: Received) -> str:
    """Whether the copy has a frame or a sound, and says how long it is."""
    with av.open(io.BytesIO(received.safe)) as container:
        stream = next(iter(container.streams), None)
        frame = next(container.decode(stream), None) if stream else None
    return "" if frame is not None else "nothing in it plays"


def spoken(
    format_: str, codec: str, rate: int = 48_000, layout: str = "stereo", seconds: float = 2, **options: str
) -> bytes:
    """A tone, of another rate and layout."""

    def make() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=format_) as target:
            voice: Any = target.add_stream(codec, rate=rate, layout=layout, options=options)
            given = av.AudioResampler(
                format=voice.codec_context.format.name,
                layout=layout,
                rate=rate,
                frame_size=voice.codec_context.frame_size or 960,
            )
            for number in range(int(seconds * 50)):
                frame = av.AudioFrame(format="s16", layout="mono", samples=960)
                frame.planes[0].update(struct.pack("<960h", *((i * 40) % 9000 for i in range(960))))
                frame.sample_rate, frame.pts = 48_000, number * 960
                for part in given.resample(frame):
                    target.mux(voice.encode(part))
            target.mux(voice.encode(None))
        return file.getvalue()

    return cached(f"{codec}-{rate}-{layout}-{seconds:g}.{format_}", make)


def filmed(format_: str, codec: str, voice: str | None = None, pixels: str = "yuv420p") -> bytes:
    def make() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=format_) as target:
            picture: Any = target.add_stream(codec, rate=25)
            picture.width, picture.height, picture.pix_fmt = 160, 120, pixels
            sound: Any = target.add_stream(voice, rate=48_000) if voice else None
            for number in range(25):
                frame = av.VideoFrame.from_image(_at(number, (160, 120))).reformat(format=pixels)
                frame.pts, frame.time_base = number, fractions.Fraction(1, 25)
                target.mux(picture.encode(frame))
            target.mux(picture.encode(None))
            if sound is not None:
                _speak(target, sound, 1)
        return file.getvalue()

    return cached(f"{codec}-{voice}-{pixels}.{format_}", make)


def wav_of(bits: int, channels: int, rate: int, kind: int = 1) -> bytes:
    """Written by hand: of any depth."""
    width = bits // 8
    data = (
        b"".join((n * 977 % (1 << bits)).to_bytes(width, "little") for n in range(rate // 4 * channels))
        if kind == 1
        else struct.pack(f"<{rate // 4}f", *((n % 100) / 100 for n in range(rate // 4)))
    )
    head = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * width, channels * width, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def studio_wav() -> bytes:
    """With a studio's chunk before the sound, and its list behind."""
    whole = wav(1)
    notes = b"bext" + struct.pack("<I", 602) + bytes(602)
    whole = whole[:12] + notes + whole[12:] + b"LIST" + struct.pack("<I", 4) + b"INFO"
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def endless_wav() -> bytes:
    """As a recorder writes to a pipe: it does not know how long it will be."""
    whole = wav(1)
    at = whole.index(b"data") + 4
    return whole[:4] + b"\xff\xff\xff\xff" + whole[8:at] + b"\xff\xff\xff\xff" + whole[at + 4 :]


def old_mp3() -> bytes:
    """With the tag of the nineties behind."""
    return mp3(cover=False) + b"TAG" + b"A song".ljust(30, b"\0") + bytes(95)


def long_wav() -> bytes:
    """Two minutes, of 23 MB: large, and allowed."""
    return wav_of(16, 2, 480_000 * 11)


FILMS: list[tuple[str, str, Maker]] = [
    ("a film", "VID_20260501.mp4", mp4),
    ("a film held upright", "VID_2.mp4", lambda: mp4(rotation=90)),
    ("a film held upside down", "VID_3.mp4", lambda: mp4(rotation=180)),
    ("a film without sound", "screen.mp4", lambda: mp4(sound=False)),
    ("a film that begins dark", "intro.mp4", lambda: mp4(dark=2)),
    ("a film of wide pixels", "tv.mp4", lambda: mp4(aspect=2)),
    ("a film in pieces", "safari.mp4", fragmented_mp4),
    ("a film of HEVC", "VID_5.mp4", lambda: mp4(codec="libx265")),
    ("a film of AV1", "VID_6.mp4", lambda: filmed("mp4", "libsvtav1", "aac")),
    ("a film of the old MPEG", "camera.mp4", lambda: filmed("mp4", "mpeg4", "aac")),
    ("a film with sound of MP3", "converted.mp4", lambda: filmed("mp4", "libx264", "libmp3lame")),
    ("a phone's film", "IMG_0101.MOV", mov),
    ("a phone's film of HEVC", "IMG_0102.MOV", lambda: mov(codec="libx265")),
    ("a film of an old camera", "MVI_0001.MOV", lambda: filmed("mov", "mjpeg", "pcm_s16le", "yuvj420p")),
    ("a film of the web", "clip.webm", webm),
    ("a film of the web, of VP9", "clip9.webm", lambda: filmed("webm", "libvpx-vp9", "libopus")),
    ("a film of the web, of AV1", "clip1.webm", lambda: filmed("webm", "libsvtav1", "libopus")),
    ("a film that a browser records", "recording.webm", browser_video),
    ("a short film", "loop.mp4", lambda: mp4(0.2, sound=False)),
]

SOUNDS: list[tuple[str, str, Maker]] = [
    ("a voice that a browser records", "voice.webm", voice_note),
    ("a song with a cover", "track 01.mp3", mp3),
    ("a song without a cover", "track 02.mp3", lambda: mp3(cover=False)),
    ("a song with a tag of the nineties", "track 03.mp3", old_mp3),
    ("a song of one channel", "podcast.mp3", lambda: spoken("mp3", "libmp3lame", 22_050, "mono")),
    ("a song of a low rate", "phone.mp3", lambda: spoken("mp3", "libmp3lame", 16_000, "mono")),
    ("a song of a changing rate", "vbr.mp3", lambda: spoken("mp3", "libmp3lame", 44_100, "stereo", 3, q="5")),
    ("a recording", "memo.wav", wav),
    ("a recording of 8 bits", "answering machine.wav", lambda: wav_of(8, 1, 8000)),
    ("a recording of 24 bits", "studio.wav", lambda: wav_of(24, 2, 48_000)),
    ("a recording of 32 bits", "studio2.wav", lambda: wav_of(32, 2, 44_100, 1)),
    ("a recording of broken numbers", "daw.wav", lambda: wav_of(32, 1, 44_100, 3)),
    ("a recording of a studio", "reporter.wav", studio_wav),
    ("a recording from a pipe", "arecord.wav", endless_wav),
    ("a large recording", "meeting.wav", long_wav),
    ("a voice", "PTT-20260501-WA0001.ogg", lambda: spoken("ogg", "libopus", 48_000, "mono")),
    ("a voice of two channels", "voice.ogg", ogg),
    ("a song of Vorbis", "song.ogg", lambda: spoken("ogg", "vorbis", strict="-2")),
    ("a lossless song in a container of the web", "song2.ogg", lambda: spoken("ogg", "flac")),
    ("a song that a program wrote as a film", "audio.mp4", lambda: spoken("mp4", "aac")),
]

RECORDINGS: tuple[Specimen, ...] = tuple(
    accept("recording", what, name, make, proof=plays) for what, name, make in (*FILMS, *SOUNDS)
)
