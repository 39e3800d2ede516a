"""Readiness: whether the parts of a house answer, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

from vestibule.checks.sandbox import Sandbox
from vestibule.checks.watch import Watch
from vestibule.context import Parts
from vestibule.http.front import OFF, OK

SECONDS = 2  # that a part has to answer


async def readiness_of(parts: Parts, sandbox: Sandbox, watch: Watch | None) -> Mapping[str, str]:
    """What works: part to `ok`, `off` where it is not connected, or what is the matter."""
    return {
        "database": await _asked(_count_services(parts)),
        "storage": await _asked(_look_into_storage(parts)),
        **(await watch.readiness() if watch else {"antivirus": OFF}),
        "sandbox": OK if not sandbox.report()["missing"] else "weak",
    }


async def _asked(question: Awaitable[object]) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            await question
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return OK


async def _count_services(parts: Parts) -> None:
    await parts.database.read(lambda tx: tx.value("services"))


async def _look_into_storage(parts: Parts) -> None:
    async for _ in parts.storage.list("available/ME0"):
        break
