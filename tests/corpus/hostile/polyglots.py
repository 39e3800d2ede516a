"""Files that are two things at once: a picture to one program, a page, a script or an archive to another."""

from __future__ import annotations

import io
from typing import Any

import av
import pikepdf

from tests.corpus.hostile.disguises import PAGE, PHP
from tests.corpus.hostile.programs import jar, linux_program, windows_program
from tests.corpus.specimens import Maker, Specimen, disarm, refuse
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
    wav,
    webm,
    webp,
)
from tests.files.archives import PROGRAM, archive, packed
from tests.files.bad_archives import BAD_ARCHIVES
from tests.files.monsters import MISMATCH, MONSTERS
from tests.files.office import word
from tests.files.papers import paper
from tests.files.pictures import chunk, save, scene
from tests.files.recordings import SAMPLES, _id3_frame, _speak

HIDDEN = b"BOOM-4711.exe"
MARK = b"BOOM-4711"
SCRIPT = b"<script>alert('BOOM-4711')</script>"
ZIP_SIGNS = (b"PK\x05\x06", HIDDEN)

MAKERS: dict[str, Maker] = {
    "jpg": jpeg_with_gps,
    "png": png_with_text,
    "gif": gif_animated,
    "webp": webp,
    "heic": heic,
    "mp4": mp4,
    "mov": mov,
    "webm": webm,
    "mp3": mp3,
    "ogg": ogg,
    "wav": wav,
}


def hidden_zip() -> bytes:
    return packed({"BOOM-4711.exe": PROGRAM})


TAILS: list[tuple[str, Maker, tuple[bytes, ...]]] = [
    ("a page behind", lambda: b"\n" + SCRIPT + PAGE, (MARK, b"<script")),
    ("an archive behind", hidden_zip, ZIP_SIGNS),
]
MORE_TAILS: list[tuple[str, str, Maker, tuple[bytes, ...]]] = [
    ("gif", "a Java archive behind", jar, (b"META-INF", b"PK\x05\x06")),
    ("jpg", "a Windows program behind", windows_program, (b"This program cannot", b"PE\0\0")),
    ("png", "a Linux program behind", linux_program, (b"\x7fELF",)),
    ("gif", "a server's script behind", lambda: PHP, (b"<?php",)),
    ("jpg", "a paper behind", paper, (b"%PDF-",)),
    ("png", "7z behind", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(90) + MARK, (MARK, b"7z\xbc\xaf")),
    ("jpg", "rar behind", lambda: b"Rar!\x1a\7\1\0" + bytes(90) + MARK, (MARK, b"Rar!")),
    ("mp4", "a Windows program behind", windows_program, (b"This program cannot", b"PE\0\0")),
    ("webp", "a shell script behind", lambda: b"\n#!/bin/sh\n# BOOM-4711\n", (MARK,)),
    ("jpg", "another photo behind", lambda: jpeg_with_gps(64, 64) + MARK, (MARK,)),
]


def gif_and_script() -> bytes:
    """A picture whose width begins a comment of JavaScript."""
    whole = save(scene(0x2A2F, 4).quantize(8), "GIF")  # `/*`
    return whole.rstrip(b";") + b"*/=1;alert('BOOM-4711')//;"


def gif_with_comment() -> bytes:
    return save(scene(64, 48).quantize(8), "GIF", comment=SCRIPT)


def jpeg_with_comment(text: bytes) -> bytes:
    return save(scene(64, 48), "JPEG", comment=text)


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    whole = save(scene(64, 48), "PNG")
    return whole[:33] + b"".join(chunk(*each) for each in chunks) + whole[33:]


def paper_with_a_page_within() -> bytes:
    """Its text is a page to a browser that guesses."""
    return paper(text=b"% " + SCRIPT + b"\nBT ET")


def paper_that_is_an_archive() -> bytes:
    """The end of an archive within the last bytes that a reader of archives looks at."""
    hidden = hidden_zip()
    return paper(tail=hidden + b"\n%%EOF\n")


def paper_with_a_program_as_a_picture() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.pages[0].Resources.XObject = pikepdf.Dictionary(
            X=document.make_stream(windows_program() + MARK)
        )
        document.save(output)
    return output.getvalue()


def wav_that_is_a_script() -> bytes:
    """The size in its head begins a comment of JavaScript."""
    whole = wav(1)
    return whole[:4] + b"=1/*" + whole[8:] + b"*/;alert('BOOM-4711')"


def mp4_with(text: bytes) -> bytes:
    """In a box that says it is free."""
    return mp4() + (len(text) + 8).to_bytes(4, "big") + b"free" + text


def webm_with(content: bytes) -> bytes:
    """A container of the web with a file attached, as films carry fonts."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as target:
        voice: Any = target.add_stream("libopus", rate=SAMPLES)
        target.add_attachment("BOOM-4711.exe", "application/octet-stream", content)
        _speak(target, voice, 1)
    return file.getvalue().replace(b"matroska", b"webm\0\0\0\0", 1)


def mp3_with(frame: bytes, content: bytes) -> bytes:
    frames = _id3_frame(frame, content)
    size = len(frames)
    return b"ID3\3\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frames + mp3(cover=False)


def webp_with(text: bytes) -> bytes:
    return save(scene(64, 48), "WEBP", exif=b"Exif\0\0" + text, xmp=text)


def _with_tail(extension: str, what: str, tail: Maker, gone: tuple[bytes, ...]) -> Specimen:
    make = MAKERS[extension]
    return disarm(
        "polyglot", f"{extension} with {what}", f"file 3.{extension}", lambda: make() + tail(), *gone
    )


POLYGLOTS: tuple[Specimen, ...] = (
    *(_with_tail(extension, *tail) for extension in MAKERS for tail in TAILS),
    *(_with_tail(*each) for each in MORE_TAILS),
    disarm("polyglot", "a film with a program attached", "w.webm", lambda: webm_with(PROGRAM + MARK), MARK),
    disarm(
        "polyglot",
        "a song whose cover is a page",
        "x.mp3",
        lambda: mp3_with(b"APIC", b"\0text/html\0\3\0" + SCRIPT),
        MARK,
    ),
    disarm(
        "polyglot",
        "a song with a program attached",
        "y.mp3",
        lambda: mp3_with(b"GEOB", b"\0a/b\0a.exe\0c\0" + PROGRAM + MARK),
        MARK,
    ),
    disarm("polyglot", "a picture that is a script", "dance.gif", gif_and_script, MARK),
    disarm("polyglot", "a picture with a page in its comment", "dance2.gif", gif_with_comment, MARK),
    disarm(
        "polyglot", "a photo with a page in its comment", "a.jpg", lambda: jpeg_with_comment(SCRIPT), MARK
    ),
    disarm("polyglot", "a photo with a server's script", "b.jpg", lambda: jpeg_with_comment(PHP), b"<?php"),
    disarm(
        "polyglot",
        "a photo with a paper in its comment",
        "c.jpg",
        lambda: jpeg_with_comment(paper()),
        b"%PDF-",
    ),
    disarm(
        "polyglot",
        "a drawing with a page in a text",
        "d.png",
        lambda: png_with((b"tEXt", b"Comment\0" + SCRIPT)),
        MARK,
    ),
    disarm(
        "polyglot",
        "a drawing with a server's script",
        "e.png",
        lambda: png_with((b"tEXt", b"Comment\0" + PHP)),
        b"<?php",
    ),
    disarm(
        "polyglot",
        "a drawing with a program of its own",
        "f.png",
        lambda: png_with((b"juNk", PROGRAM + MARK)),
        MARK,
    ),
    disarm(
        "polyglot",
        "a drawing with a paper within",
        "g.png",
        lambda: png_with((b"paPe", paper() + MARK)),
        MARK,
        b"%PDF-",
    ),
    disarm(
        "polyglot",
        "a drawing with a page behind its profile",
        "h.png",
        lambda: png_with((b"eXIf", b"II*\0" + SCRIPT)),
        MARK,
    ),
    disarm("polyglot", "a picture with a page in its properties", "i.webp", lambda: webp_with(SCRIPT), MARK),
    disarm("polyglot", "a recording that is a script", "j.wav", wav_that_is_a_script, MARK),
    disarm("polyglot", "a film with a page in a free box", "k.mp4", lambda: mp4_with(SCRIPT + PAGE), MARK),
    disarm(
        "polyglot", "a film with an archive in a free box", "l.mp4", lambda: mp4_with(hidden_zip()), HIDDEN
    ),
    disarm(
        "polyglot", "a paper with a program as a picture", "m.pdf", paper_with_a_program_as_a_picture, MARK
    ),
    disarm(
        "polyglot", "a paper that is an archive", "n.pdf", paper_that_is_an_archive, HIDDEN, b"PK\x05\x06"
    ),
    refuse("polyglot", "an archive that is a paper", "o.zip", lambda: pdf() + archive("a.txt")),
    refuse("polyglot", "an archive that is a photo", "p.zip", lambda: jpeg_with_gps() + archive("a.txt")),
    refuse("polyglot", "an archive with a page before", "q.zip", lambda: PAGE + archive("a.txt")),
    refuse("polyglot", "a letter with a page behind", "r.docx", lambda: word() + PAGE),
    refuse("polyglot", "a letter with a program before", "s.docx", lambda: windows_program()[:9000] + word()),
    refuse("polyglot", "a letter that is an archive too", "t.docx", lambda: word() + hidden_zip()),
    refuse("polyglot", "a paper behind a program", "u.pdf", lambda: PROGRAM + pdf()),
    refuse("polyglot", "a paper behind a photo", "v.pdf", lambda: jpeg_with_gps(64, 64) + pdf()),
    *(
        refuse("polyglot", f"a paper with {what}", f"Invoice-{number}.pdf", make)
        for number, (what, (make, reason)) in enumerate(MONSTERS.items())
        if reason == MISMATCH
    ),
    *(
        refuse("polyglot", f"an archive: {what}", f"Papers {number}.zip", BAD_ARCHIVES[what][0])
        for number, what in enumerate(
            (
                "bytes before",
                "bytes before, not counted",
                "shell before",
                "bytes behind",
                "two archives",
                "archive in the comment",
                "bytes before the directory",
                "bytes in the directory",
                "gap",
                "bytes behind a stream",
                "picture with an archive behind",
            )
        )
    ),
)
