"""Pictures as phones, cameras, scanners, browsers and drawing programs make them."""

from __future__ import annotations

import io

from PIL import Image

from tests.corpus.benign.cameras import (
    colour_16,
    drawn_over,
    gif_87,
    grey_16,
    interlaced,
    lab_profile,
    long_profile,
    mirrored,
    noisy,
    of_adobe,
    png_chunk_of_its_own,
    screenshot,
    split_png,
    transparent_gif,
    transparent_palette,
    with_film,
    with_remark_first,
    with_trailer,
)
from tests.corpus.specimens import Maker, Received, Specimen, accept
from tests.files import (
    corners,
    gif_animated,
    heic,
    jpeg_cmyk,
    jpeg_in_wide_colours,
    jpeg_with_gps,
    jpeg_with_two_pictures,
    photo_12_megapixels,
    png_animated,
    png_with_text,
    scene,
    webp,
    webp_animated,
)
from tests.files.cache import cached
from tests.files.pictures import exif, save

UPRIGHT = ["red", "lime", "blue", "white"]


def is_upright(received: Received) -> str:
    with Image.open(io.BytesIO(received.safe)) as image:
        found = corners(image)
    return "" if found == UPRIGHT else f"its corners are {found}"


def is_a_picture(received: Received) -> str:
    """Whether the copy opens, and is as large as the original is when it is seen."""
    with Image.open(io.BytesIO(received.safe)) as image:
        image.load()
        size = image.size
    told = (received.media.width, received.media.height)
    return "" if size == told else f"it is {size}, told as {told}"


def still_moves(received: Received) -> str:
    with Image.open(io.BytesIO(received.safe)) as image:
        return "" if getattr(image, "n_frames", 1) > 1 else "it moves no more"


JPEGS: list[tuple[str, str, Maker]] = [
    *((f"held in the way {n}", f"IMG_10{n}.jpg", lambda n=n: mirrored(n)) for n in range(1, 9)),
    ("progressive", "P1000.JPG", lambda: save(scene(800, 600), "JPEG", progressive=True, exif=exif())),
    ("grey", "scan 1.jpg", lambda: save(scene(400, 300).convert("L"), "JPEG")),
    ("for printers", "poster.jpg", jpeg_cmyk),
    ("for printers, of a fine quality", "poster2.jpg", of_adobe),
    ("in wide colours", "IMG_4410.JPG", jpeg_in_wide_colours),
    ("with two pictures", "DSC00012.JPG", jpeg_with_two_pictures),
    ("with full colours", "fine.jpg", lambda: save(scene(400, 300), "JPEG", subsampling=0, quality=98)),
    ("with restarts", "scan 2.jpg", lambda: save(scene(400, 300), "JPEG", restart_marker_rows=1)),
    ("of a low quality", "forwarded.jpg", lambda: save(scene(1200, 900), "JPEG", quality=20, optimize=True)),
    ("of twelve megapixels", "20260501_094100.jpg", photo_12_megapixels),
    (
        "of twenty four megapixels",
        "DSC_2400.JPG",
        lambda: cached("photo-24mp.jpg", lambda: noisy(6000, 4000, quality=85)),
    ),
    ("with a phone's notes behind", "20260501_1.jpg", with_trailer),
    ("with a film behind", "PXL_20260501.MP.jpg", with_film),
    ("with zeros behind", "received.jpg", lambda: jpeg_with_gps() + bytes(400)),
    ("with a line behind", "pasted.jpeg", lambda: jpeg_with_gps() + b"\r\n"),
    ("with a long profile", "studio.jpg", long_profile),
    ("with a remark first", "web.jpg", with_remark_first),
    ("of one pixel", "dot.jpg", lambda: save(Image.new("RGB", (1, 1), "red"), "JPEG")),
    ("very wide", "panorama.jpg", lambda: cached("panorama.jpg", lambda: noisy(12_000, 900))),
]

PNGS: list[tuple[str, str, Maker]] = [
    ("a screenshot", "Bildschirmfoto.png", screenshot),
    ("a long screenshot", "Screenshot_20260501.png", lambda: screenshot(720, 9000)),
    ("a screenshot of a fine screen", "Screen.png", lambda: screenshot(2880, 1800)),
    ("with remarks", "export.png", png_with_text),
    ("transparent", "logo.png", lambda: png_with_text(transparent=True)),
    ("of few colours", "chart.png", lambda: save(scene(300, 200).quantize(16), "PNG")),
    ("of few colours, one of them transparent", "icon.png", transparent_palette),
    ("black and white", "fax.png", lambda: save(scene(300, 200).convert("1"), "PNG")),
    ("grey", "xray.png", lambda: save(scene(300, 200).convert("L"), "PNG")),
    ("grey and transparent", "stamp.png", lambda: save(scene(300, 200).convert("LA"), "PNG")),
    ("grey of sixteen bits", "depth.png", grey_16),
    ("of sixteen bits", "render.png", colour_16),
    ("of sixteen bits and transparent", "render2.png", lambda: colour_16(alpha=True)),
    ("in seven passes", "banner.png", interlaced),
    ("in pieces", "canvas.png", split_png),
    ("moving", "sticker.png", png_animated),
    ("with a screen's profile", "mac.png", lab_profile),
    ("with a chunk of its own", "sketch.png", png_chunk_of_its_own),
    ("of forty nine megapixels", "map.png", lambda: save(Image.new("P", (7000, 7000), 3), "PNG")),
    ("of one pixel", "pixel.png", lambda: save(Image.new("RGBA", (1, 1)), "PNG")),
    (
        "of noise",
        "noise.png",
        lambda: cached(
            "noise.png", lambda: save(Image.merge("RGB", [Image.effect_noise((900, 700), 90)] * 3), "PNG")
        ),
    ),
]

MORE: list[tuple[str, str, Maker]] = [
    ("an animation", "cat.gif", gif_animated),
    ("an animation in pieces", "steps.gif", drawn_over),
    ("a picture of the old kind", "button.gif", gif_87),
    ("a transparent picture", "smiley.gif", transparent_gif),
    ("a long animation", "party.gif", lambda: gif_animated(90)),
    ("a picture of the web", "product.webp", webp),
    ("a transparent picture of the web", "cut.webp", lambda: webp(transparent=True)),
    ("a lossless picture of the web", "diagram.webp", lambda: save(scene(300, 200), "WEBP", lossless=True)),
    ("a moving picture of the web", "sticker.webp", webp_animated),
    ("a phone's photo", "IMG_0001.HEIC", heic),
    *(
        (f"a phone's photo, held in the way {n}", f"IMG_000{n}.HEIC", lambda n=n: heic(orientation=n))
        for n in (3, 6, 8)
    ),
    ("a larger phone's photo", "IMG_0100.HEIC", lambda: heic(2016, 1512)),
    ("a drawing that a messenger renamed", "WhatsApp Image.jpg", png_with_text),
    ("a photo that a browser renamed", "download.png", jpeg_with_gps),
    ("a picture of the web that a browser renamed", "product.jpg", webp),
    ("a phone's photo that a program renamed", "IMG_0200.jpg", heic),
]

MOVING = {
    "moving",
    "an animation",
    "an animation in pieces",
    "a long animation",
    "a moving picture of the web",
}

TURNED = {what for what, _, _ in (*JPEGS, *MORE) if "held in the way" in what}


def _proof(what: str) -> object:
    if what in MOVING:
        return still_moves
    return is_upright if what in TURNED else is_a_picture


PHOTOS: tuple[Specimen, ...] = tuple(
    accept("photo", f"{family} {what}".strip(), name, make, proof=_proof(what))  # type: ignore[arg-type]
    for family, those in (("jpeg", JPEGS), ("png", PNGS), ("", MORE))
    for what, name, make in those
)
