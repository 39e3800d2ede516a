"""The walker and the readers of parts under random damage: they say no, or yes, within their limits."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.files.archives import GOOD_ARCHIVES, archive, nested, packed
from tests.files.good_office import GOOD
from tests.files.office import packaged, word
from tests.files.zip_writer import Entry, zipped
from vestibule.checks.archive_limits import Limits
from vestibule.checks.decoders import fields, formulas
from vestibule.checks.decoders.unpacking import Unpacking
from vestibule.checks.decoders.zips import Budget
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.policy import Limits as Allowed
from vestibule.checks.policy import Policy

LIMITS = Limits(members=50, unpacked=200_000, small=10_000, ratio=50)
TEXTS = Policy(default=Allowed(extensions=frozenset({"txt", "csv", "zip", "docx"})))
SEEDS = [
    archive("a.txt", "b/c.csv"),
    nested(3),
    packed({"a.docx": word()}),
    *(GOOD_ARCHIVES[name]() for name in ("streamed", "sixty four", "end of sixty four", "unicode path")),
]
QUICKLY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Unpacked:
    """Goes through one file. It lets only `Refused` by."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.was_refused = False

    def unpack(self, content: bytes, extension: str = "") -> Unpacked:
        spills = [io.BytesIO(), io.BytesIO()]
        budget = Budget(self.limits, len(content))
        unpacking = Unpacking(TEXTS, budget, spills, io.BytesIO(), {})
        try:
            if extension:
                unpacking.document(io.BytesIO(content), extension)
            else:
                unpacking.archive(io.BytesIO(content))
        except Refused:
            self.was_refused = True
        return self


def damaged(content: bytes, edits: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for at, value in edits:
        changed[at % len(changed)] = value
    return bytes(changed)


edits = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1, max_size=6)


@given(seed=st.sampled_from(SEEDS), edits=edits)
@QUICKLY
def test_no_damage_breaks_the_walker(seed: bytes, edits: list[tuple[int, int]]) -> None:
    Unpacked().unpack(damaged(seed, edits))


@given(
    seed=st.sampled_from(SEEDS),
    start=st.integers(0, 5000),
    length=st.integers(0, 500),
    put=st.binary(max_size=60),
)
@QUICKLY
def test_no_cut_breaks_the_walker(seed: bytes, start: int, length: int, put: bytes) -> None:
    start %= len(seed)
    Unpacked().unpack(seed[:start] + put + seed[start + length :])


@given(content=st.binary(max_size=400))
@QUICKLY
def test_nothing_at_all_breaks_the_walker(content: bytes) -> None:
    assert Unpacked().unpack(content).was_refused
    Unpacked().unpack(content + zipped([Entry("a.txt")]))


numbers = st.none() | st.sampled_from([0, 1, 30, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]) | st.integers(0, 300)
entries = st.builds(
    Entry,
    name=st.binary(max_size=12) | st.sampled_from(["a.txt", "b.txt", "a.zip", "d/", "../a.txt"]),
    content=st.binary(max_size=300),
    method=st.sampled_from([0, 8, 9]),
    flags=st.sampled_from([0, 8, 0x800, 1]),
    mode=st.sampled_from([0, 0o100644, 0o120777]),
    size=numbers,
    packed_size=numbers,
    offset=numbers,
    local_size=numbers,
    extra=st.binary(max_size=30),
)


@given(
    entries=st.lists(entries, max_size=5),
    members=st.none() | st.integers(0, 70),
    between=st.binary(max_size=9),
    within=st.binary(max_size=9),
    comment=st.binary(max_size=40),
    sixty_four=st.booleans(),
)
@QUICKLY
def test_no_lie_breaks_the_walker(
    entries: list[Entry], members: int | None, between: bytes, within: bytes, comment: bytes, sixty_four: bool
) -> None:
    content = zipped(
        entries, members=members, between=between, within=within, comment=comment, sixty_four=sixty_four
    )
    Unpacked().unpack(content)


@given(level=st.integers(0, 9), size=st.integers(0, 10_000_000))
@settings(max_examples=30, deadline=None)
def test_a_member_that_lies_about_its_size_is_cut_off(level: int, size: int) -> None:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = packer.compress(bytes(3_000_000)) + packer.flush()
    lie = Entry("a.txt", b"", packed=body, size=size)
    assert Unpacked(Limits(unpacked=2_000_000, ratio=10_000)).unpack(zipped([lie])).was_refused


PARTS = [(extension, make()) for extension, make in GOOD.values() if len(make()) < 20_000]


@given(seed=st.sampled_from(PARTS), which=st.integers(0, 30), edits=edits)
@QUICKLY
def test_no_damage_of_a_part_breaks_the_readers(
    seed: tuple[str, bytes], which: int, edits: list[tuple[int, int]]
) -> None:
    with zipfile.ZipFile(io.BytesIO(seed[1])) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = list(parts)[which % len(parts)]
    if parts[name]:
        parts[name] = damaged(parts[name], edits)
    Unpacked(Limits()).unpack(packaged(parts), seed[0])


@given(text=st.text(st.sampled_from("DE AUTO\"\\{}'|!()[]=.,:/#1aé\n")))
@settings(max_examples=1000, deadline=None)
def test_no_field_and_no_formula_breaks_its_reader(text: str) -> None:
    for judge in (fields.judge, formulas.judge):
        with contextlib.suppress(Refused):
            judge(text, "a part")
