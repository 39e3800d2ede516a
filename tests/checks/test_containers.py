"""The walk through our own copies: whatever is no picture is found."""

from __future__ import annotations

import io

import pytest

from tests import files
from tests.checks.specimens import specimen
from tests.files.pictures import chunk, save
from vestibule.checks.decoders import containers
from vestibule.checks.nursery.jobs import load
from vestibule.checks.sandbox import DECODERS


@pytest.mark.parametrize(
    ("content", "stray"),
    [
        (files.jpeg_with_gps(), "segment"),
        (files.png_with_text(), "chunk"),
        (files.gif_animated(), "block"),
        (files.webp(), "chunk"),
        (save(files.scene(64, 48), "JPEG") + b"!", "after its end"),
        (save(files.scene(64, 48), "PNG") + b"!", "after its end"),
        (save(files.scene(64, 48), "GIF") + b"!", "after its end"),
        (save(files.scene(64, 48), "WEBP") + b"!", "after its end"),
        (save(files.scene(64, 48), "JPEG")[:-2], "no proper end"),
        (save(files.scene(64, 48), "JPEG")[:-2] + b"\xff\xfe\x00\x04hi\xff\xd9", "segment FE"),
        (save(files.scene(64, 48), "PNG")[:-12] + chunk(b"tEXt", b"a\0b"), "chunk"),
    ],
)
def test_whatever_is_no_picture_is_found_in_a_copy(content: bytes, stray: str) -> None:
    assert stray in containers.stray(io.BytesIO(content), specimen(content).content_type)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_bare_picture_holds_nothing_else(format_: str) -> None:
    content = save(files.scene(64, 48), format_)
    assert containers.stray(io.BytesIO(content), f"image/{format_.lower()}") == ""


def test_the_decoders_list_their_jobs() -> None:
    names = {f"{kind}.{job}" for kind in ("images", "documents", "video") for job in ("rebuild", "verify")}
    assert names <= set(load(DECODERS))
