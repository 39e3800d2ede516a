"""Functions: the operator's own endpoints, run as whoever calls."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from vestibule.http.auth import require_allowed_page
from vestibule.http.bodies import FORM, JSON, read_values
from vestibule.http.calls import Call
from vestibule.http.replies import json_reply
from vestibule.http.routes import Routes

routes = Routes()

ANY_FIELDS = {"type": "object"}


@routes.post("/functions/{name*}", access="function", gives=Any, takes={JSON: ANY_FIELDS, FORM: ANY_FIELDS})
async def call_function(call: Call, name: str) -> Response:
    """Run a function with the fields of the body. What it returns is the answer."""
    require_allowed_page(call)
    function = call.front.functions.find(name)
    values: dict[str, Any] = read_values(await call.incoming.whole(), call.content_type)
    return json_reply(await function.call(values, call.ctx))
