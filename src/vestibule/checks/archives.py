"""Archives: every member must be one that could have been sent alone. A zip is handed on as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from vestibule import __version__
from vestibule.checks import rebuilding
from vestibule.checks.archive_limits import LIMITS, Limits
from vestibule.checks.policy import Policy
from vestibule.checks.rebuilding import original, outputs
from vestibule.checks.sandbox import Sandbox
from vestibule.ports import Finding, Specimen, Storage

ROOM = 1 << 20  # bytes that an output may have beyond what the limits unpack
OUTPUTS = ("second", "third", "spare")  # for archives within archives, and for members to be opened


@dataclass(slots=True)
class UnpackingCheck:
    """What the checks share that go through a zip in the sandbox: the file in, a word out."""

    sandbox: Sandbox
    limits: Limits = LIMITS
    opening: rebuilding.Limits = rebuilding.LIMITS  # of members that a decoder opens
    folder: Path | None = None  # for temporary files, as large as the limits unpack; None: the system's
    seconds: float = 180.0  # waiting for a place in the sandbox included

    name = ""

    async def _inspected(
        self, job: str, specimen: Specimen, storage: Storage, told: Mapping[str, Any]
    ) -> Finding:
        options = {
            "limits": msgspec.to_builtins(self.limits),
            "opening": msgspec.to_builtins(self.opening),
            **told,
        }
        room = self.limits.unpacked + ROOM
        async with original(specimen, storage, self.folder) as file:
            with outputs(OUTPUTS, self.folder) as files:
                answer = await self.sandbox.run(job, file, files, options, output=room)
        return Finding(verdict=answer.verdict(self.name, __version__))


@dataclass(slots=True)
class ArchiveCheck(UnpackingCheck):
    """Refuses a zip that programs could read in two ways, that unpacks to too much, or holds what the
    sender's role may not send. See the port `Check`."""

    policy: Policy = field(default_factory=Policy)

    name = "archives"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type == "application/zip"

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        alone = Policy(default=self.policy.limits(specimen.role))
        told = {"policy": msgspec.to_builtins(alone)}
        return await self._inspected("archives.inspect", specimen, storage, told)
