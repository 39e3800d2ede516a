"""`vestibule check`: the gate on a file of one's own, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checks.conftest import running_clamd
from tests.files import jpeg_with_gps, pdf
from tests.servers import command

CLEAN, NOT, UNSURE = 0, 1, 2


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return written(tmp_path / "photo.jpg", jpeg_with_gps())


@pytest.fixture
def trick(tmp_path: Path) -> Path:
    return written(tmp_path / "trick.jpg", b"<html><script>alert(1)</script></html>")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_clean_file_is_shown_with_each_checks_answer_and_time(photo: Path) -> None:
    done = command("check", photo)
    assert done.returncode == CLEAN, done.stderr
    for word in ("photo.jpg: clean", "policy", "filetype", "image", "ms"):
        assert word in done.stdout


def test_a_file_that_only_pretends_is_refused_with_the_reason(trick: Path) -> None:
    done = command("check", trick)
    assert done.returncode == NOT
    assert "trick.jpg: refused" in done.stdout
    assert "type_mismatch" in done.stdout


def test_without_its_scanner_the_check_cannot_tell(photo: Path) -> None:
    done = command("check", photo, clamd="unix:/nowhere/at/all")
    assert done.returncode == UNSURE
    assert "check_failed" in done.stdout


@pytest.mark.clamd
def test_what_is_wrong_with_the_scanner_is_told_beside_the_answer(photo: Path) -> None:
    with running_clamd(alerts=False) as (address, _):
        done = command("check", photo, "--json", clamd=address)
    assert json.loads(done.stdout)["media"]["state"] == "clean"
    for setting in ("StreamMaxLength", "AlertExceedsMax", "AlertEncrypted"):
        assert setting in done.stderr


def test_a_script_reads_json(photo: Path, trick: Path) -> None:
    clean, refused = command("check", photo, "--json"), command("check", trick, "--json")
    timeline = json.loads(clean.stdout)
    assert timeline["media"]["state"] == "clean"
    assert all(verdict["milliseconds"] >= 0 for verdict in timeline["verdicts"])
    assert json.loads(refused.stdout)["media"]["reason"] == "type_mismatch"
    assert (clean.returncode, refused.returncode) == (CLEAN, NOT)


def test_name_and_type_are_what_a_sender_would_say(tmp_path: Path) -> None:
    file = written(tmp_path / "upload.tmp", pdf())
    assert command("check", file).returncode == NOT
    assert command("check", file, "--name", "bill.pdf").returncode == CLEAN
    assert command("check", file, "--name", "bill.pdf", "--type", "image/png").returncode == NOT
    assert command("check", file, "--name", "bill.pdf.exe").returncode == NOT


def test_the_configuration_counts(photo: Path, tmp_path: Path) -> None:
    config = tmp_path / "vestibule.toml"
    policy = written(tmp_path / "policy.toml", b'[files]\nextensions = ["pdf"]\n')
    config.write_text(f'policy = "{policy}"\n')
    done = command("check", photo, "--config", config)
    assert done.returncode == NOT
    assert "type_not_accepted" in done.stdout


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = command("check", tmp_path / "nothing.jpg")
    assert done.returncode == UNSURE
    assert "There is no file" in done.stderr


def test_nothing_stays_behind(photo: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    assert command("check", photo, cwd=here).returncode == CLEAN
    assert list(here.iterdir()) == []


def test_a_name_or_sentence_in_brackets_is_shown_whole(tmp_path: Path) -> None:
    photo = written(tmp_path / "[red]photo[bold].jpg", jpeg_with_gps())
    assert "[red]photo[bold].jpg: clean" in command("check", photo).stdout
    done = command("check", photo, file_extensions="[exe]")
    assert "'[exe]'" in done.stderr
