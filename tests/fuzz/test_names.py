"""Names and declared types: made safe once for good, whatever somebody calls a file."""

from __future__ import annotations

import contextlib
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutations import bounded, fuzzed
from vestibule.checks.decoders.zip_names import judge_path, judge_together
from vestibule.checks.filename import (
    CONTROLS,
    LONGEST,
    RESERVED,
    TURNING,
    extension_of,
    judge_name,
    safe_name,
)
from vestibule.checks.nursery.jobs import Refused
from vestibule.checks.policy import Policy, bare_type, judge_declared
from vestibule.http.dispositions import disposition

TRICKS = st.sampled_from(
    [
        *"con nul. aux.txt .. / \\ . : exe .exe .jpg photo _ ~ ; = \" ' % com1 LPT\u00b9 $".split(),
        *" \x00\x85\u202e\u200d\u200c\u0301\u00e9\ud83d\U0001f468\u00a0\u202f\ufeff",
        *"\u2024\uff0e\u0130\u00df\u1e9e",
    ]
)
NAMES = st.lists(TRICKS, max_size=8).map("".join) | st.text(max_size=300)


@given(name=NAMES)
@fuzzed(1500)
def test_a_safe_name_is_safe_and_stays_as_it_is(name: str) -> None:
    with bounded(seconds=1):
        shown = safe_name(name)
        assert safe_name(shown) == shown
    assert 0 < len(shown.encode("utf-8", "surrogatepass")) <= LONGEST
    assert not any(found(shown) for found in (CONTROLS.search, TURNING.search, RESERVED.match))
    assert not set("/\\:") & set(shown)
    assert unicodedata.is_normalized("NFC", shown)
    assert shown.strip(" .") == shown


@given(name=NAMES)
@fuzzed(800)
def test_a_name_keeps_its_extension_and_its_verdict(name: str) -> None:
    with bounded(seconds=1):
        verdict = judge_name(name)
        assert extension_of(safe_name(name)) == extension_of(name)
    if verdict.is_clean:
        assert judge_name(safe_name(name)).is_clean
        assert extension_of(name)


@given(name=NAMES)
@fuzzed(400)
def test_any_name_goes_into_a_header_as_one_value(name: str) -> None:
    header = disposition("attachment", "text/plain", safe_name(name))
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') in {0, 2}


@given(names=st.lists(NAMES, max_size=6))
@fuzzed(400)
def test_no_path_in_an_archive_breaks_its_judge(names: list[str]) -> None:
    with bounded(seconds=1), contextlib.suppress(Refused):
        for name in names:
            judge_path(name)
        judge_together(names)


PIECES = [
    "text/plain",
    "image/png",
    "charset=",
    '"utf-8"',
    "\\",
    "a=",
    "\r\n",
    "multipart/",
    "APPLICATION/PDF",
]
TYPES = st.lists(st.sampled_from([*PIECES, *';" ,\t/*\x00\xe9()']), max_size=8).map("".join) | st.text(
    max_size=200
)


@given(declared=TYPES)
@fuzzed(800)
def test_a_declared_type_is_read_once_for_good(declared: str) -> None:
    with bounded(seconds=1):
        bare = bare_type(declared)
        judge_declared(declared, "image")
    if bare is not None:
        assert bare_type(bare) == bare
        assert bare.isascii()
        assert bare == "" or bare.count("/") == 1


@given(name=NAMES, declared=TYPES, size=st.none() | st.integers(-5, 1 << 70))
@fuzzed(300)
def test_no_wish_breaks_the_policy(name: str, declared: str, size: int | None) -> None:
    with bounded(seconds=1):
        Policy().admit(name, declared, size)
