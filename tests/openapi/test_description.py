"""The description itself is in order: valid, unambiguous, and of every route."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.http.desk import Desk
from vestibule.http.docs import errors
from vestibule.http.openapi import describe
from vestibule.http.routes import Routes
from vestibule.http.statuses import errors_of

Json = dict[str, Any]


@pytest.fixture
async def description(desk: Desk) -> Json:
    answer = await desk.client().get("/openapi.json")
    return dict(answer.json())


def operations(description: Json) -> list[Json]:
    return [operation for path in description["paths"].values() for operation in path.values()]


async def test_it_is_valid(description: Json) -> None:
    from openapi_spec_validator import validate

    validate(description)


async def test_no_two_operations_share_a_name(description: Json) -> None:
    names = [operation["operationId"] for operation in operations(description)]

    assert sorted(names) == sorted(set(names))


async def test_every_reference_leads_somewhere(description: Json) -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(description))):
        place = description
        for step in reference.split("/"):
            place = place[step]
        assert place


async def test_every_answer_has_a_status_and_every_component_a_use(description: Json) -> None:
    text = json.dumps(description)

    for operation in operations(description):
        statuses = operation["responses"].keys()
        is_own = "function" in operation["operationId"]  # an operator's may answer with any
        assert all(re.fullmatch(r"\d{3}", status) for status in statuses - ({"default"} if is_own else set()))
    for kind in ("schemas", "responses"):
        for name in description["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


async def test_there_is_no_error_whose_status_no_route_answers(description: Json) -> None:
    described = {status for operation in operations(description) for status in operation["responses"]}

    assert {str(kind.status) for kind in errors()} - described == {"405"}  # of no route, but of an address


async def test_every_route_of_chat_v2_says_what_it_answers(description: Json) -> None:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v2/") and method != "delete":
                answers = [found for status, found in operation["responses"].items() if status < "300"]
                (schema,) = (found["content"]["application/json"]["schema"] for found in answers)
                assert "$ref" in schema, f"{method} {path} is not in chat_v2/described.py"


async def test_a_form_repeats_a_field_that_has_several_values(description: Json) -> None:
    operation = description["paths"]["/v2/Services/{service_sid}/Roles"]["post"]
    content = operation["requestBody"]["content"]

    assert content.keys() == {"application/x-www-form-urlencoded"}
    (form,) = content.values()
    assert form["schema"]["required"] == ["FriendlyName", "Type", "Permission"]
    assert form["encoding"] == {"Permission": {"style": "form", "explode": True}}


async def test_an_upload_is_raw_or_a_form_with_a_file(description: Json) -> None:
    for path in ("/v1/channels/{channel_sid}/media", "/v1/Services/{service_sid}/Media"):
        operation = description["paths"][path]["post"]
        assert operation["requestBody"]["content"].keys() == {"*/*", "multipart/form-data"}
        assert operation["responses"].keys() >= {"201", "400", "401", "403", "413", "422", "429", "507"}


async def test_a_field_with_a_default_is_always_in_an_answer(description: Json) -> None:
    schemas = description["components"]["schemas"]

    assert set(schemas["Member"]["required"]) == set(schemas["Member"]["properties"])
    assert not schemas["MessageEdit"]["required"]


def test_who_changes_something_with_the_cookie_has_to_prove_it() -> None:
    table = Routes()

    @table.post("/v1/moods")
    async def add_mood() -> None:
        """Feel."""

    @table.get("/v1/moods")
    async def list_moods() -> dict[str, str]:
        """What is felt."""
        return {}

    methods = describe(table.routes)["paths"]["/v1/moods"]
    assert {"session": [], "csrf": []} in methods["post"]["security"]
    assert {"session": []} in methods["get"]["security"]
    assert errors_of(table.routes[0]) == (400, 401, 403, 404, 409, 429, 431, 500, 503)
    assert errors_of(table.routes[1]) == (401, 403, 404, 429, 431, 500, 503)


async def test_a_page_is_whole_whatever_part_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "widget.js").write_text("hello()")
    visitor = desk.client(desk.changed(static=static), range="bytes=9-4")

    answer = await visitor.get("/widget.js")
    assert (answer.status_code, answer.text) == (200, "hello()")
    assert answer.headers["accept-ranges"] == "none"
