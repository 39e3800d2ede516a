"""What an archive may hold. Known to the server and to the decoders, which share nothing else."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """All levels together. Whatever is beyond is `too_complex`, or `archive_nested`."""

    members: int = 1_000
    unpacked: int = 200 << 20  # bytes
    ratio: int = 100  # unpacked to packed, where it is more than `small`
    small: int = 10 << 20  # bytes
    depth: int = 3  # archives within each other, the outermost counted


LIMITS = Limits()
