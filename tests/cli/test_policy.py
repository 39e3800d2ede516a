"""`vestibule policy`: is it one, what does a preset say, what would it have decided?"""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers import command

WRONG = 2


def test_a_policy_is_looked_at_before_it_is_used(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('name = "branch"\n[files]\nextensions = ["pdf"]\n')
    done = command("policy", "check", policy)
    assert done.returncode == 0
    assert done.stdout.startswith("branch-")


def test_a_policy_that_this_house_cannot_keep_is_told(tmp_path: Path) -> None:
    done = command("policy", "check", "strict")
    assert done.returncode == WRONG
    assert "take `required` out of [checks.antivirus]" in done.stderr


def test_a_preset_is_shown_as_it_would_be_written(tmp_path: Path) -> None:
    shown = command("policy", "show", "web-chat")
    copy = tmp_path / "policy.toml"
    copy.write_text(shown.stdout)
    assert command("policy", "check", copy).stdout == command("policy", "check", "web-chat").stdout


def test_a_preset_that_is_not_there_is_told() -> None:
    done = command("policy", "show", "lax")
    assert done.returncode == WRONG
    assert "only strict, web-chat, open" in done.stderr


def test_where_no_house_is_none_is_made(tmp_path: Path) -> None:
    done = command("policy", "simulate", "strict", "--data", tmp_path / "data")
    assert done.returncode == WRONG
    assert "There is no house in" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_house_without_files_has_nothing_to_decide_again(tmp_path: Path) -> None:
    command("key", "new", "--data", tmp_path / "data")
    done = command("policy", "simulate", "strict", "--data", tmp_path / "data", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["files"] == 0


def test_what_to_decide_again_is_said_in_one_way(tmp_path: Path) -> None:
    done = command("policy", "simulate", "strict", "--against", "all", "--data", tmp_path / "data")
    assert done.returncode == WRONG
    assert "'all' is not like `last:1000`" in done.stderr
