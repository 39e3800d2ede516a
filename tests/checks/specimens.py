"""Files for the tests of checks: as a sender would give them, and in a real folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from vestibule.checks.signatures import sniff
from vestibule.ports import Specimen, Storage
from vestibule.storage.folder import FolderStorage

SID = "ME" + "0" * 32

# The test file of the European Institute for Computer Antivirus Research, put together here so that no
# scanner raises an alarm about this source file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(64)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def specimen(
    content: bytes, filename: str = "notes.txt", declared_type: str = "", role: str = ""
) -> Specimen:
    return Specimen(
        media_sid=SID,
        filename=filename,
        declared_type=declared_type,
        content_type=sniff(content[:4096]),
        size=len(content),
        sha256="",
        head=content[:4096],
        role=role,
    )


async def stored(folder: Path, content: bytes) -> Storage:
    """A storage in which `content` was received."""
    storage = FolderStorage(folder)
    await storage.put(f"quarantine/{SID}/original", chunks_of(content))
    return storage


async def chunks_of(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]
