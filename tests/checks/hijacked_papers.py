"""The job for PDFs as a reader would do it that a file has taken over: it answers `clean` and lies."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import Image

PREVIEW = {"content_type": "image/webp", "width": 8, "height": 8}


def let_through(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Hands the original on as the safe copy."""
    outputs["safe"].write(file.read())
    Image.new("RGB", (8, 8)).save(outputs["preview"], "WEBP")
    return {"safe": {"content_type": "application/pdf"}, "preview": PREVIEW, "pages": 1}


JOBS = {"documents.rebuild": let_through}
