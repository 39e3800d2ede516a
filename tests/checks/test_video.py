"""Video and sound: played a little, packed anew, with picture, sound and nothing else."""

from __future__ import annotations

import io
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import msgspec
import pytest
from PIL import Image

from tests import files
from tests.checks.looking import looked_at
from vestibule.checks.rebuilding import Limits
from vestibule.checks.sandbox import DECODERS, Sandbox
from vestibule.checks.video import VideoCheck

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAIL = b"<html><script>alert('tail')</script></html>PK\x05\x06" + bytes(18)

RECORDINGS: list[Callable[[], bytes]] = [
    files.mp4,
    files.mov,
    files.fragmented_mp4,
    files.webm,
    files.browser_video,
    files.voice_note,
    files.m4a,
    files.mp3,
    files.wav,
    files.ogg,
    files.flac,
    files.aac,
    files.amr,
]


@pytest.fixture
def check(sandbox: Sandbox) -> VideoCheck:
    return VideoCheck(sandbox)


def said(content: bytes) -> str:
    """Everything a container says in words."""
    with av.open(io.BytesIO(content), "r") as container:
        words = {**container.metadata}
        for stream in container.streams:
            words |= stream.metadata
    return repr(words)


def first_frame(content: bytes) -> Any:
    with av.open(io.BytesIO(content), "r") as container:
        return next(container.decode(video=0))


@pytest.mark.parametrize("make", RECORDINGS)
async def test_place_title_and_tails_are_gone_from(
    make: Callable[[], bytes], check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make() + TAIL) as seen:
        assert seen.outcome == ("clean", "")
        safe = await seen.read("safe")
        for word in (files.SECRET.encode(), files.PLACE.encode(), b"script", b"PK\x05\x06"):
            assert word not in safe
        assert "location" not in said(safe)


async def test_the_sample_does_say_where_it_was_taken() -> None:
    assert files.PLACE in said(files.mp4())
    assert files.SECRET in said(files.mp3())


@pytest.mark.parametrize("make", RECORDINGS)
async def test_a_recordings_length_is_told(
    make: Callable[[], bytes], check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make()) as seen:
        assert seen.finding.duration == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("make", [make for make in RECORDINGS if make is not files.amr])
async def test_picture_and_sound_are_left_as_they_were(
    make: Callable[[], bytes], check: VideoCheck, tmp_path: Path
) -> None:
    content = make()
    async with looked_at(check, tmp_path, content) as seen:
        for kind in ("video", "audio"):
            before, after = _decoded(content, kind), _decoded(await seen.read("safe"), kind)
            assert after == before


def _decoded(content: bytes, kind: str) -> list[int]:
    with av.open(io.BytesIO(content), "r") as container:
        streams = [s for s in container.streams if s.type == kind and not s.disposition & 0x400]
        if not streams:
            return []
        frames: Iterator[Any] = container.decode(streams[0])
        return [hash(bytes(frame.planes[0])) for frame in frames]


async def test_a_video_can_be_sought_before_it_is_there_whole(check: VideoCheck, tmp_path: Path) -> None:
    content = files.mp4()
    assert content.index(b"moov") > content.index(b"mdat")
    async with looked_at(check, tmp_path, content) as seen:
        safe = await seen.read("safe")
        assert safe.index(b"moov") < safe.index(b"mdat")


async def test_a_browsers_voice_note_gets_its_length_and_index(check: VideoCheck, tmp_path: Path) -> None:
    with av.open(io.BytesIO(files.voice_note()), "r") as container:
        assert container.duration is None
    async with looked_at(check, tmp_path, files.voice_note()) as seen:
        assert seen.finding.width is None
        with av.open(io.BytesIO(await seen.read("safe")), "r") as container:
            assert container.duration == pytest.approx(3_000_000, abs=50_000)


async def test_a_phones_clip_is_shown_as_it_was_held(check: VideoCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.mov()) as seen:
        assert (seen.finding.width, seen.finding.height) == (240, 320)
        poster = Image.open(io.BytesIO(await seen.read("poster")))
        assert poster.size == (240, 320)
        # Held upright, what was at the right of the sensor is at the top.
        assert files.corners(poster) == ["lime", "white", "red", "blue"]
        assert first_frame(await seen.read("safe")).rotation == 90
        assert seen.copy("safe").content_type == "video/mp4"  # more browsers play it


async def test_a_poster_is_not_black_when_the_clip_begins_in_the_dark(
    check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, files.mp4(4, dark=1.8)) as seen:
        poster = Image.open(io.BytesIO(await seen.read("poster")))
        assert files.corners(poster) == ["red", "lime", "blue", "white"]


async def test_a_clip_shorter_than_a_second_has_a_poster(check: VideoCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.mp4(0.2, sound=False)) as seen:
        assert seen.outcome == ("clean", "")
        assert seen.copy("poster").width == 320


async def test_a_songs_cover_is_no_video(check: VideoCheck, tmp_path: Path) -> None:
    content = files.mp3(cover=True)
    with av.open(io.BytesIO(content), "r") as container:
        assert container.streams.video
    async with looked_at(check, tmp_path, content) as seen:
        assert [copy.name for copy, _ in seen.finding.copies] == ["safe"]
        with av.open(io.BytesIO(await seen.read("safe")), "r") as container:
            assert not container.streams.video


async def test_an_iphones_hevc_stays_playable_on_iphones(check: VideoCheck, tmp_path: Path) -> None:
    content = files.mov(codec="libx265")
    assert b"hvc1" in content
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.copy("safe").content_type == "video/mp4"
        assert b"hvc1" in await seen.read("safe")  # they do not play what is tagged hev1


async def test_pixels_that_are_not_square_are_made_so_in_the_poster(
    check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, files.mp4(1, aspect=2)) as seen:
        assert (seen.finding.width, seen.finding.height) == (640, 240)
        assert (seen.copy("poster").width, seen.copy("poster").height) == (640, 240)


@pytest.mark.parametrize("make", [files.amr, files.amr_wide])
async def test_an_old_phones_memo_can_be_played_in_a_browser(
    make: Callable[[], bytes], check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, make()) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert seen.copy("safe").content_type == "audio/ogg"
        with av.open(io.BytesIO(await seen.read("safe")), "r") as container:
            assert container.streams[0].codec_context.name == "opus"
            assert container.duration == pytest.approx(3_000_000, abs=100_000)


async def test_a_memo_sounds_as_it_did(check: VideoCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.amr()) as seen:
        assert _loudness(await seen.read("safe")) == pytest.approx(_loudness(files.amr()), rel=0.3)


def _loudness(content: bytes) -> float:
    """The mean of all samples, from nothing to 32 767."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
    with av.open(io.BytesIO(content), "r") as container:
        frames = [one for frame in container.decode(audio=0) for one in resampler.resample(frame)]
    samples = b"".join(bytes(frame.planes[0])[: 2 * frame.samples] for frame in frames)
    return sum(map(abs, array("h", samples))) / (len(samples) // 2)


async def test_a_page_behind_the_head_of_a_memo_does_not_come_through(
    check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, b"#!AMR\n" + TAIL * 40) as seen:
        kept = await seen.read("safe") if seen.finding.verdict.is_clean else b""
        assert b"script" not in kept
        assert b"PK\x05\x06" not in kept


# Refused


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<html>" * 500,
        files.mp3(),
        files.jpeg_with_gps(),
    ],
    ids=["playlist", "local playlist", "session", "concat", "html", "song", "photo"],
)
@pytest.mark.parametrize("content_type", ["video/mp4", "video/webm"])
async def test_what_is_no_such_recording_is_refused(
    content: bytes, content_type: str, check: VideoCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, content, content_type) as seen:
        assert seen.outcome == ("refused", "damaged")
        assert await seen.kept() == ["original"]


async def test_a_page_between_the_right_headers_does_not_play(check: VideoCheck, tmp_path: Path) -> None:
    content = files.mp4(sound=False)
    start, end = content.index(b"mdat") + 4, content.rindex(b"moov") - 4
    page = (b"<script>alert(1)</script>" * end)[: end - start]
    async with looked_at(check, tmp_path, content[:start] + page + content[end:]) as seen:
        assert seen.outcome == ("refused", "damaged")


async def test_half_a_video_is_damaged(check: VideoCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, files.mp4()[:20_000]) as seen:
        assert seen.outcome == ("refused", "damaged")


@pytest.mark.parametrize("limits", [Limits(duration=2), Limits(streams=1), Limits(pixels=10_000)])
@pytest.mark.parametrize("make", [files.mp4, files.webm])
async def test_what_is_beyond_the_limits_is_too_complex(
    make: Callable[[], bytes], limits: Limits, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with looked_at(VideoCheck(sandbox, limits), tmp_path, make()) as seen:
        assert seen.outcome == ("refused", "too_complex")


async def test_a_length_that_is_not_written_down_counts_too(sandbox: Sandbox, tmp_path: Path) -> None:
    async with looked_at(VideoCheck(sandbox, Limits(duration=2)), tmp_path, files.voice_note()) as seen:
        assert seen.outcome == ("refused", "too_complex")


async def test_a_hijacked_decoder_cannot_make_a_page_of_a_video(tmp_path: Path) -> None:
    async with Sandbox([*DECODERS, "tests.checks.hijacked"]) as hijacked:
        with pytest.raises(msgspec.ValidationError):  # a check that raises counts as `error`
            async with looked_at(VideoCheck(hijacked), tmp_path, files.mp4()):
                pass
