"""Files that take long to make are made once. The folder is git-ignored and may be deleted."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def cached(name: str, make: Callable[[], bytes], folder: Path | None = None) -> bytes:
    """The file of that name, made if it is not there. Several processes may ask at once."""
    path = (folder or HERE / "cache" / _makers()) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        Path(half).chmod(0o644)
        Path(half).rename(path)
    return path.read_bytes()


@cache
def _makers() -> str:
    """A word for the makers as they are: when one changes, its files are made anew."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return hashlib.sha256(sources).hexdigest()[:12]
