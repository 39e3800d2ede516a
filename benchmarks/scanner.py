"""A clamd to measure with: its own few signatures, and a client that does nothing but ask it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from webdav import PLACES

START_SECONDS = 20.0
PIECE = 256 * 1024  # bytes

CONFIGURATION = """
Foreground yes
DatabaseDirectory {folder}
TemporaryDirectory {folder}
LocalSocket {folder}/socket
StreamMaxLength 110M
MaxFileSize 110M
MaxScanSize 300M
MaxRecursion 8
MaxFiles 1000
AlertExceedsMax yes
AlertEncrypted yes
ScanImageFuzzyHash no
MaxThreads 4
DisableCache yes
"""


def program() -> str | None:
    """Where clamd is, if it is."""
    return shutil.which("clamd", path=PLACES)


@contextlib.contextmanager
def scanning() -> Iterator[Path]:
    """clamd at work: its socket. Raises `RuntimeError` where it is not installed."""
    if (clamd := program()) is None:
        raise RuntimeError("clamd is not installed. To add it: make services")
    with tempfile.TemporaryDirectory(prefix="clamd") as name:  # a socket's path is at most 107 bytes long
        folder = Path(name)
        (folder / "own.ndb").write_text(f"Benchmark.Parcel:0:*:{b'a parcel that nobody sends'.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
        command = [clamd, "--config-file", str(folder / "clamd.conf")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(folder / "socket")
            yield folder / "socket"
        finally:
            process.terminate()
            process.wait()


def own_scan(place: Path, content: bytes) -> float:
    """Seconds from the end of a stream to clamd's answer, with nothing of ours between."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(place))
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        ended = time.perf_counter()
        connection.sendall(bytes(4))
        answer = connection.recv(4096)
        took = time.perf_counter() - ended
    if answer != b"stream: OK\0":
        raise RuntimeError(f"clamd said {answer!r}")
    return took


def _wait_for(place: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(place))
            return
        if time.monotonic() > deadline:
            raise RuntimeError("clamd did not start.")
        time.sleep(0.05)
