"""Files that tell about people beside what they show: where they were, with what, and who they are."""

from __future__ import annotations

import io

import av
from PIL import Image

from tests.corpus.benign.notes import (
    CAMERA,
    KILROY,
    WHERE,
    ape_tag,
    extended_xmp,
    gif_with_xmp,
    iptc,
    mp3_with,
    mp4_with_user_data,
    named_profile,
    ogg_with_cover,
    private_frame,
    wav_with_notes,
    with_maker_note,
    with_thumbnail,
)
from tests.corpus.insides import insides
from tests.corpus.specimens import Maker, Received, Specimen, accept
from tests.files import (
    fragmented_mp4,
    gif_animated,
    heic,
    jpeg_with_gps,
    jpeg_with_two_pictures,
    mov,
    mp3,
    mp4,
    ogg,
    png_with_text,
    wav,
    webm,
    webp,
    webp_animated,
)
from tests.files.active_papers import ACTIVE, BOOM
from tests.files.papers import paper
from tests.files.pictures import exif, save, save_frames, scene
from tests.files.plain_papers import photo
from tests.files.recordings import _id3_frame

SEGMENTS = (b"Exif\0\0", b"http://ns.adobe.com/xap", b"Photoshop 3.0", b"MPF\0")

PARTS = {"exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp", "mp", "mpoffset"}


def tells_nothing(received: Received) -> str:
    """Whether neither the safe copy nor a preview has any note of camera, place or program."""
    for name, copy in received.copies.items():
        with Image.open(io.BytesIO(copy)) as image:
            tags = dict(image.getexif())
            found = PARTS.intersection(image.info)
        if tags or found:
            return f"{name} has {sorted(map(str, found)) or tags}"
        if segment := next((word for word in SEGMENTS if word in copy), b""):
            return f"{name} has {segment!r}"
    return ""


def plays_and_tells_nothing(received: Received) -> str:
    with av.open(io.BytesIO(received.safe)) as container:
        told = {**container.metadata}
        for stream in container.streams:
            told |= stream.metadata
    known = {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "encoder",
        "handler_name",
        "vendor_id",
        "language",
        "duration",
        "rotate",
    }
    extra = {key.lower() for key in told} - known
    return f"it tells {sorted(extra)}" if extra else ""


def dated_paper() -> bytes:
    info = b"<< /Author (Kilroy was here) /CreationDate (D:20260501094100) /Producer (Kilroy was here) >>"
    return paper(trailer=b"/Info 6 0 R", more=[info])


def wrapped_in_paper() -> bytes:
    return photo(wrapped=True)


PICTURES: list[tuple[str, str, Maker]] = [
    ("a photo with a place", "IMG_0001.jpg", jpeg_with_gps),
    *(
        (
            f"a photo with a place, held in the way {n}",
            f"IMG_000{n}.jpg",
            lambda n=n: jpeg_with_gps(orientation=n),
        )
        for n in (3, 6, 8)
    ),
    ("a photo of the press", "press.jpg", iptc),
    ("a photo with a small one within", "cropped.jpg", with_thumbnail),
    ("a photo with a camera's notes", "DSC_0001.jpg", with_maker_note),
    ("a photo with long notes", "edited.jpg", extended_xmp),
    ("a photo with notes behind", "20260501.jpg", lambda: jpeg_with_gps(tail=b"SEFH" + KILROY + b"SEFT")),
    ("a photo with an owner's profile", "screen.jpg", named_profile),
    (
        "two photos in one",
        "3d.jpg",
        lambda: save_frames([scene(160, 120), scene(80, 60)], "MPO", exif=exif(), comment=KILROY),
    ),
    ("two photos in one, as a camera makes them", "3d2.jpg", jpeg_with_two_pictures),
    (
        "a progressive photo",
        "web.jpg",
        lambda: save(scene(160, 120), "JPEG", progressive=True, exif=exif(), comment=KILROY),
    ),
    (
        "a photo for printers",
        "print.jpg",
        lambda: save(scene(160, 120).convert("CMYK"), "JPEG", exif=exif(), comment=KILROY),
    ),
    ("a drawing", "plan.png", png_with_text),
    ("a transparent drawing", "logo.png", lambda: png_with_text(transparent=True)),
    ("a drawing with notes behind", "plan2.png", lambda: png_with_text(tail=KILROY)),
    ("an animation", "cat.gif", gif_animated),
    ("an animation with long notes", "cat2.gif", gif_with_xmp),
    ("an animation with notes behind", "cat3.gif", lambda: gif_animated(tail=KILROY)),
    ("a picture of the web", "p.webp", webp),
    ("a transparent picture of the web", "p2.webp", lambda: webp(transparent=True)),
    ("a moving picture of the web", "p3.webp", webp_animated),
    ("a phone's photo", "IMG_0002.heic", heic),
    ("a phone's photo held upright", "IMG_0003.heic", lambda: heic(orientation=6)),
]

SOUNDS: list[tuple[str, str, Maker]] = [
    ("a film", "walk.mp4", mp4),
    ("a film held upright", "walk2.mp4", lambda: mp4(rotation=90)),
    ("a film in pieces", "walk3.mp4", fragmented_mp4),
    ("a film with a phone's own box", "walk4.mp4", mp4_with_user_data),
    ("a phone's film", "IMG_1.mov", mov),
    ("a film of the web", "clip.webm", webm),
    ("a song with a cover", "song.mp3", mp3),
    ("a song with frames of programs", "song2.mp3", private_frame),
    ("a song with a tag behind", "song3.mp3", ape_tag),
    (
        "a song with an old tag behind",
        "song4.mp3",
        lambda: mp3_with(_id3_frame(b"TIT2", b"\0x"), b"TAG" + KILROY.ljust(125, b"\0")),
    ),
    ("a voice", "voice.ogg", ogg),
    ("a voice with a cover", "voice2.ogg", ogg_with_cover),
    ("a recording", "memo.wav", wav),
    ("a recording of a reporter", "memo2.wav", wav_with_notes),
]

PAPERS: list[tuple[str, Maker]] = [
    *(
        (what, ACTIVE[what])
        for what in (
            "who wrote it",
            "who wrote it, in XML",
            "what its program kept",
            "what its program packed",
        )
    ),
    ("who wrote it, and when", dated_paper),
    ("a photo with a place", photo),
    ("a photo with a place, in letters", wrapped_in_paper),
]


def has_no_place(received: Received) -> str:
    """Whether no photo within the paper tells where it was taken."""
    everything = insides(received.safe)
    return "a photo within has notes" if b"Exif\0\0" in everything or CAMERA in everything else ""


METADATA: tuple[Specimen, ...] = (
    *(
        accept("metadata", what, name, make, KILROY, CAMERA, proof=tells_nothing)
        for what, name, make in PICTURES
    ),
    *(
        accept("metadata", what, name, make, KILROY, WHERE, CAMERA, proof=plays_and_tells_nothing)
        for what, name, make in SOUNDS
    ),
    *(
        accept(
            "metadata",
            f"a paper: {what}",
            f"Paper {number}.pdf",
            make,
            BOOM,
            KILROY,
            CAMERA,
            proof=has_no_place,
        )
        for number, (what, make) in enumerate(PAPERS)
    ),
)
