"""A clamd as our own page tells operators to set it up, with two signatures: the test file's, and another."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.checks.conftest import HOME_MADE, await_socket
from tests.checks.specimens import EICAR
from tests.services import PLACES

# The test file counts where a file begins, as its own specification says; the other one anywhere.
SIGNATURES = f"Vestibule.Test.Eicar:0:0:{EICAR.hex()}\nVestibule.Test.Parcel:0:*:{HOME_MADE.hex()}\n"
SETTINGS = """Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/socket
TemporaryDirectory {folder}
StreamMaxLength 110M
MaxFileSize 110M
MaxScanSize 300M
MaxScanTime 30000
AlertExceedsMax yes
AlertEncrypted yes
ScanImageFuzzyHash no
"""


def is_installed() -> bool:
    return _program() is not None


@contextmanager
def clamd() -> Iterator[str]:
    """The address of a clamd of our own. Raises `RuntimeError` where none starts."""
    if (program := _program()) is None:
        raise RuntimeError("clamd is not installed. To add it: make services")
    with TemporaryDirectory(prefix="clamd") as name:  # a socket's path is at most 107 bytes long
        folder = Path(name)
        (folder / "own.ndb").write_text(SIGNATURES)
        (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder))
        command = [program, "--foreground", "--config-file", str(folder / "clamd.conf")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_socket(process, folder / "socket")
            yield f"unix:{folder}/socket"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _program() -> str | None:
    return shutil.which("clamd", path=PLACES)
