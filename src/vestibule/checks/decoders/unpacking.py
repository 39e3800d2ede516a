"""Archives and Office documents, opened and gone through: each member as if it had been sent alone.

A member that is an archive itself is copied into a file of its level, so that it can be read from its end.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from vestibule.checks.content_types import CONTENT_TYPES
from vestibule.checks.decoders import ooxml, opendocument, openings
from vestibule.checks.decoders.member_texts import judge_text
from vestibule.checks.decoders.zips import Archive, Budget, Member, begun, opened
from vestibule.checks.filename import extension_of
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.policy import Policy

OPEN_DOCUMENTS = frozenset(opendocument.TYPES)
DOCUMENTS = OPEN_DOCUMENTS | ooxml.MAIN.keys()
# What Finder adds to an archive: AppleDouble files and folders' looks. Nothing opens them by their names.
MAC_FOLDER, MAC_TWIN, MAC_LOOKS = "__MACOSX/", "._", ".DS_Store"
APPLE_DOUBLE, DESKTOP_STORE = b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1"
LARGEST_OF_MAC = 1 << 20  # bytes

for _encoding in ("utf-8", "utf-16"):  # later no file can be opened
    codecs.getincrementaldecoder(_encoding)


@dataclass(slots=True)
class Unpacking:
    """One file that was sent, gone through. `spills` are files for the levels within, outermost first."""

    policy: Policy
    budget: Budget
    spills: Sequence[BinaryIO]
    spare: BinaryIO  # for a member that a decoder opens
    limits: dict[str, int | float]  # of the decoders

    def archive(self, file: BinaryIO, level: int = 1) -> None:
        """Raises `Refused` for the first member that would be refused alone."""
        archive = opened(file, self.budget)
        names = {member.name for member in archive.members}
        for member in archive.members:
            if not member.is_folder and not self._is_of_a_mac(archive, member, names):
                self._member(archive, member, level)

    def document(self, file: BinaryIO, extension: str, level: int = 1) -> None:
        """Raises `Refused` for the first part that acts by itself."""
        archive = opened(file, self.budget)
        if extension in OPEN_DOCUMENTS:
            opendocument.inspect(archive, extension)
        else:
            ooxml.inspect(archive, extension, self._nester(level))

    def _nester(self, level: int) -> ooxml.Nest:
        def nest(archive: Archive, member: Member, extension: str) -> None:
            self.document(self._spilled(archive.chunks(member), level), extension, level + 1)

        return nest

    def _is_of_a_mac(self, archive: Archive, member: Member, names: set[str]) -> bool:
        """Whether Finder put it there. It is read to its end all the same."""
        folder, _, last = member.name.rpartition("/")
        twin = f"{folder}/{last.removeprefix(MAC_TWIN)}".removeprefix(MAC_FOLDER).removeprefix("/")
        is_twin = member.name.startswith(MAC_FOLDER) and last.startswith(MAC_TWIN)
        is_named = (is_twin and (twin in names or f"{twin}/" in names)) or last == MAC_LOOKS
        if not is_named or member.size > LARGEST_OF_MAC:
            return False
        content = b"".join(archive.chunks(member))
        return content.startswith(APPLE_DOUBLE if is_twin else DESKTOP_STORE)

    def _member(self, archive: Archive, member: Member, level: int) -> None:
        """One file, as if it had been sent alone; but for its size, which the budget bounds."""
        name = member.name.rpartition("/")[2]
        admitted = self.policy.admit(name, "", None)
        if not admitted.is_clean:
            raise Refused("archive_member", f"{member.name!r}: {admitted.detail}")
        head, chunks = begun(archive.chunks(member))
        if not member.size:
            return
        judged = FiletypeCheck(self.policy).judge_head(name, "", head)
        if judged.outcome == "encrypted":
            raise Refused(judged.reason, f"{member.name!r}: {judged.detail}", outcome="encrypted")
        if not judged.is_clean:
            raise Refused("archive_member", f"{member.name!r}: {judged.detail}")
        try:
            self._open(content_type_of(name, head), extension_of(name), chunks, head, level)
        except Refused as refused:
            detail = f"{member.name!r}: {refused.detail}"
            raise Refused(refused.reason, detail, outcome=refused.outcome) from refused

    def _open(
        self, content_type: str, extension: str, chunks: Iterable[bytes], head: bytes, level: int
    ) -> None:
        family = CONTENT_TYPES[content_type].family
        if family == "text":
            judge_text(chunks, head, is_table=content_type == "text/csv")
        elif extension in DOCUMENTS:
            self.document(self._spilled(chunks, level), extension, level + 1)
        elif family == "zip":
            self.archive(self._spilled(chunks, level), level + 1)
        else:
            openings.try_to_open(_filled(self.spare, chunks), content_type, self.limits)

    def _spilled(self, chunks: Iterable[bytes], level: int) -> BinaryIO:
        if level >= min(self.budget.limits.depth, len(self.spills) + 1):
            raise Refused("archive_nested", f"There are more than {level} archives within each other.")
        return _filled(self.spills[level - 1], chunks)


def _filled(file: BinaryIO, chunks: Iterable[bytes]) -> BinaryIO:
    file.seek(0)
    file.truncate()
    for chunk in chunks:
        file.write(chunk)
    file.flush()
    file.seek(0, os.SEEK_SET)
    return file
