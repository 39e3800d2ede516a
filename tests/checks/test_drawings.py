"""SVG: people see the drawing, as a picture; its scripts, links and tricks stay behind."""

from __future__ import annotations

import importlib.util
import io
import socket
import zipfile
from pathlib import Path

import pytest
import resvg_py

from tests import files
from tests.checks.looking import looked_at, opened
from tests.files import drawings
from tests.files.drawings import BAD_DRAWINGS, GOOD_DRAWINGS, INERT_DRAWINGS
from vestibule.checks.archives import ArchiveCheck
from vestibule.checks.drawings import DrawingCheck, drawing_checks
from vestibule.checks.filetype import FiletypeCheck
from vestibule.checks.policies.reading import parsed, read
from vestibule.checks.policy import Limits, Policy
from vestibule.checks.rebuilding import Limits as Opening
from vestibule.checks.sandbox import DECODERS, Sandbox
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.gatehouse import build_gate
from vestibule.http import Metrics
from vestibule.http.dispositions import is_inline

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN = Policy(default=Limits(extensions=frozenset({"svg", "zip", "png"})))
CORNERS = ["red", "lime", "blue", "white"]


@pytest.fixture
def check(sandbox: Sandbox) -> DrawingCheck:
    return DrawingCheck(sandbox)


@pytest.mark.parametrize("name", [*GOOD_DRAWINGS, *INERT_DRAWINGS])
async def test_people_see_the_drawing_as_a_picture(name: str, check: DrawingCheck, tmp_path: Path) -> None:
    content = (GOOD_DRAWINGS | INERT_DRAWINGS)[name]
    async with looked_at(check, tmp_path, content) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        copy = seen.copy("safe")
        assert (copy.content_type, copy.width, copy.height) == ("image/png", 1600, 1200)
        for kind in ("safe", "preview"):
            assert files.corners(opened(await seen.read(kind))) == CORNERS
            assert files.SECRET.encode() not in await seen.read(kind)


@pytest.mark.parametrize("name", BAD_DRAWINGS)
async def test_what_cannot_be_drawn_is_refused_in_time(
    name: str, check: DrawingCheck, tmp_path: Path
) -> None:
    content, reason = BAD_DRAWINGS[name]
    async with looked_at(check, tmp_path, content, "image/svg+xml") as seen:
        assert seen.outcome == ("refused", reason), seen.finding.verdict.detail
        assert await seen.kept() == ["original"]


async def test_a_drawing_without_an_end_is_stopped(
    check: DrawingCheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DrawingCheck, "cpu", 1.0)
    async with looked_at(check, tmp_path, drawings.ENDLESS) as seen:
        assert seen.outcome in {("refused", "too_complex"), ("timeout", "check_failed")}
        assert await seen.kept() == ["original"]


async def test_a_picture_within_that_promises_gigabytes_opens_nothing(
    check: DrawingCheck, tmp_path: Path
) -> None:
    async with looked_at(check, tmp_path, drawings.with_bomb()) as seen:
        assert not seen.finding.verdict.is_clean or _is_blank(await seen.read("safe"))


async def test_a_drawing_cannot_show_a_file_of_the_server(check: DrawingCheck, tmp_path: Path) -> None:
    content = drawings.with_picture_of(tmp_path / "secret.png")
    assert not _is_blank(resvg_py.svg_to_bytes(svg_string=content.decode()))  # without the sandbox, it does
    async with looked_at(check, tmp_path, content) as seen:
        assert _is_blank(await seen.read("safe"))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "/etc/passwd", "/dev/zero", "/proc/self/environ"])
async def test_nor_anything_else_that_lies_there(target: str, check: DrawingCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, drawings.with_picture(target)) as seen:
        assert _is_blank(await seen.read("safe"))


async def test_nobody_is_called_while_it_is_drawn(check: DrawingCheck, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        url = f"http://127.0.0.1:{other.getsockname()[1]}/a.png"
        async with looked_at(check, tmp_path, drawings.with_picture(url)) as seen:
            assert _is_blank(await seen.read("safe"))
        with pytest.raises(BlockingIOError):
            other.accept()


def _is_blank(content: bytes) -> bool:
    return opened(content).convert("RGBA").getchannel("A").getextrema() == (0, 0)


async def test_a_picture_that_the_drawing_brings_along_is_shown(check: DrawingCheck, tmp_path: Path) -> None:
    content = drawings.with_picture(drawings.picture(files.png_with_text()))
    async with looked_at(check, tmp_path, content) as seen:
        assert files.corners(opened(await seen.read("safe"))) == CORNERS


async def test_a_hijacked_decoder_cannot_hand_the_drawing_on(tmp_path: Path) -> None:
    async with (
        Sandbox([*DECODERS, "tests.checks.hijacked_drawings"]) as hijacked,
        looked_at(DrawingCheck(hijacked), tmp_path, drawings.drawing()) as seen,
    ):
        assert seen.outcome[0] == "error" or seen.outcome == ("refused", "type_mismatch")
        assert await seen.kept() == ["original"]


# Who may send them


async def test_by_default_nobody_may_send_a_drawing(sandbox: Sandbox) -> None:
    assert FiletypeCheck(Policy()).judge_head("a.svg", "", drawings.drawing()).reason == "type_not_accepted"
    assert drawing_checks(Policy(), sandbox) == []
    assert not is_inline("image/svg+xml")


async def test_where_the_policy_names_them_they_are_taken(sandbox: Sandbox) -> None:
    verdict = FiletypeCheck(OPEN).judge_head("a.svg", "image/svg+xml", drawings.of_illustrator()[:4096])
    assert verdict.is_clean, verdict
    guests = Policy(roles={"guest": OPEN.default})
    assert [check.name for check in drawing_checks(guests, sandbox)] == ["drawings"]


async def test_a_drawing_is_drawn_as_large_as_the_policy_lets_pictures_be(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    for limits, side in ((Opening(side=400), 400), (Opening(pixels=90_000), 300), (Opening(), 1600)):
        (check,) = drawing_checks(OPEN, sandbox, limits)
        async with looked_at(check, tmp_path, drawings.drawing()) as seen:
            assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
            assert seen.copy("safe").width == side


async def test_a_policy_that_names_them_needs_what_draws_them(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vestibule.checks.drawings.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'vestibule\[svg\]'"):
        build_gate(Settings(), parsed('[files]\nextensions = ["svg"]'), sandbox, None, Metrics())
    build_gate(Settings(), read(), sandbox, None, Metrics())


async def test_without_what_draws_them_no_file_gets_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [name for name in DECODERS if "drawings" not in name]
    async with Sandbox(without) as bare, looked_at(DrawingCheck(bare), tmp_path, drawings.drawing()) as seen:
        assert seen.outcome == ("error", "check_failed")
    assert importlib.util.find_spec("resvg_py")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("plain", "clean"), ("script", "refused"), ("handlers", "refused"), ("picture elsewhere", "refused")],
)
async def test_in_a_zip_a_drawing_may_not_act(
    name: str, outcome: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.svg", (GOOD_DRAWINGS | INERT_DRAWINGS)[name])
    check = ArchiveCheck(sandbox, policy=OPEN)
    async with looked_at(check, tmp_path, archive.getvalue(), "application/zip", "a.zip") as seen:
        assert seen.outcome == (outcome, "active_content" if outcome == "refused" else "")
