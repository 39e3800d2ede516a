"""Functions: the operator's own endpoints, run as whoever calls."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from vestibule.discretion import told
from vestibule.functions import CALLER, Answer, Function
from vestibule.http.auth import require_allowed_page
from vestibule.http.bodies import FORM, JSON, form_fields, list_fields, media_type, read_values
from vestibule.http.calls import Call
from vestibule.http.replies import json_reply
from vestibule.http.routes import Routes

routes = Routes()

BODILESS = (204, 205, 304)  # RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5

ANY_FIELDS = {"type": "object"}


@routes.post("/functions/{name*}", access="function", gives=Any, takes={JSON: ANY_FIELDS, FORM: ANY_FIELDS})
async def call_function(call: Call, name: str) -> Response:
    """Run a function with the fields of the body. What it returns is the answer."""
    require_allowed_page(call)
    function = call.front.functions.find(name)
    body = await call.incoming.whole()
    if media_type(call.content_type) == FORM:
        return await _answered(call, function, _picked(function, body))
    return await _answered(call, function, read_values(body, call.content_type))


@routes.get("/functions/{name*}", access="function", gives=Any)
async def get_function(call: Call, name: str) -> Response:
    """The same with the fields of the query."""
    require_allowed_page(call)
    function = call.front.functions.find(name, "GET")
    return await _answered(call, function, _picked(function, call.query))


async def _answered(call: Call, function: Function, values: dict[str, Any]) -> Response:
    # Who calls has been found out; the function is not to pass on with what.
    values.pop(CALLER, None)
    result = await function.call(values, call.ctx)
    answer = result if isinstance(result, Answer) else Answer(result)
    return _reply(answer, await told(answer.body, call.ctx))


def _reply(answer: Answer, body: Any) -> Response:
    if answer.status in BODILESS:
        return Response(status_code=answer.status, headers=dict(answer.headers))
    names_type = any(name.lower() == "content-type" for name in answer.headers)
    if names_type and isinstance(body, str | bytes):
        return Response(body, answer.status, dict(answer.headers))
    return json_reply(body, answer.status, answer.headers)


def _picked(function: Function, form: bytes) -> dict[str, Any]:
    """A form's fields: every value where the function takes a list, else the last."""
    lists = list_fields(function.fields)
    return {name: given if name in lists else given[-1] for name, given in form_fields(form).items()}
