"""Everyday files: what customers send, made by code, each another one so that no cache knows it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import av
import pikepdf
from PIL import Image

from parcels import Parcel

PHOTO_BYTES = 3_000_000
PAGES = 3
SECONDS, RATE = 30, 25

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def photo() -> Parcel:
    """12 megapixels of soft colours under grain, as large as a phone makes them."""
    soft = Image.frombytes("RGB", (40, 30), os.urandom(3600)).resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((4000, 3000), 24).convert("RGB")
    picture, file = Image.blend(soft, grain, 0.25), io.BytesIO()
    for quality in range(95, 40, -5):
        file = io.BytesIO()
        picture.save(file, "jpeg", quality=quality)
        if file.tell() <= PHOTO_BYTES:
            break
    return Parcel("photo, 12 MP", "photo.jpg", "image/jpeg", file.getvalue())


def paper() -> Parcel:
    """A bill: three pages of text and a logo."""
    document, file = pikepdf.new(), io.BytesIO()
    for number in range(PAGES):
        page = document.add_blank_page(page_size=(595, 842))
        lines = "".join(f"0 -14 Td (Parcel {os.urandom(6).hex()}, 14.20) Tj\n" for _ in range(50))
        text = f"BT /F1 11 Tf 60 800 Td (Page {number + 1}) Tj\n{lines}ET".encode()
        page.Contents = document.make_stream(text)
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
    document.save(file)
    return Parcel("PDF, 3 pages", "bill.pdf", "application/pdf", file.getvalue())


def letter() -> Parcel:
    """A Word document of a few pages."""
    words = "".join(f"<w:p><w:r><w:t>Line {os.urandom(20).hex()}</w:t></w:r></w:p>" for _ in range(300))
    body = f'<?xml version="1.0"?><w:document xmlns:w="{_SPACE}"><w:body>{words}</w:body></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", _TYPES)
        parts.writestr("_rels/.rels", _RELATIONS)
        parts.writestr("word/document.xml", body)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Parcel("docx", "letter.docx", kind, file.getvalue())


def clip() -> Parcel:
    """30 seconds of 720p from a phone, about 8 MB."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "b": "2M"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 1280, 720, "yuv420p", 2_000_000
        grains = [_grain() for _ in range(8)]
        for number in range(SECONDS * RATE):
            frame = grains[number % len(grains)]
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return Parcel("video, 30 s", "clip.mp4", "video/mp4", file.getvalue())


def _grain() -> av.VideoFrame:
    soft = Image.frombytes("RGB", (16, 9), os.urandom(432)).resize((1280, 720), Image.Resampling.BICUBIC)
    return av.VideoFrame.from_image(soft).reformat(format="yuv420p")


EVERYDAY: Mapping[str, Callable[[], Parcel]] = {
    "photo, 12 MP": photo,
    "PDF, 3 pages": paper,
    "docx": letter,
    "video, 30 s": clip,
}
