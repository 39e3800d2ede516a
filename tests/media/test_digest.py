"""The digest is that of the bytes, however they come."""

from __future__ import annotations

import hashlib

import pytest

from vestibule.media.digest import BATCH, Digest

DATA = bytes(range(256)) * (3 * BATCH // 256) + b"and a little more"


@pytest.mark.parametrize("step", [5000, BATCH // 4, BATCH, BATCH + 1, len(DATA)])
async def test_a_file_has_one_digest_however_it_is_cut(step: int) -> None:
    digest = Digest()
    for start in range(0, len(DATA), step):
        await digest.update(DATA[start : start + step])
    assert await digest.hexdigest() == hashlib.sha256(DATA).hexdigest()


async def test_what_never_came_has_the_digest_of_nothing() -> None:
    assert await Digest().hexdigest() == hashlib.sha256(b"").hexdigest()
