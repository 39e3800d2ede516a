"""What the checks that rebuild files share: the file in, the copies out, an answer made a finding."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal

import msgspec

from vestibule.checks.sandbox import SECONDS, Answer, Sandbox
from vestibule.models import Copy, Rendition, Verdict
from vestibule.ports import Finding, Specimen, Storage

CHUNK = 256 * 1024  # bytes
MARGIN = 16 << 20  # bytes by which a copy may be larger than its original
ENGINES = ("pillow", "pi-heif", "pikepdf", "pypdfium2", "av")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a file may hold. Whatever is beyond is `too_complex`."""

    pixels: int = 50_000_000  # of one picture: the largest phones take
    side: int = 30_000  # pixels
    frames: int = 2_000
    frame_pixels: int = 400_000_000  # frames times pixels of an animation
    pages: int = 5_000
    streams: int = 16  # in one video
    duration: float = 4 * 3600.0  # seconds


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that a job wrote, with what it is said to be, and the job that can tell."""

    name: Rendition
    content_type: str
    width: int | None
    height: int | None
    proof: str = "images.verify"
    pages: int | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture that a job made, by its own account."""

    content_type: Literal["image/webp"]
    width: int
    height: int

    def made(self, name: Rendition) -> Made:
        return Made(name, self.content_type, self.width, self.height)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a job found out: fields of a `Finding`."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    pages: int | None = None


@dataclass(slots=True)
class RebuildingCheck:
    """A check that lets a job write copies, has each proven by a second process, and keeps them."""

    sandbox: Sandbox
    limits: Limits = LIMITS
    folder: Path | None = None  # for temporary files, as large as what is sent; None: the system's
    seconds: float = 180.0  # waiting for places in the sandbox included
    engine: str = field(default_factory=lambda: engine(*ENGINES))

    name = ""
    job: ClassVar[str]
    types: ClassVar[frozenset[str]]
    makes: ClassVar[tuple[Rendition, ...]]
    cpu: ClassVar[float] = SECONDS  # seconds that the job may take of it

    def asked(self) -> dict[str, Any]:
        """What the job is told besides the type and the limits."""
        return {}

    def understood(self, value: dict[str, Any]) -> tuple[Facts, list[Made]]:
        """Make sense of the job's word. Raises `msgspec.ValidationError` where it makes none."""
        raise NotImplementedError

    def remark(self, value: dict[str, Any]) -> str:
        """What staff is told of a file that passed."""
        return ""

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type in self.types

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        async with original(specimen, storage, self.folder) as file:
            with outputs(self.makes, self.folder) as files:
                return await self._judge(specimen, storage, file, files)

    async def _judge(
        self, specimen: Specimen, storage: Storage, file: Path | BinaryIO, files: dict[str, BinaryIO]
    ) -> Finding:
        told = {"content_type": specimen.content_type, **msgspec.to_builtins(self.limits), **self.asked()}
        room = max(self.sandbox.output, specimen.size + MARGIN)
        answer = await self.sandbox.run(self.job, file, files, told, seconds=self.cpu, output=room)
        if not answer.is_clean:
            return Finding(verdict=self._verdict(answer))
        facts, copies = self.understood(answer.value)
        proofs = (self._proven(specimen, made, files[made.name]) for made in copies)
        for proof in await asyncio.gather(*proofs):
            if not proof.is_clean:
                return Finding(verdict=self._verdict(proof))
        kept = [await stored(specimen, storage, made, files[made.name]) for made in copies]
        verdict = msgspec.structs.replace(self._verdict(answer), detail=self.remark(answer.value))
        return Finding(verdict=verdict, copies=tuple(kept), **msgspec.structs.asdict(facts))

    async def _proven(self, specimen: Specimen, made: Made, file: BinaryIO) -> Answer:
        """Have a copy looked at by a process that never saw the original."""
        told = {"content_type": made.content_type, "width": made.width, "height": made.height}
        told |= {"expected": made.pages, "size": specimen.size}
        return await self.sandbox.run(made.proof, file, None, {**msgspec.to_builtins(self.limits), **told})

    def _verdict(self, answer: Answer) -> Verdict:
        return answer.verdict(self.name, self.engine)


def engine(*packages: str) -> str:
    """Names and versions. Told by the installation: the server itself never loads a decoder."""
    return ", ".join(f"{package} {version(package)}" for package in packages)


@contextlib.asynccontextmanager
async def original(
    specimen: Specimen, storage: Storage, folder: Path | None
) -> AsyncIterator[Path | BinaryIO]:
    """The received bytes as a plain file."""
    async with fetched(f"quarantine/{specimen.media_sid}/original", storage, folder) as file:
        yield file


@contextlib.asynccontextmanager
async def fetched(key: str, storage: Storage, folder: Path | None) -> AsyncIterator[Path | BinaryIO]:
    """What lies under a key as a plain file, fetched into an unlinked one where storage has none."""
    path = storage.path(key)
    if path is not None:
        yield path
        return
    with tempfile.TemporaryFile(dir=folder) as file:
        async for chunk in storage.get(key):
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.flush)
        yield file


@contextlib.contextmanager
def outputs(names: Sequence[str], folder: Path | None) -> Iterator[dict[str, BinaryIO]]:
    """Unlinked temporary files for a job to write."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(tempfile.TemporaryFile(dir=folder)) for name in names}


async def stored(specimen: Specimen, storage: Storage, made: Made, file: BinaryIO) -> tuple[Copy, str]:
    """Put a copy beside its original, still in quarantine."""
    key = f"quarantine/{specimen.media_sid}/{made.name}"
    size = await storage.put(key, _chunks(file))
    copy = Copy(
        name=made.name, content_type=made.content_type, size=size, width=made.width, height=made.height
    )
    return copy, key


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    position = 0
    while chunk := await asyncio.to_thread(os.pread, file.fileno(), CHUNK, position):
        position += len(chunk)
        yield chunk
