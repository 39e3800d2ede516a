"""How pictures are written again, where it takes a special one to see it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests import files
from vestibule.checks.decoders import saving


def test_a_picture_that_webp_cannot_hold_becomes_another_kind() -> None:
    output = io.BytesIO()
    kind = saving.save_still(Image.new("RGB", (16_400, 2), "red"), "WEBP", 1000, output)
    assert kind == "image/png"
    assert Image.open(output).size == (16_400, 2)


def test_a_long_animation_keeps_its_colours_in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "LONG", 0)
    output = io.BytesIO()
    assert saving.save_animation(Image.open(io.BytesIO(files.gif_animated())), output) == "image/gif"
    moved = Image.open(output)
    moved.seek(5)
    red, green, blue = moved.convert("RGB").getpixel((60, 40))  # type: ignore[misc]
    assert red > 220
    assert 140 < green < 190
    assert blue < 30
