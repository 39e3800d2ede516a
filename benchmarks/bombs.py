"""Measure what bombs cost others: photos in the sandbox, alone and beside files that are made to be slow.

A bomb here keeps every limit and burns the processor for as long as it may: a small animation of many large
frames. Everybody's photo is timed from when it asks for a place to its verdict.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from PIL import Image
from rich.console import Console
from rich.table import Table

from vestibule.checks.rebuilding import LIMITS
from vestibule.checks.sandbox import Answer, Sandbox

SIDE, FRAMES = 2000, 95  # just below the limit of 400 million pixels in all frames
PATIENCE = 3.0  # seconds in which bombs have been told apart: what comes then is the long run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--bombs", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    Console().print(asyncio.run(_measured(options.photos, options.bombs)))


async def _measured(photos: int, crowds: list[int]) -> Table:
    table = Table("bombs", "photo, median ms", "slowest ms", "times as slow", "the first, ms")
    with tempfile.TemporaryDirectory() as name:
        photo, bomb = Path(name) / "photo.jpg", Path(name) / "bomb.gif"
        photo.write_bytes(_photo())
        bomb.write_bytes(_bomb())
        async with Sandbox() as sandbox:
            alone = await _photos(sandbox, photo, photos)
            table.add_row("0", *_told(alone, alone))
            for bombs in crowds:
                async with _burning(sandbox, bomb, bombs):
                    first = await _photos(sandbox, photo, 1)
                    await asyncio.sleep(PATIENCE)
                    table.add_row(str(bombs), *_told(await _photos(sandbox, photo, photos), alone, first))
    return table


def _told(times: list[float], alone: list[float], first: list[float] | None = None) -> list[str]:
    ratio = median(times) / median(alone)
    figures = [f"{median(times) * 1000:.0f}", f"{max(times) * 1000:.0f}", f"{ratio:.2f}"]
    return [*figures, f"{first[0] * 1000:.0f}" if first else ""]


async def _photos(sandbox: Sandbox, photo: Path, count: int) -> list[float]:
    """How long each of `count` took, one behind the other."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        answer = await _rebuilt(sandbox, photo, "image/jpeg")
        assert answer.is_clean, answer
        times.append(time.perf_counter() - began)
    return times


@contextlib.asynccontextmanager
async def _burning(sandbox: Sandbox, bomb: Path, count: int) -> AsyncIterator[None]:
    """So many bombs meanwhile: whichever ends is followed by the next."""

    async def forever() -> None:
        while True:
            await _rebuilt(sandbox, bomb, "image/gif")

    tasks = [asyncio.create_task(forever()) for _ in range(count)]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _rebuilt(sandbox: Sandbox, file: Path, content_type: str) -> Answer:
    told: dict[str, Any] = {"content_type": content_type, **msgspec.to_builtins(LIMITS)}
    with tempfile.TemporaryFile() as safe, tempfile.TemporaryFile() as preview:
        return await sandbox.run("images.rebuild", file, {"safe": safe, "preview": preview}, told)


def _photo() -> bytes:
    return _saved([Image.effect_noise((1200, 900), 60).convert("RGB")], "JPEG")


def _bomb() -> bytes:
    grain = [Image.effect_noise((SIDE // 20, SIDE // 20), 90).convert("P") for _ in range(5)]
    frames = [each.resize((SIDE, SIDE), Image.Resampling.NEAREST) for each in grain]
    return _saved([frames[number % 5] for number in range(FRAMES)], "GIF")


def _saved(frames: list[Image.Image], format_: str) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:], "duration": 50} if len(frames) > 1 else {}
    frames[0].save(out, format_, **more)
    return out.getvalue()


if __name__ == "__main__":
    main()
