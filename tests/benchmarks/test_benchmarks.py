"""The benchmarks run and find out what they promise. Whether the figures are good is not asked here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services import needed

ROOT = Path(__file__).parents[2]
MIB_OF_FLAT = 32  # a file is streamed, never held


def measured(name: str, to: Path) -> dict[str, Any]:
    """What a benchmark finds out when it is in a hurry."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--quick", "--to", str(to)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()  # a table, for whoever waits
    found: dict[str, Any] = json.loads((to / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return measured("messages", tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return measured("rest", tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    needed("nginx")
    return measured("uploads", tmp_path_factory.mktemp("results"))


def test_messages_are_measured_beside_sqlite_alone(messages: dict[str, Any]) -> None:
    assert messages["sent"] > 0
    assert messages["pace"].keys() >= {"rate", "delivery_p50", "delivery_p99", "acknowledged_p99"}
    for each in messages["rounds"]:
        assert each["rate"] > 0
        assert each["raw_rate"] > 0
        assert each["group"] >= 1


def test_messages_over_rest_are_measured_as_account_and_as_people(rest: dict[str, Any]) -> None:
    for each in (*rest["account"], *rest["people"]):
        assert each["rate"] > 0
        assert each["answered_p99"] >= each["answered_p50"] > 0
    assert rest["raw_rate"]["least"] > 0


def test_the_machine_is_described_and_its_owner_is_not(messages: dict[str, Any]) -> None:
    assert messages["machine"].keys() == {
        *"date vestibule processor cores memory_gib kernel file_system python sqlite load".split()
    }


def test_uploads_are_measured_beside_nginx_that_looks_at_nothing(uploads: dict[str, Any]) -> None:
    for comparison in uploads["comparisons"]:
        ours, nginx, synced = comparison["timings"]
        assert (nginx["kind"], synced["kind"]) == ("nginx", "nginx, then fsync")
        assert min(each["rate"]["least"] for each in (ours, nginx, synced)) > 0
        assert comparison["ratio"].keys() == {"least", "middle", "most"}


def test_checks_that_open_a_file_are_told_apart_from_hashing_and_sniffing(uploads: dict[str, Any]) -> None:
    kinds = {timing["kind"].partition(":")[0] for timing in uploads["checked"]}
    assert kinds == {"text", "video"}


def test_an_endless_upload_is_cut_off_and_memory_stays_flat(uploads: dict[str, Any]) -> None:
    *taken, endless = uploads["memory"]
    assert [each["status"] for each in taken] == [201, 201, 201]
    assert endless["status"] == 413
    assert all(each["server"] < MIB_OF_FLAT for each in uploads["memory"])


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    needed("clamd")
    return measured("gate", tmp_path_factory.mktemp("results"))


def test_everyday_files_are_timed_alone_and_in_a_crowd(gate: dict[str, Any]) -> None:
    for kind in ("idle", "crowded"):
        assert [each["kind"] for each in gate[kind]] == [
            "photo, 12 MP",
            "PDF, 3 pages",
            "docx",
            "video, 30 s",
        ]
        assert all(0 < each["p50"] <= each["p95"] for each in gate[kind])
    assert all(scan["ours"]["least"] > 0 for scan in gate["scans"])


def test_the_page_is_written_from_all(
    messages: dict[str, Any],
    rest: dict[str, Any],
    uploads: dict[str, Any],
    gate: dict[str, Any],
    tmp_path: Path,
) -> None:
    for name, found in (("messages", messages), ("rest", rest), ("uploads", uploads), ("gate", gate)):
        (tmp_path / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")
    script = "import page, pathlib, sys; page.write(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT / "benchmarks", check=True)
    text = (tmp_path / "numbers.md").read_text(encoding="utf-8")
    assert "## Messages" in text
    assert "## Messages over REST" in text
    assert "## Uploads" in text
    assert "## The gate" in text
    assert "<svg" in (tmp_path / "images" / "numbers-uploads.svg").read_text(encoding="utf-8")
