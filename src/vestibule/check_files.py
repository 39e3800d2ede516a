"""Files for the contract of a check: as they are received, and damaged, empty, huge and hostile ones."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from vestibule import sids
from vestibule.checks.filetype import content_type_of
from vestibule.ports import Specimen
from vestibule.storage.folder import FolderStorage

HUGE = 40 * (1 << 20)  # bytes
CHUNK = 256 * 1024  # bytes
HEAD = 4096  # bytes


class File(msgspec.Struct, frozen=True):
    """A file as a sender gives it."""

    filename: str
    content: bytes
    declared_type: str = ""
    role: str = "channel user"


def difficult(files: Iterable[File]) -> Iterator[tuple[str, File]]:
    """Damaged, empty, huge and hostile ones, under the names of these."""
    noise = random.Random(4711).randbytes(3000)  # noqa: S311 - the same ones each time
    for file in files:
        name, content = file.filename, file.content
        for what, changed in (
            ("empty", b""),
            ("of one byte", content[:1]),
            ("cut in half", content[: len(content) // 2]),
            ("ending in noise", content + noise),
            ("beginning with noise", noise + content),
        ):
            yield f"{name}, {what}", msgspec.structs.replace(file, content=changed)
        for what, named in (("without a name", ""), ("with a hostile name", "a\x00/../\u202e" * 50)):
            yield f"{name}, {what}", msgspec.structs.replace(file, filename=named)
        declared = msgspec.structs.replace(file, declared_type="image/png, \r\n" * 50)
        yield f"{name}, declared as nonsense", declared
    for file in tuple(files)[:1]:
        filler = file.content + (b"0123456789abcde\n" * (HUGE // 16))
        yield f"{file.filename}, of 40 MiB", msgspec.structs.replace(file, content=filler)


@dataclass(frozen=True, slots=True)
class Received:
    """A file in a storage of its own, beside somebody else's."""

    specimen: Specimen
    storage: FolderStorage
    folder: Path

    @property
    def own(self) -> str:
        return f"quarantine/{self.specimen.media_sid}/"

    def seen(self) -> dict[str, str]:
        """Every file there, with its digest."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): _digest(path) for path in files}


@asynccontextmanager
async def received_as(file: File) -> AsyncIterator[Received]:
    with tempfile.TemporaryDirectory(prefix="vestibule-") as name:
        folder = Path(name)
        storage, specimen = FolderStorage(folder), _specimen(file)
        await storage.put(f"quarantine/{specimen.media_sid}/original", _pieces(file.content))
        await storage.put(f"quarantine/{sids.make(sids.MEDIA)}/original", _pieces(b"somebody else's"))
        try:
            yield Received(specimen, storage, folder)
        finally:
            await storage.close()


def _specimen(file: File) -> Specimen:
    head = file.content[:HEAD]
    return Specimen(
        media_sid=sids.make(sids.MEDIA),
        filename=file.filename,
        declared_type=file.declared_type,
        content_type=content_type_of(file.filename, head),
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        head=head,
        role=file.role,
    )


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class BrokenStorage(FolderStorage):
    """A storage whose disk has gone."""

    was_asked = False

    def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        self.was_asked = True
        raise OSError("the disk has gone")

    async def size(self, key: str) -> int:
        self.was_asked = True
        raise OSError("the disk has gone")

    def path(self, key: str) -> Path:
        self.was_asked = True
        return super().path(key).with_name("gone")
