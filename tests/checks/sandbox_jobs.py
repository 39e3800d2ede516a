"""Jobs for the tests of the sandbox: each does what a hijacked decoder would."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

Outputs = dict[str, BinaryIO]


def echo(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    content = file.read()
    for output in outputs.values():
        output.write(content.upper())
    return {"size": len(content), "options": options, "environment": dict(os.environ), "pid": os.getpid()}


def attempt(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    """What became of each thing tried: the error's name, or `done`."""
    return {name: _tried(ATTEMPTS[name], file) for name in options["names"]}


def _tried(doing: Callable[[BinaryIO], object], file: BinaryIO) -> str:
    try:
        doing(file)
    except (OSError, RuntimeError) as error:
        return type(error).__name__
    return "done"


def _executable_memory(_: BinaryIO) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


ATTEMPTS: dict[str, Callable[[BinaryIO], object]] = {
    "connect": lambda _: socket.socket().connect(("127.0.0.1", 9)),
    "resolve": lambda _: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "unix": lambda _: socket.socket(socket.AF_UNIX),
    "read": lambda _: Path("/etc/passwd").read_bytes(),
    "write": lambda _: Path("/tmp/vestibule-was-here").write_bytes(b""),
    "write the file": lambda file: os.write(file.fileno(), b"x"),
    "list": lambda _: list(Path("/").iterdir()),
    "unlink": lambda _: Path("/tmp/nothing").unlink(),
    "fork": lambda _: os.fork(),
    "thread": lambda _: threading.Thread(target=int).start(),
    "exec": lambda _: os.execv("/bin/true", ["/bin/true"]),
    "kill": lambda _: os.kill(os.getppid(), signal.SIGTERM),
    "executable memory": _executable_memory,
    "look up descriptors": lambda _: os.open("/proc/self/fd/3", os.O_RDWR),
}


def descriptors(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    """Which descriptors are open: nothing but one's own."""
    return {"open": [number for number in range(1024) if _is_open(number)]}


def _is_open(number: int) -> bool:
    try:
        os.lseek(number, 0, os.SEEK_CUR)
    except OSError as error:
        return error.errno != 9
    return True


def hang(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    while True:
        time.sleep(1)


def spin(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    while True:
        pass


def crash(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def abort(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    os.abort()


def leave(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    os._exit(3)


def lie(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    """Speak for oneself and leave before the real answer."""
    os.write(4, options["words"].encode())
    os._exit(0)


def shout(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    return {"words": "x" * 100_000}


def eat(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    return {"eaten": len(bytearray(options["bytes"]))}


def flood(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    for output in outputs.values():
        while True:
            output.write(bytes(1 << 20))
    return {}


def nap(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    time.sleep(options["seconds"])
    return {}


def need(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    """Wants a file of its own, like a decoder that was not loaded whole."""
    return {"size": len(Path("/etc/passwd").read_bytes())}


def fail(file: BinaryIO, outputs: Outputs, options: dict[str, Any]) -> dict[str, Any]:
    raise ValueError("This is not a picture.")


JOBS = {
    job.__name__: job
    for job in (
        echo,
        attempt,
        descriptors,
        hang,
        spin,
        crash,
        abort,
        leave,
        lie,
        shout,
        eat,
        flood,
        fail,
        nap,
        need,
    )
}
