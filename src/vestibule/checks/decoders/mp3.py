"""How long a frame of MP3 must be, by its first four bytes. ISO/IEC 11172-3, 2.4.2.3; 13818-3."""

from __future__ import annotations

KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KILOBITS_OF_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATES = (44_100, 48_000, 32_000)
MPEG_1, MPEG_2 = 3, 2  # the rest is 2.5, an extension with a quarter of the rates
LAYER_3 = 1


def is_frame(data: bytes) -> bool:
    """Whether this is one whole frame, and nothing more."""
    return len(data) > 4 and _length(int.from_bytes(data[:4], "big")) == len(data)


def _length(header: int) -> int:
    """The bytes that a frame with this header has; 0 if it is no header."""
    version, layer = header >> 19 & 3, header >> 17 & 3
    bits, rate, padding = header >> 12 & 15, header >> 10 & 3, header >> 9 & 1
    if header >> 21 != 0x7FF or version == 1 or layer != LAYER_3 or bits == 15 or rate == 3:
        return 0
    if version == MPEG_1:
        return 144_000 * KILOBITS[bits] // RATES[rate] + padding
    slower = RATES[rate] // (2 if version == MPEG_2 else 4)
    return 72_000 * KILOBITS_OF_MPEG_2[bits] // slower + padding
