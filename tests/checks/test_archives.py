"""Zips: read in one way only, unpacked within limits, each file inside judged as if it had come alone."""

from __future__ import annotations

import random
import time
from pathlib import Path

import msgspec
import pytest

from tests import files
from tests.checks.looking import looked_at
from tests.checks.specimens import specimen, stored
from tests.files.archives import GOOD_ARCHIVES, MIB, PROGRAM, archive, many, nested, overlapping, packed
from tests.files.bad_archives import BAD_ARCHIVES
from tests.files.office import sheet, word
from vestibule.checks.archive_limits import Limits as ArchiveLimits
from vestibule.checks.archives import OUTPUTS, ArchiveCheck
from vestibule.checks.policy import Limits, Policy
from vestibule.checks.rebuilding import Limits as OpeningLimits
from vestibule.checks.rebuilding import outputs
from vestibule.checks.sandbox import Sandbox
from vestibule.http.dispositions import is_inline
from vestibule.refusals import REFUSALS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ZIP = "application/zip"


@pytest.fixture
def check(sandbox: Sandbox) -> ArchiveCheck:
    return ArchiveCheck(sandbox)


@pytest.mark.parametrize("name", GOOD_ARCHIVES)
async def test_what_people_pack_every_day_passes(name: str, check: ArchiveCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, GOOD_ARCHIVES[name](), ZIP) as seen:
        assert seen.outcome == ("clean", ""), seen.finding.verdict.detail
        assert await seen.kept() == ["original"]  # it is handed on as it came


@pytest.mark.parametrize("name", BAD_ARCHIVES)
async def test_what_is_packed_to_harm_is_refused(name: str, check: ArchiveCheck, tmp_path: Path) -> None:
    make, reason = BAD_ARCHIVES[name]
    async with looked_at(check, tmp_path, make(), ZIP) as seen:
        assert seen.outcome == ("encrypted" if reason == "encrypted" else "refused", reason)
        assert seen.finding.verdict.detail
        assert reason in REFUSALS


@pytest.mark.parametrize(
    "content",
    [many(20_000), overlapping(), many(65_535), nested(40)],
    ids=["20000", "overlap", "65535", "40"],
)
async def test_a_bomb_is_told_at_once(content: bytes, check: ArchiveCheck, tmp_path: Path) -> None:
    began = time.perf_counter()
    async with looked_at(check, tmp_path, content, ZIP) as seen:
        assert seen.outcome[0] == "refused"
        assert seen.finding.verdict.milliseconds < 1000
    assert time.perf_counter() - began < 5  # a busy machine included


async def test_the_counts_run_through_all_levels(sandbox: Sandbox, tmp_path: Path) -> None:
    inner = archive(*(f"{n}.txt" for n in range(40)))
    outer = packed({f"{n}.zip": inner for n in range(3)})
    for members, outcome in ((123, "clean"), (122, "refused")):
        check = ArchiveCheck(sandbox, ArchiveLimits(members=members))
        async with looked_at(check, tmp_path, outer, ZIP) as seen:
            assert seen.finding.verdict.outcome == outcome


async def test_memory_is_flat_however_much_there_is_to_unpack(sandbox: Sandbox, tmp_path: Path) -> None:
    letters = random.Random(1).randbytes(40_000).hex().encode()
    much = packed({f"{n}.txt": (letters + b"-" * 2_000_000) * 14 for n in range(6)})  # 174 MB
    small = await _peak(sandbox, packed({"a.txt": b"Hello."}), tmp_path)
    large = await _peak(sandbox, packed({"a.zip": much}), tmp_path)
    assert large - small < 8 * MIB


async def _peak(sandbox: Sandbox, content: bytes, folder: Path) -> int:
    """Bytes resident at most, of a child that unpacks it."""
    path = folder / "archive.zip"
    path.write_bytes(content)
    options = {"limits": msgspec.to_builtins(ArchiveLimits()), "opening": {}, "policy": {}}
    with outputs(OUTPUTS, folder) as files:
        answer = await sandbox.run("archives.inspect", path, files, options, output=201 * MIB)
    assert answer.is_clean, answer.detail
    return answer.memory


async def test_files_inside_obey_the_list_of_the_sender(sandbox: Sandbox, tmp_path: Path) -> None:
    narrow = Limits(extensions=frozenset({"zip", "txt"}))
    check = ArchiveCheck(sandbox, policy=Policy(roles={"guest": narrow}))
    storage = await stored(tmp_path, content := packed({"data.csv": b"a;b\n"}))
    for role, reason in (("agent", ""), ("guest", "archive_member")):
        finding = await check(specimen(content, "a.zip", role=role), storage)
        assert finding.verdict.reason == reason


async def test_a_picture_inside_obeys_the_limits_of_pictures(sandbox: Sandbox, tmp_path: Path) -> None:
    content = packed({"a.png": files.png_with_text()})
    for side, reason in ((320, ""), (319, "too_complex")):
        check = ArchiveCheck(sandbox, opening=OpeningLimits(side=side))
        async with looked_at(check, tmp_path, content, ZIP) as seen:
            assert seen.finding.verdict.reason == reason, seen.finding.verdict.detail


async def test_an_office_document_inside_is_judged_as_one(check: ArchiveCheck, tmp_path: Path) -> None:
    for contents, reason in (
        ({"a.docx": word(), "b.xlsx": sheet()}, ""),
        ({"a.docx": sheet()}, "type_mismatch"),
        ({"a.docx": packed({"word/document.xml": b"x", "setup.exe": PROGRAM})}, "damaged"),
    ):
        async with looked_at(check, tmp_path, packed(contents), ZIP) as seen:
            assert seen.finding.verdict.reason == reason


async def test_staff_are_told_which_file_it_was(check: ArchiveCheck, tmp_path: Path) -> None:
    async with looked_at(check, tmp_path, packed({"a/b.zip": packed({"setup\r\n.exe": b"x"})}), ZIP) as seen:
        assert "'a/b.zip'" in seen.finding.verdict.detail
        assert "\n" not in seen.finding.verdict.detail  # it goes into logs


async def test_an_archive_is_only_ever_saved(check: ArchiveCheck) -> None:
    assert not is_inline(ZIP)
    assert not check.applies(specimen(b"Hello."))


async def test_a_sandbox_that_is_gone_lets_nothing_through(tmp_path: Path) -> None:
    check = ArchiveCheck(Sandbox(["tests.checks.no_such_module"]))
    async with looked_at(check, tmp_path, archive("notes.txt"), ZIP) as seen:
        assert seen.outcome == ("error", "check_failed")
