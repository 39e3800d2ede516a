"""Contents: what is within archives, documents and PDFs, shown piece by piece to the scanners.

A scanner unpacks as well, but stops at limits of its own, and does not tell where. So a sandboxed job
unpacks, and every piece goes to each scanner as a file of its own; several never travel in one stream,
since many signatures are for a file's first bytes only.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from vestibule.checks.archive_limits import LIMITS, Limits
from vestibule.checks.content_types import family_of
from vestibule.checks.pieces import LARGEST, LONGEST_NAME, MOST, Garbled, Piece, chunks, pieces_of
from vestibule.checks.rebuilding import original, outputs
from vestibule.checks.rules import PIECE, SCAN_SECONDS, Matches, RuleSet, judged, told, windows
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.scanners import Answer, Scanners, worst
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage

OUTPUTS = ("pieces", "second", "third", "spare")
ROOM = LARGEST + MOST * (LONGEST_NAME + 16)  # bytes of the pieces with their frames
AT_ONCE = 8  # files whose pieces lie on the disk at the same time
LANES = 4  # pieces of one file that are with the scanners at the same time
RULES_SECONDS = 30.0  # for all pieces of one file


class ContentsCheck:
    """Has a file unpacked, and each piece looked at by rules and by virus scanners. See the port `Check`."""

    name = "contents"

    def __init__(
        self,
        sandbox: Sandbox,
        scanners: Scanners | None,
        rules: RuleSet | None,
        *,
        limits: Limits = LIMITS,
        folder: Path | None = None,
    ) -> None:
        """Without `scanners` only the rules look. `folder` is for temporary files; None: the system's."""
        self.seconds = 240.0  # waiting for a place in the sandbox included
        self._limits = limits
        self._places = asyncio.Semaphore(AT_ONCE)
        self._sandbox, self._scanners, self._rules, self._folder = sandbox, scanners, rules, folder

    def applies(self, specimen: Specimen) -> bool:
        return family_of(specimen.content_type) in ("zip", "pdf")

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        asked = {
            "limits": msgspec.to_builtins(self._limits),
            "is_paper": family_of(specimen.content_type) == "pdf",
        }
        async with self._places, original(specimen, storage, self._folder) as file:
            with outputs(OUTPUTS, self._folder) as files:
                unpacked = await self._sandbox.run("contents.unpack", file, files, asked, output=ROOM)
                if not unpacked.is_clean:
                    return self._found(Answer(unpacked.outcome, unpacked.reason, unpacked.detail))
                return self._found(await self._look(files["pieces"], specimen))

    async def _look(self, file: BinaryIO, specimen: Specimen) -> Answer:
        """Rules first: they take the least time."""
        try:
            pieces = await asyncio.to_thread(pieces_of, file.fileno())
            answer = await self._by_rules(file, pieces, specimen)
            if answer.outcome == "clean" and self._scanners:
                return await self._by_scanners(self._scanners, file, pieces)
        except Garbled as garbled:
            return Answer("error", "check_failed", f"What was unpacked makes no sense: {garbled}.")
        return answer

    async def _by_rules(self, file: BinaryIO, pieces: list[Piece], specimen: Specimen) -> Answer:
        if not self._rules:
            return Answer("clean")
        where = ""

        async def search(rules: RuleSet) -> Matches:
            nonlocal where
            named = _windows(file.fileno(), pieces, time.monotonic() + RULES_SECONDS)
            found = await asyncio.to_thread(rules.search, named, told(specimen), SCAN_SECONDS)
            where, matches = found or ("", [])
            return matches

        outcome, reason, detail = await judged(search(self._rules), SCAN_SECONDS)
        return Answer(outcome, reason, _named(where, detail))

    async def _by_scanners(self, scanners: Scanners, file: BinaryIO, pieces: list[Piece]) -> Answer:
        """Nobody is asked any more once one is not clean. All together have the time that one file has."""
        until = time.monotonic() + scanners.seconds
        left = iter(pieces)
        bad: list[Answer] = []
        versions: set[str] = set()

        async def lane() -> None:
            for piece in left:
                if bad:
                    return
                seconds = max(0.0, until - time.monotonic())
                answer = await scanners.scan(partial(chunks, file.fileno(), piece), seconds)
                versions.add(answer.version)
                if answer.outcome != "clean":
                    bad.append(replace(answer, detail=_named(piece.name, answer.detail)))

        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(lane())
        return replace(worst(bad or [Answer("clean")]), version=", ".join(sorted(versions - {""})))

    def _found(self, answer: Answer) -> Finding:
        engines = [self._rules.version] if self._rules else []
        verdict = Verdict(
            outcome=answer.outcome,
            check=self.name,
            reason=answer.reason,
            detail=answer.detail,
            version=", ".join([*engines, *filter(None, [answer.version])]),
        )
        return Finding(verdict=verdict)


def _named(piece: str, detail: str) -> str:
    return f"{piece!r}: {detail}" if piece else detail


def _windows(file: int, pieces: list[Piece], until: float) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each piece's name, and its bytes as rules look at them."""
    for piece in pieces:
        if time.monotonic() > until:
            raise TimeoutError(f"no end in {RULES_SECONDS:g} s")
        yield piece.name, (os.pread(file, size, piece.start + at) for at, size in windows(piece.size, PIECE))
