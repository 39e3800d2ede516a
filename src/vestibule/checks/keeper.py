"""The nursery's keeper: starts it, talks with it, buries it, and starts it again when it died."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec
import structlog

from vestibule.checks.nursery import wire
from vestibule.checks.nursery.confinement import Limits
from vestibule.errors import CheckUnavailable

log = structlog.get_logger(__name__)

PATIENCE = 30.0  # seconds for the decoders to load, on a busy machine
BUSY = 3.0  # times as long as its CPU time a job may take by the clock: others want the processor too
GRACE = 3.0  # seconds in which a killed child must be gone; else the nursery goes too

# Isolated (-I): neither the environment nor the working folder can bring code in.
START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from vestibule.checks.nursery.parent import main; main(int(sys.argv[2]), sys.argv[3:])"
)


class NurseryGone(Exception):
    """The nursery died while it had this file. Nobody's fault that we know: not the file's verdict."""


@dataclass(eq=False)
class Nursery:
    """A running nursery, as the server sees it."""

    process: subprocess.Popen[bytes]
    socket: socket.socket
    running: dict[int, asyncio.Future[wire.Ended]] = field(default_factory=dict)
    ready: asyncio.Future[wire.Ready] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    gone: bool = False

    def hear(self) -> None:
        """Take in what the nursery says. Called by the loop when there is something."""
        try:
            packet = self.socket.recv(wire.PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if packet:
            self._take(packet)
        else:
            self.lose()

    def _take(self, packet: bytes) -> None:
        said = wire.from_nursery.decode(packet)
        if isinstance(said, wire.Ready):
            self.ready.set_result(said)
        elif said.number in self.running:
            self.running.pop(said.number).set_result(said)

    def say(self, word: wire.Order | wire.Kill, descriptors: Sequence[int] = ()) -> None:
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))
        try:
            self.socket.sendmsg([wire.encode(word)], [rights] if descriptors else [])
        except OSError as error:
            self.lose()
            raise NurseryGone(str(error)) from error

    async def end(self, number: int, ended: asyncio.Future[wire.Ended]) -> None:
        """Kill a child and see it dead, or else the whole nursery."""
        with contextlib.suppress(NurseryGone):
            self.say(wire.Kill(number))
        await asyncio.wait([ended], timeout=GRACE)
        if not ended.done():
            log.error("the nursery does not answer, so it is started anew")
            self.lose()

    def lose(self) -> None:
        """It is no more: tell all who wait. May be called twice."""
        if self.gone:
            return
        self.gone = True
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()
        self.process.kill()
        waiting: list[asyncio.Future[Any]] = [self.ready, *self.running.values()]
        for future in waiting:
            if not future.done():
                future.set_exception(NurseryGone("The nursery died."))
                future.exception()  # it may be that nobody waits
        self.running.clear()


class Keeper:
    """Has one nursery, or gets a new one."""

    def __init__(self, modules: Sequence[str]) -> None:
        self.modules = tuple(modules)
        self._nursery: Nursery | None = None
        self._ready: wire.Ready | None = None
        self._starting = asyncio.Lock()
        self._numbers = itertools.count(1)

    async def start(self) -> None:
        """See that there is a nursery. Raises `CheckUnavailable`."""
        await self._alive()

    async def close(self) -> None:
        """End it. May be called twice."""
        if nursery := self._nursery:
            self._nursery = None
            nursery.lose()
            await asyncio.to_thread(nursery.process.wait)

    async def run(
        self, job: str, file: int, outputs: dict[str, BinaryIO], options: dict[str, Any], limits: Limits
    ) -> tuple[wire.Ended, bytes]:
        """How a child ended, and what it said. Raises `TimeoutError`, `NurseryGone`, `CheckUnavailable`."""
        nursery = await self._alive()
        order = wire.Order(next(self._numbers), job, options, list(outputs), limits)
        reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            try:
                nursery.say(order, [file, writing, *(output.fileno() for output in outputs.values())])
            finally:
                os.close(writing)
            return await _ended(nursery, order), _drained(reading)
        finally:
            os.close(reading)

    def report(self) -> dict[str, Any]:
        if self._ready is None:
            return {}
        return {**msgspec.to_builtins(self._ready.confinement), "missing": missing(self._ready)}

    async def _alive(self) -> Nursery:
        async with self._starting:
            if self._nursery is None or self._nursery.gone:
                await self.close()
                self._nursery = await _started(self.modules)
                self._ready = self._nursery.ready.result()
            return self._nursery


async def _started(modules: Sequence[str]) -> Nursery:
    try:
        process, ours = await asyncio.to_thread(_spawn, modules)
    except OSError as error:
        raise CheckUnavailable("The decoders could not be started.") from error
    nursery = Nursery(process, ours)
    asyncio.get_running_loop().add_reader(ours, nursery.hear)
    try:
        await asyncio.wait_for(nursery.ready, PATIENCE)
    except (NurseryGone, TimeoutError) as error:
        raise CheckUnavailable("The decoders could not be started.") from error
    finally:
        if not nursery.ready.done() or nursery.gone:
            nursery.lose()
            await asyncio.to_thread(process.wait)
    return nursery


def _spawn(modules: Sequence[str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the process: no environment, so no secret; no descriptor but the socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    path = json.dumps([os.path.abspath(place) for place in sys.path if place])  # noqa: PTH100 - may be a zip
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-X", "utf8", "-c", START, path, str(theirs.fileno()), *modules],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env={},
            cwd="/",
            start_new_session=True,
        )
    return process, ours


async def _ended(nursery: Nursery, order: wire.Order) -> wire.Ended:
    ended: asyncio.Future[wire.Ended] = asyncio.get_running_loop().create_future()
    nursery.running[order.number] = ended
    try:
        await asyncio.wait([ended], timeout=order.limits.seconds * BUSY)
        if not ended.done():
            raise TimeoutError
        return ended.result()
    finally:  # also when whoever asked was cancelled: no child outlives its question
        if not ended.done():
            await nursery.end(order.number, ended)


def _drained(pipe: int) -> bytes:
    try:
        return os.read(pipe, wire.REPLY)
    except BlockingIOError:
        return b""


def missing(ready: wire.Ready) -> list[str]:
    """In plain words, what this kernel does not enforce."""
    held = ready.confinement
    words = [f"A decoder can {what}." for what in ready.possible]
    if not held.landlock:
        words.append("Landlock: the kernel has none, or it is switched off.")
    elif held.landlock < 4:
        words.append("Landlock: this kernel's does not deny TCP.")
    if not held.seccomp:
        words.append("seccomp: the kernel does not filter system calls here.")
    if not held.privileges:
        words.append("no_new_privs could not be set.")
    if held.user == 0:
        words.append("Decoders run as root; give the server a user of its own.")
    return words
