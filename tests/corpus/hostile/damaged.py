"""Files that are cut off, bent or empty: whoever opens them finds out what a reader does in despair."""

from __future__ import annotations

from tests.corpus.specimens import Maker, Specimen, always, refuse
from tests.files import gif_animated, heic, jpeg_with_gps, mp4, ogg, pdf, png_with_text, wav, webm, webp
from tests.files.archives import archive
from tests.files.bad_archives import BAD_ARCHIVES
from tests.files.bad_office import BAD
from tests.files.monsters import DAMAGED as BROKEN
from tests.files.monsters import MONSTERS
from tests.files.office import DAMAGED as SPOILT
from tests.files.office import sheet, slides, word


def head_of(make: Maker, share: float) -> Maker:
    """Only the first part of it came."""

    def cut() -> bytes:
        whole = make()
        return whole[: int(len(whole) * share)]

    return cut


def bent(make: Maker, old: bytes, new: bytes) -> Maker:
    return lambda: make().replace(old, new, 1)


def without_data(make: Maker, start: bytes) -> Maker:
    """Zeros from there on."""

    def emptied() -> bytes:
        whole = make()
        at = whole.index(start) + len(start)
        return whole[:at] + bytes(len(whole) - at)

    return emptied


CUT: list[tuple[str, Maker, float]] = [
    ("photo.jpg", jpeg_with_gps, 0.5),
    ("drawing.png", png_with_text, 0.5),
    ("picture.webp", webp, 0.5),
    ("IMG_9.heic", heic, 0.5),
    ("cat.gif", gif_animated, 0.1),
    ("bill.pdf", lambda: pdf(pages=9), 0.5),
    ("walk.mp4", mp4, 0.5),  # its index stands at its end
    ("voice.ogg", ogg, 0.005),
    ("clip.webm", webm, 0.004),
    ("letter.docx", word, 0.6),
    ("sheet.xlsx", sheet, 0.6),
    ("slides.pptx", slides, 0.6),
    ("papers.zip", lambda: archive("a.txt", "b.txt", "c.txt"), 0.6),
]

BENT: list[tuple[str, str, Maker]] = [
    ("nothing in it", "photo.jpg", always(b"")),
    ("nothing in a text", "notes.txt", always(b"")),
    ("one byte", "photo.png", always(b"\x89")),
    ("a wrong sum in a drawing", "plan.png", bent(png_with_text, b"IHDR\0\0\1\x40", b"IHDR\0\0\1\x41")),
    ("no frame in a photo", "IMG_3.jpg", bent(jpeg_with_gps, b"\xff\xc0", b"\xff\xfe")),
    ("zeros in a drawing", "plan2.png", without_data(png_with_text, b"IDAT")),
    ("zeros in a phone's photo", "IMG_4.heic", without_data(heic, b"mdat")),
    ("no pictures in an animation", "cat.gif", always(b"GIF89a\x10\0\x10\0\0\0\0;")),
    ("a picture of no size", "none.gif", always(b"GIF89a\0\0\0\0\0\0\0,\0\0\0\0\0\0\0\0\0\2\1\0\0;")),
    ("no index in a film", "clip.mp4", bent(mp4, b"moov", b"mooo")),
    ("zeros in a film", "clip2.mp4", without_data(mp4, b"mdat")),
    ("a song without sound", "song.mp3", always(b"ID3\3\0\0\0\0\x0f\x76" + bytes(2038))),
    (
        "a recording without sound",
        "memo.wav",
        always(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0data\0\0\0\0"),
    ),
    (
        "a recording of no channel",
        "memo2.wav",
        bent(lambda: wav(1), b"fmt \x10\0\0\0\1\0\2\0", b"fmt \x10\0\0\0\1\0\0\0"),
    ),
    ("zeros", "zeros.jpg", always(bytes(10_000))),
    ("zeros in a text", "zeros.txt", always(bytes(10_000))),
    (
        "a song that is noise",
        "noise.mp3",
        lambda: b"\xff\xfb\x90\x64" + bytes((n * 7919) % 251 for n in range(20_000)),
    ),
    ("a letter without its main part", "Letter.docx", BAD["no main part"][1]),
]

DAMAGED: tuple[Specimen, ...] = (
    *(refuse("damaged", f"a part of {name}", name, head_of(make, share)) for name, make, share in CUT),
    *(refuse("damaged", what, name, make) for what, name, make in BENT),
    *(
        refuse("damaged", f"a paper: {what}", f"Paper {number}.pdf", make)
        for number, (what, (make, reason)) in enumerate(MONSTERS.items())
        if reason == BROKEN and what not in {"a bomb of objects", "a doubling tree", "a deep tree"}
    ),
    *(
        refuse("damaged", f"an archive: {what}", f"Archive {number}.zip", BAD_ARCHIVES[what][0])
        for number, what in enumerate(
            (
                "no end",
                "only the start",
                "no deflate",
                "cut off",
                "broken picture",
                "wrong checksum",
                "no members",
            )
        )
    ),
    *(
        refuse("damaged", f"a document: {what}", f"Document {number}.{extension}", make)
        for number, (what, (extension, make, reason)) in enumerate(BAD.items())
        if reason == SPOILT and extension == "docx" and what != "no main part"
    ),
)
