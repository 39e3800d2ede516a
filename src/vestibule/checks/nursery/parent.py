"""The nursery: one thread that has the decoders loaded, and forks a child for each file.

It touches no file itself, so that nothing a stranger sent can reach it: a child's reply goes straight
to the server. It ends when the server does.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import time
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from vestibule.checks.nursery import child, jobs, wire
from vestibule.checks.nursery.confinement import Confinement, Limits, mapped

CROWD = 64  # descriptors in one packet at most
BRISK = 2.0  # seconds after which a child stands back
SLOW = 15  # nice; at 5, where children begin, one gets nine times as much of the processor
PROBE = Limits(seconds=2, memory=256 << 20, output=1 << 20)


def main(descriptor: int, modules: list[str]) -> None:
    """Serve the socket until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then says goodbye
    Nursery(socket.socket(fileno=descriptor), jobs.load(modules)).serve()


class Child(NamedTuple):
    """A process at work."""

    pid: int
    watch: int  # the descriptor that says when it is gone
    born: float  # by the monotonic clock


@dataclass
class Nursery:
    """Children by number."""

    server: socket.socket
    jobs: dict[str, jobs.Job]
    children: dict[int, Child] = field(default_factory=dict)
    brisk: set[int] = field(default_factory=set)  # the numbers of those that do not stand back yet
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def serve(self) -> None:
        gc.collect()
        gc.freeze()  # so that the children's collector does not copy all pages
        self.base = mapped()
        self.selector.register(self.server, selectors.EVENT_READ)
        with suppress(ConnectionError):  # the server died while it was spoken to
            self._say(self._introduction())
            while self._turn():
                pass
        for child_ in self.children.values():
            os.kill(child_.pid, signal.SIGKILL)

    def _turn(self) -> bool:
        """Hear the server and see who is gone. False once the server is."""
        for key, _ in self.selector.select(self._next_to_stand_back()):
            if key.data is not None:
                self._bury(key.data)
            elif not self._hear():
                return False
        return True

    def _next_to_stand_back(self) -> float | None:
        """Have those stand back whose time has come; the seconds until it comes for the next."""
        now = time.monotonic()
        due = {number: self.children[number].born + BRISK - now for number in self.brisk}
        for number in [number for number, left in due.items() if left <= 0]:
            self.brisk.remove(number)
            _stand_back(self.children[number].pid)
        return min((left for left in due.values() if left > 0), default=None)

    def _hear(self) -> bool:
        try:
            packet, descriptors = _received(self.server)
        except ConnectionError:
            return False
        if not packet:
            return False
        try:
            said = wire.to_nursery.decode(packet)
            if isinstance(said, wire.Kill):
                self._kill(said.number)
            else:
                self._bear(said, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _bear(self, order: wire.Order, descriptors: list[int]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.live(order, descriptors, self.jobs.get(order.job, jobs.missing), self.base, parent)
        watch = os.pidfd_open(pid)
        self.children[order.number] = Child(pid, watch, time.monotonic())
        self.brisk.add(order.number)
        self.selector.register(watch, selectors.EVENT_READ, order.number)

    def _kill(self, number: int) -> None:
        if number in self.children:
            signal.pidfd_send_signal(self.children[number].watch, signal.SIGKILL)

    def _bury(self, number: int) -> None:
        pid, watch, _ = self.children.pop(number)
        self.brisk.discard(number)
        self.selector.unregister(watch)
        os.close(watch)
        _, status, usage = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        seconds = usage.ru_utime + usage.ru_stime
        self._say(wire.Ended(number, code, usage.ru_maxrss * 1024, seconds))

    def _introduction(self) -> wire.Ready:
        """Send a child ahead, to see what it is denied."""
        reading, writing = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.probe([os.open(os.devnull, os.O_RDONLY), writing], PROBE, self.base, parent)
        os.close(writing)
        with os.fdopen(reading, "rb") as replies:
            said = replies.read(wire.REPLY)
        os.waitpid(pid, 0)
        value = wire.from_child.decode(said).value if said else {}
        held = msgspec.convert(value.get("held", NOTHING), Confinement)
        return wire.Ready(sorted(self.jobs), held, value.get("possible", ["start"]))

    def _say(self, word: wire.Ready | wire.Ended) -> None:
        self.server.sendall(wire.encode(word))


def _stand_back(pid: int) -> None:
    """Let others have the processor first. Each thread has a niceness of its own (setpriority(2), NOTES)."""
    with suppress(OSError):  # it has just ended
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - no folder of ours
            os.setpriority(os.PRIO_PROCESS, int(thread), SLOW)


NOTHING = {"landlock": 0, "seccomp": False, "privileges": False, "user": -1}


def _received(server: socket.socket) -> tuple[bytes, list[int]]:
    room = socket.CMSG_SPACE(CROWD * array("i").itemsize)
    packet, ancillary, _, _ = server.recvmsg(wire.PACKET, room, socket.MSG_CMSG_CLOEXEC)
    descriptors = array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    return packet, list(descriptors)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
