"""The baseline of uploads: nginx's WebDAV, which takes a PUT and looks at nothing.

As it is configured out of the box, but for the buffer: one of 16 KB, its default, would slow it down. The
body lands in a temporary folder of the same file system, so that the file is moved and not copied.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

# Debian keeps daemons where an ordinary user's PATH does not look.
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
START_SECONDS = 10.0

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_max_body_size 0;
    client_body_buffer_size 1m;
    client_body_temp_path {folder}/arriving;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        location / {{ dav_methods PUT; }}
    }}
}}
"""


def program() -> str | None:
    """Where nginx is, if it is."""
    return shutil.which("nginx", path=PLACES)


@contextlib.contextmanager
def webdav(folder: Path) -> Iterator[tuple[int, Path]]:
    """nginx at work: its port, and where the files land. Raises `RuntimeError` where it is not installed."""
    if (nginx := program()) is None:
        raise RuntimeError("nginx is not installed. To add it: make services")
    (folder / "files").mkdir(parents=True)
    port = _free_port()
    # Started by root it would give up its rights, and then may not write here.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, user=user), encoding="utf-8")
    log = folder / "start.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [nginx, "-c", str(configuration), "-p", str(folder), "-e", str(folder / "error.log")],
            stderr=errors,
        )
        try:
            _wait_for(port)
            yield port, folder / "files"
        finally:
            process.terminate()
            process.wait()


def synced(file: Path) -> None:
    """What nginx leaves out and the house does: the file and its name on the disk."""
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > deadline:
            raise RuntimeError("nginx did not start.")
        time.sleep(0.02)
