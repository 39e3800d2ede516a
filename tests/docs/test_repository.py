"""What is installed is what was locked, and is one version everywhere."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess

import pytest

import vestibule
from tests.docs.committed import ROOT

LOCKS = ["requirements/runtime.txt", "requirements/dev.txt", "requirements/build.txt"]


def pinned(lock: str) -> dict[str, str]:
    """Each package of a lock with the lines that belong to it."""
    text = ROOT.joinpath(lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    return {entry.split("==")[0]: entry for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_by_its_hash(lock: str) -> None:
    entries = pinned(lock)
    assert entries
    for name, entry in entries.items():
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), name
        assert "--hash=sha256:" in entry, name


def test_the_locks_agree() -> None:
    runtime, dev, build = map(pinned, LOCKS)
    for name, entry in (runtime | build).items():
        assert entry.split()[0] == dev[name].split()[0]


@pytest.mark.parametrize("folder", ["web", "tests/clients/node"])
def test_the_npm_lock_names_no_address_and_has_every_hash(folder: str) -> None:
    lock = json.loads(ROOT.joinpath(folder, "package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        assert package.get("link") or "://" not in package.get("resolved", ""), name
        if "node_modules/" in name and not package.get("link"):
            assert package.get("integrity") or package.get("inBundle"), name


def test_the_version_is_the_same_everywhere() -> None:
    assert importlib.metadata.version("vestibule") == vestibule.__version__
    changelog = ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", changelog, re.M)
    assert versions[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions[1:])


def test_every_target_that_people_call_is_explained() -> None:
    made = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, check=True, text=True)
    for target in "setup run test check fuzz services bench wheel clean help".split():
        assert f"make {target} " in made.stdout
