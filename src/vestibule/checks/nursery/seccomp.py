"""A seccomp filter: the system calls that decoding needs, and EPERM for all others.

Own ctypes, so that no package has to be trusted with it. What is missing from the list is what makes
the sandbox: no open, no socket, no exec, no new process (threads, yes: the decoders of HEIC and WebP do
not work without), no signal to anybody else, and no memory that becomes executable.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator

# linux/audit.h; numbers from the kernel's tables for each architecture.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS: dict[str, tuple[int | None, int | None]] = {  # x86_64, aarch64
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "dup": (32, 23),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "uname": (63, 160),
    "fcntl": (72, 25),
    "ftruncate": (77, 46),
    "getcwd": (79, 17),  # Pillow asks on saving; it is always "/"
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "set_robust_list": (273, 99),  # each thread's first words, with rseq
    "rseq": (334, 293),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),  # a sleep goes on after the process was stopped
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "ppoll": (271, 73),
    "getrandom": (318, 278),
}
MMAP, MPROTECT, CLONE, TGKILL, STAT = (9, 222), (10, 226), (56, 220), (234, 131), (262, 79)
CLONE3 = 435

PROT_EXEC = 4
CLONE_THREAD = 0x10000
AT_EMPTY_PATH = 0x1000  # how glibc from 2.33 on asks for fstat
X32 = 0x40000000  # x86_64's other table of calls, which would walk around this one

ALLOW = 0x7FFF0000
KILL = 0x80000000
ERRNO = 0x00050000

# struct seccomp_data: nr, arch, instruction pointer, six arguments of 64 bits (here little-endian)
NUMBER, ARCHITECTURE = 0, 4
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def program(machine: str, pid: int) -> list[Instruction]:
    """The filter for a process with this pid. `KeyError` for a machine whose numbers are not known."""
    column = list(ARCHITECTURES).index(machine) if machine in ARCHITECTURES else -1
    steps: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if machine == "x86_64":
        steps += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for pair in CALLS.values():
        if (number := pair[column]) is not None:
            steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    steps += _unless(MMAP[column], 2, PROT_EXEC)
    steps += _unless(MPROTECT[column], 2, PROT_EXEC)
    steps += _only(STAT[column], 3, ANY_BIT, AT_EMPTY_PATH)
    steps += _only(TGKILL[column], 0, EQUAL, pid)  # abort() ends itself that way
    steps += _only(CLONE[column], 0, ANY_BIT, CLONE_THREAD)
    # Its flags lie in memory, where no filter can look; glibc then falls back to clone.
    steps += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    return [*steps, (RETURN, 0, 0, ERRNO | errno.EPERM)]


def install(libc: ctypes.CDLL, machine: str) -> bool:
    """Put the filter on this process for good. False where the kernel or the machine has none."""
    if machine not in ARCHITECTURES:
        return False
    code = b"".join(_packed(program(machine, os.getpid())))
    memory = ctypes.create_string_buffer(code, len(code))
    filter_ = _Program(len(code) // 8, ctypes.addressof(memory))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)


def _packed(steps: list[Instruction]) -> Iterator[bytes]:
    for code, true, false, value in steps:
        yield struct.pack("=HBBI", code, true, false, value)


def _unless(number: int, argument: int, bit: int) -> list[Instruction]:
    """Allow the call unless `bit` is set in its argument."""
    return [
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, 16 + 8 * argument),
        (ANY_BIT, 0, 1, bit),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _only(number: int, argument: int, comparison: int, value: int) -> list[Instruction]:
    """Allow the call only if its argument compares so."""
    return [
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, 16 + 8 * argument),
        (comparison, 0, 1, value),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
    ]
