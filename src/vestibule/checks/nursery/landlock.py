"""Landlock: this process may touch nothing of the file system and no TCP. linux/landlock.h."""

from __future__ import annotations

import ctypes
import os
import struct

CREATE, RESTRICT = 444, 446  # the same numbers on every architecture
VERSION = 1  # flag: give the ABI's number

# The first ABI knew 13 rights on files; later ones added REFER, TRUNCATE and IOCTL_DEV.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
NEWEST_FILE_RIGHTS = 16
TCP_RIGHTS = 0b11  # bind and connect, from ABI 4
SCOPES = 0b11  # abstract sockets and signals of others, from ABI 6


def abi(libc: ctypes.CDLL) -> int:
    """The kernel's version of Landlock; 0 where there is none, or where it is switched off."""
    return max(0, int(libc.syscall(CREATE, None, ctypes.c_size_t(0), VERSION)))


def restrict(libc: ctypes.CDLL, version: int) -> bool:
    """Deny everything that `version` can deny, for good. Needs no_new_privs."""
    if not version:
        return False
    attributes = _attributes(version)
    descriptor = libc.syscall(CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if descriptor < 0:
        return False
    try:
        return bool(libc.syscall(RESTRICT, descriptor, 0) == 0)  # no rule was added: nothing is allowed
    finally:
        os.close(descriptor)


def _attributes(version: int) -> bytes:
    """struct landlock_ruleset_attr, as long as this version knows it."""
    values = [(1 << FILE_RIGHTS.get(version, NEWEST_FILE_RIGHTS)) - 1]
    if version >= 4:
        values.append(TCP_RIGHTS)
    if version >= 6:
        values.append(SCOPES)
    return struct.pack(f"={len(values)}Q", *values)
