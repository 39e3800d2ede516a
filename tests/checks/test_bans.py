"""What is banned does not come in again: the same bytes are refused, what looks like them is held."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import random
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from tests.checks.looking import looked_at
from tests.checks.specimens import SID, chunks_of, specimen, stored
from tests.files.archives import nested, packed
from tests.files.pictures import save
from vestibule.checks.bans import BanCheck, MemberBanCheck
from vestibule.checks.decoders import likeness
from vestibule.checks.likeness import DETAIL, NEAR, Fingerprint, LikenessCheck, nearest
from vestibule.checks.sandbox import Answer, Sandbox
from vestibule.models import Verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARCEL = b"a parcel that ticks"
DIGEST = hashlib.sha256(PARCEL).hexdigest()


class Broken(Sandbox):
    """One in which no process can be started."""

    async def run(self, *given: Any, **more: Any) -> Answer:
        return Answer(outcome="error", reason="check_failed", detail="there is no process")


async def find(media_sid: str, digests: Sequence[str]) -> str:
    """A list with the parcel on it."""
    return "BN1: ticks" if DIGEST in digests else ""


async def some(media_sid: str) -> bool:
    return True


async def none(media_sid: str) -> bool:
    return False


# The same bytes


async def test_the_very_bytes_are_refused_without_an_accusation(tmp_path: Path) -> None:
    check, storage = BanCheck(find), await stored(tmp_path, PARCEL)
    found = await check(msgspec.structs.replace(specimen(PARCEL), sha256=DIGEST), storage)
    assert (found.verdict.outcome, found.verdict.reason, found.verdict.detail) == (
        "refused",
        "banned",
        "BN1: ticks",
    )


async def test_other_bytes_pass(tmp_path: Path) -> None:
    check, storage = BanCheck(find), await stored(tmp_path, PARCEL + b".")
    other = hashlib.sha256(PARCEL + b".").hexdigest()
    found = await check(msgspec.structs.replace(specimen(PARCEL), sha256=other), storage)
    assert found.verdict.is_clean


@pytest.mark.parametrize(
    "content",
    [
        packed({"a.txt": b"first", "b/c.txt": PARCEL}),
        packed({"inner.zip": packed({"b.txt": PARCEL})}),
        packed({"inner.zip": packed({"deep.zip": packed({"b.txt": PARCEL})})}),
    ],
    ids=["in it", "in a zip in it", "two zips down"],
)
async def test_a_zip_with_the_parcel_in_it_is_refused(
    sandbox: Sandbox, tmp_path: Path, content: bytes
) -> None:
    async with looked_at(MemberBanCheck(find, some, sandbox), tmp_path, content) as seen:
        assert seen.outcome == ("refused", "banned")


async def test_a_zip_without_it_passes(sandbox: Sandbox, tmp_path: Path) -> None:
    async with looked_at(MemberBanCheck(find, some, sandbox), tmp_path, nested(2)) as seen:
        assert seen.outcome == ("clean", "")


async def test_a_zip_within_is_banned_as_a_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    inner = packed({"a.txt": b"harmless"})
    digest = hashlib.sha256(inner).hexdigest()

    async def find_inner(media_sid: str, digests: Sequence[str]) -> str:
        return "BN2" if digest in digests else ""

    content = packed({"inner.zip": inner})
    async with looked_at(MemberBanCheck(find_inner, some, sandbox), tmp_path, content) as seen:
        assert seen.outcome == ("refused", "banned")


async def test_where_nothing_is_banned_no_zip_is_unpacked(tmp_path: Path) -> None:
    check = MemberBanCheck(find, none, Broken())
    async with looked_at(check, tmp_path, packed({"a.txt": b"x"})) as seen:
        assert seen.outcome == ("clean", "")


async def test_a_zip_that_cannot_be_unpacked_is_not_clean(tmp_path: Path) -> None:
    check = MemberBanCheck(find, some, Broken())
    async with looked_at(check, tmp_path, packed({"a.txt": b"x"})) as seen:
        assert seen.outcome == ("error", "check_failed")


async def test_a_refusal_that_says_no_more_is_one_all_the_same(tmp_path: Path) -> None:
    class Curt(Sandbox):
        async def run(self, *_: Any, **__: Any) -> Answer:
            return Answer(outcome="refused", reason="damaged")

    async with looked_at(MemberBanCheck(find, some, Curt()), tmp_path, packed({"a.txt": b"x"})) as seen:
        assert seen.outcome == ("refused", "damaged")


# What looks alike


def photo() -> Image.Image:
    """Somebody's real one, which comes with a library that the benchmarks use."""
    package = importlib.util.find_spec("matplotlib")
    assert package
    assert package.origin
    place = Path(package.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
    return Image.open(place).convert("RGB")


def landscape(seed: int) -> Image.Image:
    """Hills, clouds and a few houses, as chance wants them."""
    chance = random.Random(seed)
    coarse = Image.new("RGB", (12, 9))
    coarse.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(12 * 9)])
    image = coarse.resize((640, 480), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, size = chance.randrange(600), chance.randrange(440), chance.randrange(20, 140)
        draw.rectangle((x, y, x + size, y + size), fill=tuple(chance.randrange(256) for _ in range(3)))
    return image


def seen(image: Image.Image) -> Fingerprint:
    file = io.BytesIO(save(image, "BMP"))
    limits = {"pixels": 50_000_000, "side": 30_000, "frames": 1, "frame_pixels": 50_000_000}
    return msgspec.convert(
        likeness.fingerprint(file, {}, {"content_type": "image/bmp", **limits}), Fingerprint
    )


def distance(image: Image.Image, other: Image.Image) -> int:
    near = nearest(seen(other), [(int(seen(image).upright, 16), "")])
    assert near
    return near[0]


def worse(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(save(image, "JPEG", quality=quality))).convert("RGB")


def cropped(image: Image.Image, part: float) -> Image.Image:
    w, h = image.size
    return image.crop((int(w * part), int(h * part), int(w * (1 - part)), int(h * (1 - part))))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "half": lambda image: image.resize((image.width // 2, image.height // 2)),
    "a quarter": lambda image: image.resize((image.width // 4, image.height // 4)),
    "squeezed": lambda image: image.resize((image.width, image.height // 2)),
    "saved badly": lambda image: worse(image, 20),
    "half and saved badly": lambda image: worse(image.resize((image.width // 2, image.height // 2)), 30),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "paler": lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    "cut a little": lambda image: cropped(image, 0.01),
    "mirrored": ImageOps.mirror,
    "mirrored and saved badly": lambda image: worse(ImageOps.mirror(image), 30),
}


@pytest.mark.parametrize("how", COPIES)
async def test_a_copy_that_was_changed_looks_alike(how: str) -> None:
    originals = [photo(), *(landscape(seed) for seed in range(3))]
    far = [distance(image, COPIES[how](image)) for image in originals]
    assert max(far) <= NEAR, far


async def test_other_pictures_do_not_look_alike() -> None:
    marks = [seen(image) for image in (photo(), *(landscape(seed) for seed in range(20)))]
    pairs = combinations(marks, 2)
    near = [nearest(one, [(int(other.upright, 16), "")]) for one, other in pairs]
    assert min(found[0] for found in near if found) > 2 * NEAR


@pytest.mark.parametrize("colour", ["white", "black", "teal"])
async def test_of_a_flat_picture_nothing_is_told(colour: str) -> None:
    assert seen(Image.new("RGB", (300, 200), colour)).detail < DETAIL


async def test_the_values_are_those_of_other_lists() -> None:
    """A value that another program of the same recipe (pdqhash 0.2.8) gave for this photo."""
    theirs = int(OF_THE_PHOTO, 16)
    assert nearest(seen(photo()), [(theirs, "theirs")])[0] <= 12  # type: ignore[index]


OF_THE_PHOTO = "cc6c7cb9fbf7c44f31837672900233f3ffd9d012223ccdf561606309dd97c020"


async def judged(
    check: LikenessCheck, folder: Path, small: Image.Image | None, content_type: str = "image/png"
) -> Verdict:
    storage = await stored(folder, b"the original is not looked at")
    if small is not None:
        await storage.put(f"quarantine/{SID}/preview", chunks_of(save(small, "WEBP", quality=80)))
    described = msgspec.structs.replace(specimen(b"x"), content_type=content_type)
    assert check.applies(described)
    return (await check(described, storage)).verdict


def banning(*images: Image.Image) -> Callable[[str], object]:
    async def alike(media_sid: str) -> list[tuple[int, str]]:
        return [(int(seen(image).upright, 16), f"BN{place}") for place, image in enumerate(images)]

    return alike


async def test_what_looks_like_a_banned_picture_is_held(sandbox: Sandbox, tmp_path: Path) -> None:
    check = LikenessCheck(sandbox, banning(landscape(1), photo()))  # type: ignore[arg-type]
    verdict = await judged(check, tmp_path, worse(photo().resize((300, 352)), 50))
    assert (verdict.outcome, verdict.reason) == ("suspicious", "check_pending")
    assert verdict.detail.startswith("BN1: ")


async def test_the_same_picture_is_held_too_never_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    check = LikenessCheck(sandbox, banning(photo()))  # type: ignore[arg-type]
    assert (await judged(check, tmp_path, photo())).outcome == "suspicious"


async def test_another_picture_passes(sandbox: Sandbox, tmp_path: Path) -> None:
    check = LikenessCheck(sandbox, banning(photo()))  # type: ignore[arg-type]
    assert (await judged(check, tmp_path, landscape(3))).is_clean


async def test_where_no_picture_is_banned_none_is_looked_at(tmp_path: Path) -> None:
    assert (await judged(LikenessCheck(Broken(), banning()), tmp_path, None)).is_clean  # type: ignore[arg-type]


@pytest.mark.parametrize("small", [None, "there"], ids=["no small picture", "no sandbox"])
async def test_what_cannot_be_compared_is_not_clean(tmp_path: Path, small: str | None) -> None:
    check = LikenessCheck(Broken(), banning(photo()))  # type: ignore[arg-type]
    verdict = await judged(check, tmp_path, photo() if small else None)
    assert (verdict.outcome, verdict.reason) == ("error", "check_failed")
