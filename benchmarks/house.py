"""A house to measure: `vestibule serve` in a process of its own, on a fresh folder and a free port."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
# On the disk with the project: /tmp may be memory, where an fsync costs nothing.
SCRATCH = ROOT / "dist" / "benchmarks"
START_SECONDS, STOP_SECONDS = 30.0, 15.0


@dataclass(frozen=True)
class Served:
    """A server at work."""

    pid: int
    port: int

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.pid)

    def number(self, name: str) -> float:
        """One number of `/metrics`; 0 where nothing was counted yet."""
        text = _fetched(f"http://127.0.0.1:{self.port}/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def cpu_seconds(self) -> float:
        """What the server has used so far, its threads together."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCRATCH, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def serving(data: Path, **settings: str) -> Iterator[Served]:
    """Serve the folder `data`. `settings` are keys of the configuration."""
    command = [str(Path(sys.executable).with_name("vestibule")), "serve", "--port", "0", "--data", str(data)]
    log = data.with_suffix(".log")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, env=_environment(settings), stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            yield Served(process.pid, _port(process, log))
        finally:
            _stop(process)


def _environment(settings: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")}
    given = {f"VESTIBULE_{key.upper()}": value for key, value in settings.items()}
    return {**inherited, "VESTIBULE_RATE_LIMITS": "off", "PYTHONUNBUFFERED": "1", **given}


def _port(process: subprocess.Popen[str], log: Path) -> int:
    """The port that the server tells, once it answers there."""
    assert process.stdout is not None
    for line in process.stdout:
        if told := re.search(r"http://localhost:(\d+)/", line):
            _wait_for(port := int(told[1]))
            return port
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _fetched(f"http://127.0.0.1:{port}/healthz")
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text: bytes = answer.read()
    return text.decode()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
