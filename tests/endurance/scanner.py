"""A real clamd that a test may kill, and start again on the same socket."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.checks.conftest import _configured, await_socket
from tests.services import needed


@dataclass
class Clamd:
    """It knows EICAR and `HOME_MADE`."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"unix:{self.folder}/socket"

    def start(self) -> None:
        (self.folder / "socket").unlink(missing_ok=True)
        configuration = _configured(self.folder, alerts=True)
        command = [needed("clamd"), "--foreground", "--config-file", str(configuration)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_socket(self.process, self.folder / "socket")

    def kill(self) -> None:
        """As the kernel does it: it is told nothing."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=20)
            self.process = None


@contextmanager
def clamd_running() -> Iterator[Clamd]:
    with TemporaryDirectory(prefix="clamd") as name:  # a socket's path is at most 107 bytes long
        clamd = Clamd(Path(name))
        try:
            clamd.start()
            yield clamd
        finally:
            clamd.kill()
