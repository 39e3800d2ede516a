"""A real c-icap on a free port: its echo, and its virus scan in front of a clamd."""

from __future__ import annotations

import getpass
import grp
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services import needed, needed_file

MODULE = "virus_scan.so"
MAGIC = Path("/etc/c-icap/c-icap.magic")


@dataclass(frozen=True)
class Servers:
    """The addresses of its services."""

    echo: str
    virus_scan: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configured(folder: Path, modules: Path, port: int, clamd: str) -> Path:
    settings = {
        "PidFile": folder / "pid",
        "CommandsSocket": folder / "control",
        "ServerLog": folder / "server.log",
        "AccessLog": folder / "access.log",
        "TmpDir": folder,
        "Port": f"127.0.0.1:{port}",
        "User": getpass.getuser(),
        "Group": grp.getgrgid(os.getgid()).gr_name,
        "StartServers": 1,
        "MaxServers": 1,
        "ThreadsPerChild": 4,
        "MinSpareThreads": 1,
        "MaxSpareThreads": 4,
        "ModulesDir": modules,
        "ServicesDir": modules,
        "LoadMagicFile": MAGIC,
        "Module": "common clamd_mod.so",
        "clamd_mod.ClamdSocket": clamd.removeprefix("unix:"),
    }
    services = [
        "Service echo srv_echo.so",
        f"Service antivirus_module {MODULE}",
        "virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE DOCUMENT GRAPHICS MSOFFICE",
        "virus_scan.MaxObjectSize 100M",
        "virus_scan.StartSendPercentDataAfter 100M",
        "virus_scan.DefaultEngine clamd",
    ]
    file = folder / "c-icap.conf"
    file.write_text("\n".join([*(f"{key} {value}" for key, value in settings.items()), *services, ""]))
    return file


@contextmanager
def serving(clamd: str) -> Iterator[Servers]:
    """Start it, and end it."""
    program = needed("c-icap")
    modules = needed_file(f"/usr/lib/*/c_icap/{MODULE}").parent
    with TemporaryDirectory(prefix="c-icap") as name:
        folder, port = Path(name), _free_port()
        command = [program, "-N", "-f", str(_configured(folder, modules, port, clamd))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await_port(process, port, folder / "server.log")
            at = f"icap://127.0.0.1:{port}"
            yield Servers(f"{at}/echo", f"{at}/virus_scan")
        finally:
            process.terminate()
            process.wait(timeout=20)


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text() if log.exists() else ""
                raise RuntimeError(f"c-icap did not start: {said}") from error
            time.sleep(0.02)
