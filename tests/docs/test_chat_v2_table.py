"""The table of Programmable Chat's names says what is the case. (That it is up to date: the pages' test.)"""

from __future__ import annotations

import chat_v2
import chat_v2_facts
import pytest


def test_every_missing_name_has_a_reason_and_every_note_a_name() -> None:
    assert chat_v2.complaints() == []


def test_a_note_about_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    before = chat_v2.complaints()
    monkeypatch.setitem(chat_v2.DIFFERS, "POST /v2/Services form Colour", "It has none.")
    monkeypatch.setitem(chat_v2.DIFFERS, "GET /v2/Services", "Listed otherwise.")
    monkeypatch.setitem(chat_v2.MISSING, "GET /v2/Services", "It is there, though.")

    assert [line for line in chat_v2.complaints() if line not in before] == [
        "differs: there is no POST /v2/Services form Colour",
        "missing: not so: GET /v2/Services",
    ]


def test_a_missing_name_without_a_reason_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    before = chat_v2.complaints()
    paths = {**chat_v2.FACTS["paths"], "/v2/Moods": {"get": {"status": 200, "query": ["PageSize"]}}}
    monkeypatch.setitem(chat_v2.FACTS, "paths", paths)

    assert [line for line in chat_v2.complaints() if line not in before] == [
        "no reason for: GET /v2/Moods",
        "no reason for: GET /v2/Moods query PageSize",
    ]


def test_the_facts_are_names_only() -> None:
    description = {
        "paths": {
            "/v2/Roles": {
                "post": {
                    "parameters": [{"name": "Trace", "in": "header", "description": "Somebody's words."}],
                    "requestBody": {"content": {"a/form": {"schema": {"properties": {"Type": {}}}}}},
                    "responses": {
                        "201": {
                            "content": {"a/json": {"schema": {"$ref": "#/components/schemas/chat.v2.role"}}}
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"chat.v2.role": {"properties": {"sid": {"description": "Words."}}}}},
    }

    assert chat_v2_facts.facts(description) == {
        "paths": {
            "/v2/Roles": {
                "post": {
                    "header": ["Trace"],
                    "form": ["Type"],
                    "required": [],
                    "status": 201,
                    "answer": "role",
                }
            }
        },
        "answers": {"role": ["sid"]},
    }
