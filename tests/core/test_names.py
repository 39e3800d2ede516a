"""Sids, errors and the catalogue of refusals: what programs tell apart, and what people read."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest

from vestibule import errors, models, sids
from vestibule.errors import VestibuleError
from vestibule.refusals import REFUSALS, refusal

ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, VestibuleError)]


def test_a_sid_says_its_noun_and_is_of_chance() -> None:
    made = {sids.make(sids.CHANNEL) for _ in range(100)}
    assert len(made) == 100
    assert all(sids.is_sid(sid, sids.CHANNEL) and not sids.is_sid(sid, sids.MESSAGE) for sid in made)


@pytest.mark.parametrize(
    "text",
    ["", "CH", "CH" + "a" * 31, "CH" + "a" * 33, "CH" + "A" * 32, "CH" + "g" * 32, "CH" + "a" * 32 + "\n"],
)
def test_what_only_looks_like_a_sid_is_none(text: str) -> None:
    assert not sids.is_sid(text, sids.CHANNEL)


def test_no_two_errors_share_a_code_or_a_reason() -> None:
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)
    assert len({kind.reason for kind in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize("kind", ERRORS)
def test_each_error_has_a_code_a_status_and_a_sentence(kind: type[VestibuleError]) -> None:
    body = kind().to_dict()
    assert body["code"] == kind.code >= 10000
    assert 400 <= body["status"] < 600
    assert body["message"]
    assert body["more_info"].endswith(str(kind.code))


def test_an_error_says_what_is_the_case_what_to_do_and_details_for_programs() -> None:
    body = errors.MediaRefused("Too dark.", advice="Use a lamp.", reason="dark").to_dict()
    assert (body["message"], body["advice"], body["details"]) == (
        "Too dark.",
        "Use a lamp.",
        {"reason": "dark"},
    )


def test_each_refusal_says_something_to_each_side() -> None:
    for reason, entry in REFUSALS.items():
        assert entry.reason == reason
        assert entry.to_sender.endswith(".")
        assert entry.to_others.endswith(".")
        assert entry.advice.endswith(".")


def test_an_unknown_reason_is_answered_like_a_rule_of_the_site() -> None:
    assert refusal("something new") == REFUSALS["rule"]


def test_only_one_outcome_is_clean() -> None:
    clean = [
        outcome for outcome in get_args(models.Outcome) if models.Verdict(outcome=outcome, check="x").is_clean
    ]
    assert clean == ["clean"]
