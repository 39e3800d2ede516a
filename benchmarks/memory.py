"""Memory: the most that processes held during something, by the kernel's own high-water mark."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1 << 20
EVERY = 0.005  # seconds between looks at the decoders, which live for a moment


@dataclass
class Risen:
    """MiB above what was there before. The decoders' is all that they held together, shared pages and all."""

    server: float = 0.0
    nursery: float = 0.0
    children: float = 0.0


def resident(pid: int) -> float:
    """MiB that a process holds now."""
    return psutil.Process(pid).memory_info().rss / MIB


def nursery_of(pid: int) -> psutil.Process:
    """The server's only child: what forks the decoders."""
    return psutil.Process(pid).children()[0]


@contextlib.contextmanager
def watched(pid: int) -> Iterator[Risen]:
    """How much the server `pid`, its nursery and the decoders rise meanwhile; told at the end."""
    nursery = nursery_of(pid)
    before = {each: resident(each) for each in (pid, nursery.pid)}
    for each in before:
        # proc(5): sets the high-water mark back to what is resident now.
        Path(f"/proc/{each}/clear_refs").write_text("5", encoding="ascii")
    risen, over = Risen(), threading.Event()
    looking = threading.Thread(target=_look, args=(nursery, risen, over))
    looking.start()
    try:
        yield risen
    finally:
        over.set()
        looking.join()
        risen.server = _most(pid) - before[pid]
        risen.nursery = _most(nursery.pid) - before[nursery.pid]


def _most(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / MIB


def _look(nursery: psutil.Process, risen: Risen, over: threading.Event) -> None:
    while not over.wait(EVERY):
        held = 0.0
        for child in nursery.children():
            with contextlib.suppress(psutil.Error):
                held += child.memory_info().rss / MIB
        risen.children = max(risen.children, held)
