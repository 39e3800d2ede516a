"""A child's whole life: let go of everything, do one job on one file, answer, and end."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from vestibule.checks.nursery.confinement import Limits, confine
from vestibule.checks.nursery.jobs import Job, Refused
from vestibule.checks.nursery.wire import REPLY, Order, Reply, encode

FILE, REPLIES, OUTPUTS = 3, 4, 5  # where a child has its descriptors
HIGH = 256  # above all descriptors that are put in place

LIMITS = {errno.ENOMEM, errno.EFBIG, errno.EMFILE}
OURS = {errno.ENOSPC, errno.EPERM, errno.EACCES}  # a full disk; a decoder that needs what it may not have


def live(order: Order, descriptors: list[int], job: Job, base: int, parent: int) -> NoReturn:
    """Never returns, and leaves without tidying up: what was imported belongs to the parent."""
    try:
        _settle(descriptors)
        confine(order.limits, base, parent)
        _say(_work(order, job))
    finally:
        os._exit(0)


def probe(descriptors: list[int], limits: Limits, base: int, parent: int) -> NoReturn:
    """Like `live`, but tries what it should not be able to do, and says how that went."""
    try:
        _settle(descriptors)
        held = confine(limits, base, parent)
        _say(Reply("clean", value={"held": held, "possible": _possible()}))
    finally:
        os._exit(0)


def _settle(descriptors: list[int]) -> None:
    """Have the descriptors of this job at 3, 4, ..., and no other."""
    signal.set_wakeup_fd(-1)
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, HIGH) for descriptor in descriptors]
    for place, descriptor in enumerate(high, FILE):
        os.dup2(descriptor, place, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(FILE + len(descriptors), resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _work(order: Order, job: Job) -> Reply:
    outputs: dict[str, BinaryIO] = {
        name: os.fdopen(place, "w+b") for place, name in enumerate(order.outputs, OUTPUTS)
    }
    try:
        value = job(_file(), outputs, order.options)
        for output in outputs.values():
            output.flush()
        return Reply("clean", value=value)
    except Refused as refused:
        return Reply(refused.outcome, refused.reason, refused.detail)
    except (MemoryError, RecursionError) as error:
        return Reply("refused", "too_complex", _said(error))
    except OSError as error:
        return _of_os_error(error)
    except ImportError as error:  # of ours: a module that should have been loaded before
        return Reply("error", "check_failed", _said(error))
    except Exception as error:
        return Reply("refused", "damaged", _said(error))


def _of_os_error(error: OSError) -> Reply:
    """Decoders raise OSError for their own troubles; those have no errno."""
    if error.errno in LIMITS:
        return Reply("refused", "too_complex", _said(error))
    if error.errno in OURS:
        return Reply("error", "check_failed", _said(error))
    return Reply("refused", "damaged", _said(error))


def _file() -> BinaryIO:
    os.lseek(FILE, 0, os.SEEK_SET)
    return os.fdopen(FILE, "rb")


def _say(reply: Reply) -> None:
    said = encode(reply)
    if len(said) > REPLY:
        said = encode(Reply("error", "check_failed", "The job's answer was too long."))
    os.write(REPLIES, said)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _possible() -> list[str]:
    """What a child should not be able to do, and can."""
    attempts = {"open a file": _open, "make a socket": _connect, "start a process": _start}
    return [what for what, attempt in attempts.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _open() -> None:
    os.close(os.open("/", os.O_RDONLY))


def _connect() -> None:
    socket.socket(socket.AF_INET).close()


def _start() -> None:
    if os.fork() == 0:
        os._exit(0)
