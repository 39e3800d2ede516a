"""The machine on which something was measured, as far as it matters for the figures."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from vestibule import __version__


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing here tells whose it is."""

    date: str
    vestibule: str
    processor: str
    cores: int
    memory_gib: float
    kernel: str
    file_system: str
    python: str
    sqlite: str
    load: float  # processes that wanted to run in the minute before: well above 0 spoils the figures


def describe(folder: Path) -> Machine:
    """This machine; `folder` is where the data lies."""
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        vestibule=__version__,
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        kernel=f"{platform.system()} {platform.release()}",
        file_system=_file_system(folder),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        load=round(os.getloadavg()[0], 1),
    )


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    return found[1] if found else platform.machine()


def _file_system(folder: Path) -> str:
    """That of the mount point which lies nearest above the folder."""
    mounts = {Path(part.mountpoint): part.fstype for part in psutil.disk_partitions(all=True)}
    place = folder.resolve()
    return next((mounts[path] for path in (place, *place.parents) if path in mounts), "unknown")
