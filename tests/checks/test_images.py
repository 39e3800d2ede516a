"""Pictures: what others get is pixels, upright, in the right colours, and nothing besides."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from tests import files
from tests.checks.looking import looked_at, opened
from tests.checks.specimens import SID, specimen, stored
from tests.files.pictures import png_of_chunks, save
from vestibule.checks.images import ImageCheck
from vestibule.checks.sandbox import DECODERS, Sandbox
from vestibule.ports import Storage

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = b"PK\x05\x06" + bytes(18) + b"<html><script>alert('Kilroy was here')</script></html>"


@pytest.fixture
def check(sandbox: Sandbox) -> ImageCheck:
    return ImageCheck(sandbox)


@pytest.mark.parametrize(
    "make",
    [
        lambda: files.jpeg_with_gps(tail=PAGE),
        lambda: files.png_with_text(tail=PAGE),
        lambda: files.png_with_text(transparent=True, tail=PAGE),
        lambda: files.gif_animated(tail=PAGE),
        files.webp,
        files.webp_animated,
        files.heic,
        lambda: files.avif(tail=PAGE),
        lambda: files.bmp(tail=PAGE),
    ],
    ids=["jpeg", "png", "transparent png", "gif", "webp", "animated webp", "heic", "avif", "bmp"],
)
async def test_place_camera_remarks_and_tails_are_gone_from(
    make: Callable[[], bytes], check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make()) as seen:
        assert seen.outcome == ("clean", "")
        for name in ("safe", "preview"):
            content = await seen.read(name)
            image = opened(content)
            assert not image.getexif()
            assert not {"comment", "icc_profile", "xmp", "exif", "photoshop"} & set(image.info)
            for word in (files.SECRET.encode(), b"script", b"PK\x05\x06", b"Exif", b"Camera"):
                assert word not in content


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8])
async def test_a_photo_stays_the_way_up_that_it_was_seen(
    orientation: int, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, files.jpeg_with_gps(orientation=orientation)) as seen:
        safe = opened(await seen.read("safe"))
        assert files.corners(safe) == ["red", "lime", "blue", "white"]
        assert (seen.finding.width, seen.finding.height) == safe.size == (640, 480)
        assert files.corners(opened(await seen.read("preview"))) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("make", [files.heic, files.avif])
async def test_so_does_a_picture_that_its_decoder_turns(
    make: Callable[..., bytes], orientation: int, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make(orientation=orientation)) as seen:
        safe = opened(await seen.read("safe"))
        assert (safe.size, files.corners(safe)) == ((320, 240), ["red", "lime", "blue", "white"])


async def test_the_first_of_two_pictures_in_a_photo_is_kept(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.jpeg_with_two_pictures()) as seen:
        safe = opened(await seen.read("safe"))
        assert (safe.format, safe.size) == ("JPEG", (320, 240))


async def test_a_bitmap_comes_out_small(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.bmp()) as seen:
        assert seen.copy("safe").content_type in ("image/png", "image/jpeg")
        assert files.corners(opened(await seen.read("safe"))) == ["red", "lime", "blue", "white"]


async def test_a_bitmap_from_the_top_down_stays_upright(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.bmp_upside_down()) as seen:
        assert files.corners(opened(await seen.read("safe"))) == ["red", "lime", "blue", "white"]


async def test_of_a_moving_avif_the_first_picture_is_kept(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.avif_animated()) as seen:
        assert seen.outcome == ("clean", "")
        assert seen.copy("safe").content_type == "image/jpeg"


async def test_an_iphones_picture_becomes_a_jpeg(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.heic()) as seen:
        assert seen.copy("safe").content_type == "image/jpeg"
        assert files.corners(opened(await seen.read("safe"))) == ["red", "lime", "blue", "white"]


async def test_a_printers_colours_come_out_right(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.jpeg_cmyk()) as seen:
        safe = opened(await seen.read("safe"))
        assert (safe.mode, files.corners(safe)) == ("RGB", ["red", "lime", "blue", "white"])


async def test_a_colour_profile_is_applied_before_it_is_dropped(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.jpeg_in_wide_colours()) as seen:
        grey: Any = opened(await seen.read("safe")).getpixel((9, 9))
        assert all(abs(value - 188) < 4 for value in grey)  # 128 on a straight line


async def test_a_broken_colour_profile_does_no_harm(check: ImageCheck, tmp_path: Path) -> None:
    content = save(files.scene(64, 48), "JPEG", icc_profile=b"no profile at all")
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", "")


async def test_sixteen_bits_of_grey_keep_their_brightness(check: ImageCheck, tmp_path: Path) -> None:
    rows = zlib.compress(b"".join(b"\0" + struct.pack(">4H", 0, 32768, 65535, 32768) for _ in range(4)))
    head = struct.pack(">IIBBBBB", 4, 4, 16, 0, 0, 0, 0)
    content = png_of_chunks([(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")])
    async with looked_at(check, tmp_path, content) as seen:
        safe = opened(await seen.read("safe")).convert("L")
        assert [safe.getpixel((x, 1)) for x in range(3)] == [0, 127, 255]


async def test_a_transparent_drawing_stays_transparent(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.png_with_text(transparent=True)) as seen:
        safe = opened(await seen.read("safe"))
        assert (safe.format, safe.mode) == ("PNG", "RGBA")
        assert safe.getchannel("A").getextrema() == (0, 255)


async def test_a_drawing_stays_sharp_and_a_photo_in_png_becomes_a_jpeg(
    check: ImageCheck, tmp_path: Path
) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((200, 200), 90) for _ in range(3)])
    for content, kind in ((files.png_with_text(), "image/png"), (save(noise, "PNG"), "image/jpeg")):
        async with looked_at(check, tmp_path, content) as seen:
            assert seen.copy("safe").content_type == kind


@pytest.mark.parametrize("make", [files.gif_animated, files.webp_animated, files.png_animated])
async def test_an_animation_goes_on_moving(
    make: Callable[[], bytes], check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make()) as seen:
        safe = Image.open(io.BytesIO(await seen.read("safe")))
        frames = [(frame.load(), frame.info["duration"])[1] for frame in ImageSequence.Iterator(safe)]
        assert frames == [80] * 6
        assert safe.info["loop"] == 0
        assert seen.copy("safe").content_type == f"image/{str(safe.format).lower()}"
        assert getattr(opened(await seen.read("preview")), "n_frames", 1) == 1


async def test_a_preview_is_small_and_keeps_its_shape(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.jpeg_with_gps(2000, 500)) as seen:
        preview = opened(await seen.read("preview"))
        assert (preview.format, preview.size) == ("WEBP", (960, 240))
        copy = seen.copy("preview")
        assert (copy.content_type, copy.width, copy.height) == ("image/webp", 960, 240)
        assert copy.size == len(await seen.read("preview"))


# Refused


@pytest.mark.parametrize(
    "make",
    [
        files.jpeg_with_gps,
        files.png_with_text,
        files.gif_animated,
        files.webp,
        files.heic,
        files.avif,
        files.bmp,
    ],
    ids=["jpeg", "png", "gif", "webp", "heic", "avif", "bmp"],
)
async def test_half_a_picture_is_damaged(
    make: Callable[[], bytes], check: ImageCheck, tmp_path: Path
) -> None:
    content = make()
    async with looked_at(check, tmp_path, content[: len(content) * 2 // 3]) as seen:
        assert seen.outcome == ("refused", "damaged")
        assert seen.finding.copies == ()


@pytest.mark.parametrize("content", [b"<html>hello</html>", files.png_with_text(), b"MZ" + bytes(500)])
async def test_what_only_pretends_to_be_a_photo_is_told_as_such(
    content: bytes, check: ImageCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, content, "image/jpeg") as seen:
        assert seen.outcome == ("refused", "type_mismatch")


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x20\0\0\0WEBP"]
)
async def test_the_right_first_bytes_are_not_enough(head: bytes, check: ImageCheck, tmp_path: Path) -> None:
    kinds = {0xFF: "image/jpeg", 0x89: "image/png", 0x47: "image/gif", 0x52: "image/webp"}
    async with looked_at(check, tmp_path, head + b"<html>" * 40, kinds[head[0]]) as seen:
        assert seen.outcome[0] == "refused"


# Not even when a decoder was taken over


async def test_a_hijacked_decoder_cannot_pass_the_original_on(tmp_path: Path) -> None:
    async with (
        Sandbox([*DECODERS, "tests.checks.hijacked"]) as hijacked,
        looked_at(ImageCheck(hijacked), tmp_path, files.jpeg_with_gps()) as seen,
    ):
        assert seen.outcome == ("error", "check_failed")
        assert "The copy holds" in seen.finding.verdict.detail
        assert await seen.kept() == ["original"]


# Around it


class Remote:
    """A storage whose bytes are no plain files."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def path(self, key: str) -> Path | None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)


async def test_bytes_in_an_object_store_are_looked_at_all_the_same(check: ImageCheck, tmp_path: Path) -> None:
    content = files.jpeg_with_gps()
    storage = await stored(tmp_path, content)
    finding = await check(specimen(content), Remote(storage))  # type: ignore[arg-type]
    assert finding.verdict.is_clean
    assert [key async for key in storage.list(f"quarantine/{SID}/safe")]
    await storage.close()


async def test_the_pictures_of_other_makers_pass(check: ImageCheck, tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    found = [
        *Path(matplotlib.get_data_path()).rglob("*.jpg"),
        *Path(matplotlib.get_data_path()).rglob("*.png"),
    ]
    assert found
    for path in found:
        async with looked_at(check, tmp_path, path.read_bytes()) as seen:
            assert seen.outcome == ("clean", ""), path.name


async def test_a_verdict_names_the_engine_and_its_time(check: ImageCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.webp()) as seen:
        assert "pillow" in seen.finding.verdict.version
        assert seen.finding.verdict.milliseconds > 0


async def test_the_check_has_nothing_to_say_of_other_files(check: ImageCheck) -> None:
    assert not check.applies(specimen(b"%PDF-1.7\n"))
    assert not check.applies(specimen(b"hello"))
