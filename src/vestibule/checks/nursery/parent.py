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
from array import array
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from vestibule.checks.nursery import child, jobs, wire
from vestibule.checks.nursery.confinement import Confinement, Limits, mapped

CROWD = 64  # descriptors in one packet at most
PROBE = Limits(seconds=2, memory=256 << 20, output=1 << 20)


def main(descriptor: int, modules: list[str]) -> None:
    """Serve the socket until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then says goodbye
    Nursery(socket.socket(fileno=descriptor), jobs.load(modules)).serve()


@dataclass
class Nursery:
    """Children by number, with the descriptor that says when each is gone."""

    server: socket.socket
    jobs: dict[str, jobs.Job]
    children: dict[int, tuple[int, int]] = field(default_factory=dict)  # number: pid, pidfd
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
        for pid, _ in self.children.values():
            os.kill(pid, signal.SIGKILL)

    def _turn(self) -> bool:
        """Hear the server and see who is gone. False once the server is."""
        for key, _ in self.selector.select():
            if key.data is not None:
                self._bury(key.data)
            elif not self._hear():
                return False
        return True

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
        self.children[order.number] = pid, watch
        self.selector.register(watch, selectors.EVENT_READ, order.number)

    def _kill(self, number: int) -> None:
        if number in self.children:
            signal.pidfd_send_signal(self.children[number][1], signal.SIGKILL)

    def _bury(self, number: int) -> None:
        pid, watch = self.children.pop(number)
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
