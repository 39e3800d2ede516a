"""Jobs as a decoder would do them that a file has taken over: they answer `clean` and lie."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import Image

PREVIEW = {"content_type": "image/webp", "width": 8, "height": 8}


def let_through(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Hands the original on as the safe copy."""
    outputs["safe"].write(file.read())
    size = Image.open(file).size
    Image.new("RGB", (8, 8)).save(outputs["preview"], "WEBP")
    safe = {"content_type": options["content_type"], "width": size[0], "height": size[1]}
    return {"safe": safe, "preview": PREVIEW, "frames": 1}


def write_a_page(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Makes a page of HTML, and says so."""
    outputs["safe"].write(b"<script>alert(1)</script>")
    return {"safe": {"content_type": "text/html", "width": 8, "height": 8}, "preview": PREVIEW, "frames": 1}


JOBS = {"images.rebuild": let_through, "video.rebuild": write_a_page}
