"""What `docs/do/write-a-check.md` shows, done."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.committed import examples
from tests.servers import command

PAGE = "docs/do/write-a-check.md"
CHECK = next(text for place, text in examples("python") if place.startswith(PAGE))
TEST = next(text for place, text in examples("py") if place.startswith(PAGE))


async def test_the_page_s_check_passes_the_page_s_test(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("my_checks")
    exec(CHECK, module.__dict__)
    monkeypatch.setitem(sys.modules, "my_checks", module)
    page: dict[str, object] = {}
    exec(TEST, page)
    await page["test_it_keeps_its_contract"]()  # type: ignore[operator]


def test_the_page_s_check_refuses_a_draft_by_hand(tmp_path: Path) -> None:
    (tmp_path / "my_checks.py").write_text(CHECK, encoding="utf-8")
    (tmp_path / "letter.txt").write_text("Draft\nDear Ada,\n", encoding="utf-8")
    done = command("check", "letter.txt", cwd=tmp_path, extensions="my_checks.py")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no_drafts" in done.stdout
    assert "It says that it is a draft." in done.stdout
