"""Files that are small to send and endless to open."""

from __future__ import annotations

import struct
import zlib

from tests.corpus.specimens import Maker, Received, Specimen, disarm, refuse
from tests.files import bomb_gif, bomb_heic, bomb_jpeg, bomb_of_frames, bomb_of_text, bomb_png, bomb_webp, mp4
from tests.files.archives import MIB, many, overlapping, packed, quine_like
from tests.files.bad_archives import BAD_ARCHIVES
from tests.files.cache import cached
from tests.files.monsters import COMPLEX, MONSTERS
from tests.files.office import cell, sheet_document, word_document
from tests.files.pictures import chunk, patched, png_of_chunks, save, save_frames, scene
from tests.files.zip_writer import Entry, deflated, zipped


def profile_bomb() -> bytes:
    """A colour profile that unpacks to 100 MB."""
    whole = save(scene(64, 48), "PNG")
    profile = chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(100 * MIB)))
    return whole[:33] + profile + whole[33:]


def pixels_that_fit(side: int = 20_000) -> bytes:
    """Every byte that its head promises is there: 1.2 thousand million, packed to one."""

    def make() -> bytes:
        packer = zlib.compressobj(9)
        row = bytes(1 + side * 3)
        data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
        head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        return png_of_chunks([(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")])

    return cached("pixels.png", make)


def one_line(width: int = 1_000_000) -> bytes:
    """As wide as a town."""
    head = struct.pack(">IIBBBBB", width, 40, 1, 0, 0, 0, 0)
    return png_of_chunks(
        [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(40 * (1 + width // 8)))), (b"IEND", b"")]
    )


def moving_png(frames: int = 2_000, side: int = 4000) -> bytes:
    """Frames of a pixel on a large canvas."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    first = zlib.compress(bytes(side * (side + 1)))
    chunks = [(b"IHDR", head), (b"acTL", struct.pack(">II", frames, 0))]
    chunks += [(b"fcTL", struct.pack(">IIIIIHHBB", 0, side, side, 0, 0, 1, 25, 0, 0)), (b"IDAT", first)]
    dot, number = zlib.compress(b"\0\xff"), 1
    for _ in range(frames - 1):
        chunks.append((b"fcTL", struct.pack(">IIIIIHHBB", number, 1, 1, 0, 0, 1, 25, 0, 0)))
        chunks.append((b"fdAT", struct.pack(">I", number + 1) + dot))
        number += 2
    return png_of_chunks([*chunks, (b"IEND", b"")])


def moving_webp() -> bytes:
    """Its canvas is patched to the largest that the format has; its frames stay small."""
    frames = [scene(32, 24).rotate(turn) for turn in range(0, 90, 3)]
    return patched(save_frames(frames, "WEBP", duration=40), "WEBP", 16_383)


def entities() -> bytes:
    inner = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    body = f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 \"ha\">{inner}]><a>&l9;</a>"
    return word_document().part("customXml/item1.xml", body).written()


def quadratic() -> bytes:
    """One long entity, told often."""
    body = f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x \"{'x' * 50_000}\">]><a>{'&x;' * 5_000}</a>"
    return word_document().part("customXml/item1.xml", body).written()


def inflating_letter() -> bytes:
    return word_document("<w:p/>" + " " * (80 * MIB)).written()


def letter_of_many_parts() -> bytes:
    document = word_document()
    for number in range(2_000):
        document.part(f"word/media/image{number}.xml", "<a/>")
    return document.written()


def letter_with_a_lying_part() -> bytes:
    """A part that says it is small."""
    return zipped(
        [Entry("[Content_Types].xml", b" " * (30 * MIB), size=100), Entry("word/document.xml", b"<a/>")]
    )


def sheet_without_end() -> bytes:
    return cached("formula.xlsx", lambda: sheet_document(cell("1+" * 200_000 + "1")).written())


def deep_letter() -> bytes:
    return word_document("<w:p>" * 20_000 + "</w:p>" * 20_000).written()


def pictures_in_an_archive() -> bytes:
    """Each would be let in alone if nobody counted its pixels."""
    return packed({f"photo {n}.png": bomb_png(30_000) for n in range(20)})


def bomb_in_a_letter() -> bytes:
    document = word_document().tie("word/document.xml", "image", "media/image1.png")
    return document.part("word/media/image1.png", pixels_that_fit()).written()


def film_of_a_size(side: int = 32_000) -> bytes:
    """A film whose picture is said to be larger than a house."""
    whole = bytearray(mp4())
    at = whole.index(b"avc1", whole.index(b"stsd"))
    whole[at + 28 : at + 32] = struct.pack(">HH", side, side)
    return bytes(whole)


def index_without_end() -> bytes:
    """A film with a table of two thousand million samples."""
    whole = bytearray(mp4())
    at = whole.index(b"stsz")
    whole[at + 12 : at + 16] = struct.pack(">I", 0x7FFFFFFF)
    return bytes(whole)


def recording_of_five_hours() -> bytes:
    """Silence, of eight kilobits a second: every frame is there."""
    return (b"\xff\xe3\x18\xc4" + bytes(68)) * (5 * 3600 * 1000 // 72)


def lying_size() -> bytes:
    """Says 10 bytes, and is 60 MB."""
    content = bytes(60 * MIB)
    return zipped([Entry("a.txt", b"", packed=deflated(content), size=10, crc=zlib.crc32(content))])


MORE: list[tuple[str, str, Maker]] = [
    ("a drawing of too many pixels", "plan.png", bomb_png),
    ("a drawing whose pixels are all there", "plan2.png", pixels_that_fit),
    ("a drawing as wide as a town", "plan3.png", one_line),
    ("a photo of too many pixels", "photo.jpg", bomb_jpeg),
    ("an animation of too many pixels", "cat.gif", bomb_gif),
    ("a picture of too many pixels", "cat.webp", bomb_webp),
    ("a phone's photo of too many pixels", "IMG_5.heic", bomb_heic),
    ("an animation of too many frames", "dance.gif", bomb_of_frames),
    ("a moving drawing of too many frames", "dance.png", moving_png),
    ("a moving picture of too large a canvas", "dance.webp", moving_webp),
    ("a remark that unpacks", "remark.png", bomb_of_text),
    ("a profile that unpacks", "profile.png", profile_bomb),
    ("entities that grow", "Letter.docx", entities),
    ("an entity told often", "Letter2.docx", quadratic),
    ("a letter that unpacks", "Letter3.docx", inflating_letter),
    ("a letter of many parts", "Letter4.docx", letter_of_many_parts),
    ("a letter whose part lies", "Letter5.docx", letter_with_a_lying_part),
    ("a letter without a bottom", "Letter6.docx", deep_letter),
    ("a formula without an end", "Sum.xlsx", sheet_without_end),
    ("an archive of pictures", "Pictures.zip", pictures_in_an_archive),
    ("members that overlap", "Overlap.zip", overlapping),
    ("twenty thousand members", "Many.zip", lambda: many(20_000)),
    ("archives of archives", "Forty-two.zip", quine_like),
    ("a size that lies", "Size.zip", lying_size),
    (
        "a letter that is a bomb in an archive",
        "Post.zip",
        lambda: packed({"a.docx": cached("inflating.docx", inflating_letter)}),
    ),
    ("a recording of five hours", "silence.mp3", recording_of_five_hours),
    ("a film with an index without end", "film2.mp4", index_without_end),
]

MOST_PIXELS = 50_000_000  # of one picture


def is_no_larger_than_a_wall(received: Received) -> str:
    """By the head of its track, which a player goes by when it makes room."""
    at = received.safe.index(b"avc1", received.safe.index(b"stsd"))
    width, height = struct.unpack(">HH", received.safe[at + 28 : at + 32])
    return f"it is {width} x {height}" if width * height > MOST_PIXELS else ""


ADOPTED = (
    "ten megabytes of nothing",
    "much of not so little",
    "a large size that is not true",
    "directory too long",
    "larger than said",
    "four levels",
)

BOMBS: tuple[Specimen, ...] = (
    *(refuse("bomb", what, name, make) for what, name, make in MORE),
    disarm(
        "bomb", "a film of too large a picture", "film.mp4", film_of_a_size, proof=is_no_larger_than_a_wall
    ),
    *(
        refuse("bomb", f"an archive: {what}", f"Archive-{number}.zip", BAD_ARCHIVES[what][0])
        for number, what in enumerate(ADOPTED)
    ),
    *(
        refuse("bomb", f"a paper: {what}", f"Paper-{number}.pdf", make)
        for number, (what, (make, reason)) in enumerate(MONSTERS.items())
        if reason == COMPLEX or what in {"a bomb of objects", "a doubling tree", "a deep tree"}
    ),
)
