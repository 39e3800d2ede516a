"""Pictures and recordings with the notes that cameras, phones and programs write beside what they show."""

from __future__ import annotations

import io
import struct

import av

from tests.files import (
    PLACE,
    SECRET,
    gif_animated,
    jpeg_with_gps,
    mp3,
    mp4,
    wav,
)
from tests.files.pictures import exif, save, scene
from tests.files.recordings import _id3_frame

KILROY, WHERE = SECRET.encode(), PLACE.encode()


CAMERA = b"Vestibule Camera Works"


def iptc() -> bytes:
    """What a press photographer writes: in Photoshop's segment."""
    caption = b"\x1c\2\x78" + struct.pack(">H", len(KILROY)) + KILROY
    caption += b"\x1c\2\x50" + struct.pack(">H", len(CAMERA)) + CAMERA
    block = b"8BIM\4\4\0\0" + struct.pack(">I", len(caption)) + caption + b"\0" * (len(caption) % 2)
    segment = b"Photoshop 3.0\0" + block
    whole = save(scene(160, 120), "JPEG")
    return whole[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + whole[2:]


def with_thumbnail() -> bytes:
    """The small picture within shows what was cut off the large one."""
    small = save(scene(64, 48), "JPEG", comment=KILROY)
    tags = exif()
    head = tags.tobytes()
    return save(scene(160, 120), "JPEG", exif=_with_small(head, small))


def _with_small(head: bytes, small: bytes) -> bytes:
    """A second directory, for the small picture, behind the first."""
    order = "<" if head[6:8] == b"II" else ">"
    first = 6 + struct.unpack(order + "I", head[10:14])[0]
    count = struct.unpack(order + "H", head[first : first + 2])[0]
    link = first + 2 + count * 12
    start = len(head) - 6
    directory = struct.pack(order + "H", 2)
    directory += struct.pack(order + "HHII", 0x0201, 4, 1, start + 30) + struct.pack(
        order + "HHII", 0x0202, 4, 1, len(small)
    )
    directory += struct.pack(order + "I", 0)
    return head[:link] + struct.pack(order + "I", start) + head[link + 4 :] + directory + small


def with_maker_note() -> bytes:
    """The camera's own notes, with its number and its owner."""
    tags = exif()
    inner = tags.get_ifd(0x8769)
    inner[0x927C] = b"MAKER\0" + KILROY
    inner[0x9286] = b"ASCII\0\0\0" + KILROY
    inner[0xA430], inner[0xA431] = SECRET, "0123456789"
    tags[0x9C9B] = SECRET.encode("utf-16-le")
    return save(scene(160, 120), "JPEG", exif=tags)


def extended_xmp() -> bytes:
    """Notes so long that they take a second segment."""
    notes = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + struct.pack(">II", 30_000, 0) + KILROY * 100
    whole = jpeg_with_gps(160, 120)
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes + whole[2:]


def gif_with_xmp() -> bytes:
    whole = gif_animated(2)
    xmp = (
        b"\x21\xff\x0bXMP DataXMP<x:xmpmeta>" + KILROY + b"</x:xmpmeta>\1" + bytes(range(255, -1, -1)) + b"\0"
    )
    at = whole.index(b"\x21\xff\x0bNETSCAPE")
    return whole[:at] + xmp + whole[at:]


def named_profile() -> bytes:
    """A screen's profile that bears its owner's name."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = profile.index("sRGB".encode("utf-16-be"))
    profile[at : at + 8] = "Ada!".encode("utf-16-be")
    return save(scene(160, 120), "JPEG", icc_profile=bytes(profile) + KILROY)


def mp3_with(frames: bytes, tail: bytes = b"") -> bytes:
    size = len(frames)
    head = b"ID3\3\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return head + frames + mp3(cover=False) + tail


def ape_tag() -> bytes:
    item = struct.pack("<II", len(KILROY), 0) + b"Comment\0" + KILROY
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)
    return mp3_with(_id3_frame(b"TIT2", b"\0" + KILROY), item + foot)


def private_frame() -> bytes:
    place = b"\0eng\0\0" + KILROY
    return mp3_with(
        _id3_frame(b"PRIV", b"owner\0" + KILROY)
        + _id3_frame(b"USLT", place)
        + _id3_frame(b"GEOB", b"\0a\0b\0c\0" + KILROY)
    )


def wav_with_notes() -> bytes:
    note = b"bext" + struct.pack("<I", 602) + KILROY.ljust(602, b"\0")
    info = b"INFOIART" + struct.pack("<I", 16) + KILROY.ljust(16, b"\0")
    whole = wav(1)
    whole = whole[:12] + note + whole[12:] + b"LIST" + struct.pack("<I", len(info)) + info
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def ogg_with_cover() -> bytes:
    """A picture among the remarks, and it tells where it was taken."""
    import base64

    file = io.BytesIO()
    picture = jpeg_with_gps(32, 24)
    block = (
        struct.pack(">II", 3, 10)
        + b"image/jpeg"
        + struct.pack(">I", 0)
        + struct.pack(">IIIII", 32, 24, 24, 0, len(picture))
        + picture
    )
    from tests.files.recordings import SAMPLES, _speak

    with av.open(file, "w", format="ogg") as target:
        target.metadata.update({"title": SECRET, "METADATA_BLOCK_PICTURE": base64.b64encode(block).decode()})
        _speak(target, target.add_stream("libopus", rate=SAMPLES), 1)
    return file.getvalue()


def mp4_with_user_data() -> bytes:
    """A phone's own box, with its number and a place."""
    content = b"\xa9xyz" + struct.pack(">HH", len(WHERE), 0x15C7) + WHERE
    box = struct.pack(">I", len(content) + 4) + content
    box += struct.pack(">I", len(KILROY) + 8) + b"SDLN" + KILROY
    return (
        mp4()
        + struct.pack(">I", len(box) + 8)
        + b"udta"
        + box
        + struct.pack(">I", 24 + len(KILROY))
        + b"uuid"
        + bytes(16)
        + KILROY
    )
