"""What a child gives up before it looks at a stranger's file. None of it needs a privilege."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
from pathlib import Path

import msgspec

from vestibule.checks.nursery import landlock, seccomp

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
NOBODY = 65534
NICER = 5  # decoding waits for the chat, not the other way round
DESCRIPTORS = 64
MACHINE = platform.machine()  # asked now: later it may not be read

libc = ctypes.CDLL(None, use_errno=True)


class Limits(msgspec.Struct, frozen=True):
    """What one file may cost."""

    seconds: float  # of CPU
    memory: int  # bytes, on top of what the nursery itself has mapped
    output: int  # bytes, of each file written


class Confinement(msgspec.Struct, frozen=True):
    """What of it this kernel enforces."""

    landlock: int  # ABI; 0: none
    seccomp: bool
    privileges: bool  # no new ones
    user: int  # the uid that the child runs as


def mapped() -> int:
    """How many bytes of address space this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def confine(limits: Limits, base: int, parent: int) -> Confinement:
    """Give up everything, for good. `base` is the parent's `mapped`, taken before the fork."""
    with contextlib.suppress(OSError):  # the kernel's killer takes a decoder before the chat
        Path("/proc/self/oom_score_adj").write_bytes(b"1000")
    os.nice(NICER)
    user = _become_nobody()
    _die_with(parent)
    _limit(limits, base)
    privileges = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    version = landlock.abi(libc)
    locked = landlock.restrict(libc, version)
    filtered = seccomp.install(libc, MACHINE)
    if not filtered:  # it denies processes and allows threads; this cannot tell them apart
        _set(resource.RLIMIT_NPROC, 0)
    return Confinement(version if locked else 0, filtered, privileges, user)


def _become_nobody() -> int:
    """Root's children are nobody's. It fails in some containers, where root is nobody already."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    return os.geteuid()


def _die_with(parent: int) -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before this was said
        os._exit(1)


def _limit(limits: Limits, base: int) -> None:
    seconds = max(1, round(limits.seconds))
    _set(resource.RLIMIT_CPU, seconds, seconds + 1)
    _set(resource.RLIMIT_AS, base + limits.memory)
    _set(resource.RLIMIT_FSIZE, limits.output)
    _set(resource.RLIMIT_NOFILE, DESCRIPTORS)
    _set(resource.RLIMIT_CORE, 0)


def _set(kind: int, soft: int, hard: int | None = None) -> None:
    ceiling = resource.getrlimit(kind)[1]
    wanted = [soft, soft if hard is None else hard]
    if ceiling != resource.RLIM_INFINITY:
        wanted = [min(limit, ceiling) for limit in wanted]
    resource.setrlimit(kind, (wanted[0], wanted[1]))
