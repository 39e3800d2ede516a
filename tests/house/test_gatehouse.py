"""What the house's own gate lets out: of pictures and PDFs, nothing but what was made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import pdf
from tests.files.active_papers import ACTIVE, BOOM
from tests.media.conftest import open_media_house
from vestibule.checks.archives import UnpackingCheck
from vestibule.checks.policies.reading import parsed, read
from vestibule.checks.rebuilding import RebuildingCheck
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.sensitive import SensitiveCheck
from vestibule.config import Settings
from vestibule.errors import MediaRefused
from vestibule.gatehouse import NEEDED, OPTIONAL, build_gate
from vestibule.http import Metrics
from vestibule.media.gate import Gate

ROOT = Path(__file__).parents[2]


def gate(sandbox: Sandbox) -> Gate:
    return build_gate(Settings(), read(), sandbox, None, Metrics())


async def test_an_active_pdf_is_disarmed_and_its_original_is_gone(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        own = gate(sandbox)
        house = await open_media_house(tmp_path, streams=(), checks=own.checks, rebuilt=own.rebuilt)
        media = await house.upload(ACTIVE["script in a stream"]())
        assert {copy.name: copy.content_type for copy in media.renditions} == {
            "safe": "application/pdf",
            "preview": "image/webp",
        }
        assert not [path for path in house.bytes_on_disk() if BOOM in path.read_bytes()]
        await house.house.close()


async def test_a_pdf_that_no_check_rebuilt_is_never_served(tmp_path: Path) -> None:
    house = await open_media_house(tmp_path, streams=(), rebuilt=gate(Sandbox()).rebuilt)
    with pytest.raises(MediaRefused):
        await house.upload(pdf())
    assert house.bytes_on_disk() == []
    await house.house.close()


def test_the_built_in_rules_may_be_left_to_another_scanner() -> None:
    for settings, are_there in ((Settings(), True), (Settings(built_in_rules=False), False)):
        own = build_gate(settings, read(), Sandbox(), None, Metrics())
        assert any(check.name == "rules" for check in own.checks) is are_there


def test_the_desk_has_words_for_every_check() -> None:
    words = (ROOT / "web" / "packages" / "desk" / "src" / "texts.ts").read_text(encoding="utf-8")
    table = words[words.index("const checks") : words.index("const outcomes")]
    assert [name for name in (*NEEDED, *OPTIONAL) if f"  {name}: " not in table] == []


def test_what_the_policy_says_of_pictures_and_archives_reaches_whoever_opens_them() -> None:
    policy = parsed('[files]\nextensions = ["svg", "zip"]\n[pictures]\nside = 1234\n[archives]\nmembers = 12')
    checks = build_gate(Settings(), policy, Sandbox(), None, Metrics()).checks
    opening = {check.name: check.limits for check in checks if isinstance(check, RebuildingCheck)}
    inside = {check.name: check.opening for check in checks if isinstance(check, UnpackingCheck)}
    unpacking = {
        check.name: check.limits for check in checks if isinstance(check, UnpackingCheck | SensitiveCheck)
    }

    assert {"images", "drawings"} <= opening.keys()
    assert {"archives", "office"} <= inside.keys()
    assert "sensitive" in unpacking
    assert {limits.side for limits in (*opening.values(), *inside.values())} == {1234}
    assert {limits.members for limits in unpacking.values()} == {12}
