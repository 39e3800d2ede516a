"""A sandbox a file of tests, and a real clamd, with two signatures of its own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from tests.checks.c_icap import Servers, serving
from tests.checks.specimens import EICAR
from tests.services import needed
from vestibule.checks.sandbox import Sandbox

HOME_MADE = b"the parcel ticks and smells of almonds"
STREAM_LIMIT = 2 * 1024 * 1024  # bytes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


def _configured(folder: Path, *, alerts: bool) -> Path:
    """A folder's configuration: signatures of our own, so that none need be fetched."""
    (folder / "own.ndb").write_text(
        f"Vestibule.Test.Eicar:0:0:{EICAR.hex()}\nVestibule.Test.Parcel:0:*:{HOME_MADE.hex()}\n"
    )
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"Foreground yes\nDatabaseDirectory {folder}\nLocalSocket {folder}/socket\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength {STREAM_LIMIT}\nMaxThreads 2\n"
        "ScanImageFuzzyHash no\nMaxFiles 20\n"
        + ("AlertExceedsMax yes\nAlertEncrypted yes\n" if alerts else "")
    )
    return configuration


def await_socket(process: subprocess.Popen[bytes], path: Path) -> None:
    until = time.monotonic() + 20
    while not _listens(path):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("clamd did not start")
        time.sleep(0.02)


def _listens(path: Path) -> bool:
    """The socket is there a moment before somebody answers at it."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


@contextmanager
def running_clamd(*, alerts: bool = True) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a clamd that knows EICAR and `HOME_MADE`, and its process, to be killed."""
    program = needed("clamd")
    with TemporaryDirectory(prefix="clamd") as name:  # a socket's path is at most 107 bytes long
        folder = Path(name)
        command = [program, "--foreground", "--config-file", str(_configured(folder, alerts=alerts))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_socket(process, folder / "socket")
            yield f"unix:{folder}/socket", process
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """The address of a clamd that knows EICAR and `HOME_MADE`."""
    with running_clamd() as (address, _):
        yield address


@pytest.fixture(scope="session")
def c_icap(clamd: str) -> Iterator[Servers]:
    """The addresses of a c-icap whose virus scan asks that clamd."""
    with serving(clamd) as servers:
        yield servers
