"""Declared types as browsers, systems and libraries really give them."""

from __future__ import annotations

from tests.corpus.specimens import Maker, Specimen, accept
from tests.files import (
    gif_animated,
    heic,
    jpeg_with_gps,
    mov,
    mp3,
    mp4,
    ogg,
    pdf,
    png_with_text,
    voice_note,
    wav,
    webp,
)
from tests.files.archives import archive
from tests.files.office import sheet, word

TEXT = b"Hello, my order 4711 did not arrive.\n"
TABLE = b"a;b\n1;2\n"

DECLARED: list[tuple[str, Maker, tuple[str, ...]]] = [
    (
        "photo.jpg",
        jpeg_with_gps,
        (
            "image/jpeg",
            "image/jpg",
            "image/pjpeg",
            "",
            "application/octet-stream",
            "IMAGE/JPEG",
            " image/jpeg ",
        ),
    ),
    ("drawing.png", png_with_text, ("image/x-png", "image/png; charset=binary", "image/apng")),
    ("cat.gif", gif_animated, ("image/gif", "application/octet-stream")),
    ("picture.webp", webp, ("image/webp", "")),
    ("IMG_0001.heic", heic, ("image/heic", "image/heif", "application/octet-stream")),
    (
        "bill.pdf",
        pdf,
        (
            "application/pdf",
            "application/x-pdf",
            "application/octet-stream",
            "",
            'application/pdf; name="bill.pdf"',
        ),
    ),
    ("song.mp3", mp3, ("audio/mpeg", "audio/mp3", "audio/x-mp3")),
    ("voice.ogg", ogg, ("audio/ogg", "application/ogg", "audio/ogg; codecs=opus", "audio/opus")),
    ("memo.wav", wav, ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave")),
    ("walk.mp4", mp4, ("video/mp4", "application/mp4", 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"')),
    ("IMG_1.mov", mov, ("video/quicktime", "video/mp4", "")),
    ("voice.webm", voice_note, ("video/webm", "audio/webm", "audio/webm;codecs=opus")),
    (
        "notes.txt",
        lambda: TEXT,
        ("text/plain", "text/plain; charset=utf-8", "text/plain;charset=UTF-8; format=flowed", ""),
    ),
    (
        "list.csv",
        lambda: TABLE,
        (
            "text/csv",
            "application/vnd.ms-excel",
            "application/csv",
            "text/comma-separated-values",
            "text/plain",
            "",
        ),
    ),
    ("letter.docx", word, ("application/octet-stream", "")),
    ("sheet.xlsx", sheet, ("application/octet-stream", "application/zip")),
    (
        "files.zip",
        lambda: archive("a.txt"),
        ("application/zip", "application/x-zip-compressed", "application/x-zip", "application/octet-stream"),
    ),
]

MIMES: tuple[Specimen, ...] = tuple(
    accept("mime", f"{name} told as {declared or 'nothing'!r}", name, make, declared=declared)
    for name, make, those in DECLARED
    for declared in those
)
