"""The corpus is counted in both houses, and its table written. What is in it, `tests/corpus` asks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.test_benchmarks import ROOT, measured
from tests.services import needed


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    needed("clamd")
    return measured("corpus", tmp_path_factory.mktemp("results"))


def test_the_corpus_is_sent_into_both_houses(corpus: dict[str, Any]) -> None:
    assert corpus["houses"].keys() == {"embedded", "clamd"}
    for classes in corpus["houses"].values():
        *each, total = classes
        assert total["kind"] == "all"
        assert total["stopped"] == sum(one["stopped"] for one in each) > 0
        assert total["accepted"] == sum(one["accepted"] for one in each) > 0


def test_its_section_names_every_class_and_what_was_missed(corpus: dict[str, Any], tmp_path: Path) -> None:
    corpus["missed"]["embedded"] = ["malware: in a paper"]
    (tmp_path / "corpus.json").write_text(json.dumps(corpus), encoding="utf-8")
    script = (
        "import pathlib, sys; from classes import Corpus; from corpus_page import section; "
        "from results import kept; "
        "print(section(kept(pathlib.Path(sys.argv[1]), 'corpus', Corpus), 'on this machine'))"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    text = subprocess.run(command, cwd=ROOT / "benchmarks", check=True, capture_output=True, text=True).stdout
    assert all(f"| {each['kind']} |" in text for each in corpus["houses"]["embedded"][:-1])
    assert "- malware: in a paper" in text
