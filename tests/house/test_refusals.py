"""The catalogue of refusals: whole, kind, and of help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vestibule
from tests.house import reasons
from vestibule.media import decisions
from vestibule.refusals import REFUSALS, Refusal

SOURCE = Path(vestibule.__file__).parent
GIVEN = {**reasons.given(SOURCE / "media"), **reasons.given(SOURCE / "checks")}

# Most refused files were sent in good faith: no sentence says otherwise, and none is for programmers.
HARSH = re.compile(
    r"\b(you (tried|attempted|sent|have sent|are not)|your fault|malicious|malware|attack|hack|forbidden|"
    r"illegal|prohibited|abuse|violat\w+|dangerous|suspicious|invalid|error|fraud\w*|fake|must not)\b",
    re.I,
)


def test_every_reason_that_a_check_can_give_is_in_the_catalogue() -> None:
    unknown = {reason: place for reason, place in GIVEN.items() if reason not in REFUSALS}
    assert unknown == {}


def test_the_search_finds_them_wherever_they_stand() -> None:
    """As an argument, in a tuple, a dict, a default, a choice between two, and in a YARA rule."""
    assert {
        "name_not_accepted",
        "type_not_accepted",
        "infected",
        "check_pending",
        "rule",
        "too_complex",
        "damaged",
        "active_content",
        "archive_nested",
        "not_released",
    } <= GIVEN.keys()
    assert set(decisions.REASONS.values()) <= GIVEN.keys()


def test_a_reason_that_nobody_gives_is_no_entry() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "refusals.py"
    )
    assert [reason for reason in REFUSALS if reason not in GIVEN and f'"{reason}"' not in text] == []


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=lambda refusal: refusal.reason)
def test_no_sentence_accuses_and_each_says_what_to_do(refusal: Refusal) -> None:
    for sentence in (refusal.to_sender, refusal.to_others, refusal.advice):
        assert sentence == sentence.strip()
        assert sentence.endswith(".")
        assert not HARSH.search(sentence), sentence
    assert re.match(r"(Please|You need not) ", refusal.advice)
    assert re.match(r"An? ", refusal.to_others)


def test_no_sentence_tells_which_check_or_engine_it_was() -> None:
    inside = re.compile(r"clam|yara|icap|webhook|signature|sandbox|sha-?256|policy|timeout", re.I)
    for refusal in REFUSALS.values():
        assert not inside.search(f"{refusal.to_sender} {refusal.to_others} {refusal.advice}"), refusal.reason
