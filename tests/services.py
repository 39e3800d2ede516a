"""Programs that some tests need and `make services` installs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Debian keeps daemons where an ordinary user's PATH does not look.
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def needed(program: str, how: str = "make services") -> str:
    """Where a program is; without it the test is skipped aloud, or fails where services are required."""
    return shutil.which(program, path=PLACES) or _missing(program, how)


def needed_file(pattern: str) -> Path:
    """A file that a program brings, at the first place that fits; without it as without a program."""
    return next(Path("/").glob(pattern.lstrip("/")), None) or _missing(pattern)


def needed_packages(folder: Path, how: str) -> None:
    """Node's packages of a folder are installed; without them as without a program."""
    if not (folder / "node_modules" / ".package-lock.json").exists():
        _missing(str(folder / "node_modules"), how)


def _missing(program: str, how: str = "make services") -> NoReturn:
    sentence = f"{program} is not installed. To add it: {how}"
    if os.environ.get("VESTIBULE_REQUIRE_SERVICES"):
        pytest.fail(sentence)
    pytest.skip(sentence)
