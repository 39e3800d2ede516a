"""The zip walker: whatever it takes, other programs read as it does."""

from __future__ import annotations

import contextlib
import io
import zipfile
from tempfile import TemporaryFile

from hypothesis import given

from tests.files.archives import GOOD_ARCHIVES, archive, nested
from tests.files.good_office import GOOD
from tests.fuzz.mutations import bounded, frugal, fuzzed, mutated
from vestibule.checks.archive_limits import Limits
from vestibule.checks.contents import OUTPUTS
from vestibule.checks.decoders.contents import unpack
from vestibule.checks.decoders.zips import Budget, opened
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.pieces import pieces_of

LIMITS = Limits(members=100, unpacked=3_000_000)
SEEDS = [
    archive("a.txt", "b/c.csv"),
    nested(3),
    *(content for make in GOOD_ARCHIVES.values() if len(content := make()) < 50_000),
]
PACKAGES = [content for _, make in GOOD.values() if len(content := make()) < 30_000]
RECORD = rb"PK(\x01\x02|\x03\x04|\x05\x06|\x06\x06|\x06\x07|\x07\x08)"


def unpacked(content: bytes) -> dict[str, bytes] | None:
    """The members by the walker; None where it refuses."""
    try:
        walked = opened(io.BytesIO(content), Budget(LIMITS, len(content)))
        return {member.name: b"".join(walked.chunks(member)) for member in walked.members}
    except Refused:
        return None


@given(content=mutated(SEEDS, RECORD))
@fuzzed(600)
def test_what_the_walker_takes_another_program_unpacks_to_the_same(content: bytes) -> None:
    with bounded():
        ours = unpacked(content)
    if ours is None:
        return
    with (
        contextlib.suppress(NotImplementedError),  # it says that it needs a newer program
        zipfile.ZipFile(io.BytesIO(content)) as file,
    ):
        assert file.testzip() is None
        assert [file.read(info) for info in file.infolist()] == list(ours.values())


@given(content=mutated(PACKAGES, RECORD))
@fuzzed(150)
def test_a_damaged_document_is_no_worse(content: bytes) -> None:
    with bounded():
        unpacked(content)


@given(content=mutated(SEEDS, RECORD))
@fuzzed(100)
def test_the_walker_takes_little_memory_whatever_is_said(content: bytes) -> None:
    with frugal(12_000_000), bounded():
        unpacked(content)


@given(content=mutated(SEEDS, RECORD))
@fuzzed(150)
def test_what_is_unpacked_for_scanners_is_whole_and_within_the_limits(content: bytes) -> None:
    told = {"limits": {"members": 100, "unpacked": 500_000}, "is_paper": False}
    with contextlib.ExitStack() as stack:
        files = {name: stack.enter_context(TemporaryFile()) for name in OUTPUTS}
        with bounded(), contextlib.suppress(Refused):
            done = unpack(io.BytesIO(content), files, told)
            files["pieces"].flush()
            pieces = pieces_of(files["pieces"].fileno())
            assert done == {"pieces": len(pieces), "bytes": sum(piece.size for piece in pieces)}
            assert len(pieces) == len({piece.name for piece in pieces})
