"""The OpenAPI description, generated from the routes and the types they take and give."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from vestibule import __version__
from vestibule.http.bodies import FORM, JSON, list_fields
from vestibule.http.routes import Route
from vestibule.http.schemas import REF, Json, Schemas, fields_of, form_of
from vestibule.http.statuses import CHANGES, errors_of

ERROR: Json = {
    "type": "object",
    "required": ["code", "message", "more_info", "status", "reason"],
    "properties": {
        "code": {"type": "integer", "description": "Below 60000 Programmable Chat's own."},
        "message": {"type": "string"},
        "more_info": {
            "type": "string",
            "description": "A page; of Programmable Chat's routes with its host.",
        },
        "status": {"type": "integer", "description": "That of the answer."},
        "reason": {"type": "string", "description": "The code as a word."},
        "advice": {"type": "string", "description": "What to do about it."},
        "details": {"type": "object", "description": "For programs."},
    },
    "additionalProperties": False,
}

SCHEMES: Json = {
    "account": {"type": "http", "scheme": "basic", "description": "AccountSid:AuthToken, or an API key."},
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Twilio-Token", "description": "The same token."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "vestibule",
        "description": "The desk's cookie. With https its name is __Host-vestibule.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "What the session said under `csrf`, for whoever changes anything with its cookie.",
    },
}

EMPTY = (204, 304, 307)
TEXT: Json = {"schema": {"type": "string"}}
HEADERS: dict[int, tuple[str, ...]] = {
    206: ("Content-Range",),
    307: ("Location",),
    416: ("Content-Range",),
    429: ("Retry-After",),
}
OWN: Json = {"description": "Whatever else the operator's function says.", "content": {"*/*": {}}}
INTRODUCTION = (
    "The routes of this server: its own under /v1, Programmable Chat's under /v2 and /v1/Services. "
    "An address answers 405, and says in Allow what it takes, to methods that are not described; "
    "every GET is also a HEAD."
)


def describe(routes: Iterable[Route]) -> Json:
    """OpenAPI 3.1 for these routes."""
    shown = list(routes)
    schemas = Schemas(
        gives=[kind for route in shown if (kind := _answer(route)) is not None],
        takes=[kind for route in shown for kind in _bodies(route)],
    )
    paths: dict[str, Json] = {}
    for route in shown:
        path = route.path.replace("*}", "}")
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vestibule", "version": __version__, "description": INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Error": ERROR},
            "responses": _failures(shown),
            "securitySchemes": SCHEMES,
        },
    }


def _answer(route: Route) -> Any:
    """What the route gives; None where that is nothing, or bytes."""
    is_whole = isinstance(route.answer, type) and issubclass(route.answer, Response)
    return None if is_whole or route.answer is type(None) else route.answer


def _bodies(route: Route) -> list[Any]:
    """What the route takes as JSON. A form's fields are described in place."""
    whole = [route.body] if route.body is not None and JSON in route.dialect.bodies else []
    return [*whole, *route.takes.values()]


def _failures(routes: Iterable[Route]) -> Json:
    """The errors of all these routes, by name."""
    error = {JSON: {"schema": {"$ref": REF.format(name="Error")}}}
    statuses = sorted({status for route in routes for status in errors_of(route)})
    return {_failure(status): _response(status, error) for status in statuses}


def _failure(status: int) -> str:
    return f"Error{status}"


def _operation(route: Route, schemas: Schemas) -> Json:
    operation: Json = {
        "operationId": f"{route.dialect.name}{route.run.__name__}",
        "summary": route.summary.splitlines()[0] if route.summary else "",
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": _responses(route, schemas),
        "security": _security(route),
    }
    if content := _body_content(route, schemas):
        operation["requestBody"] = {"content": content, "required": _is_needed(route)}
    return operation


def _responses(route: Route, schemas: Schemas) -> Json:
    content = _given(route, schemas)
    found = {status: _response(status, content) for status in (route.status, *route.also)}
    for status in errors_of(route):
        found[status] = {"$ref": f"#/components/responses/{_failure(status)}"}
    shown = {str(status): found[status] for status in sorted(found)}
    return {**shown, "default": OWN} if route.access == "function" else shown


def _given(route: Route, schemas: Schemas) -> Json:
    if (kind := _answer(route)) is not None:
        return {route.sends: {"schema": schemas.of(kind)}}
    return {} if route.answer is type(None) else {route.sends: TEXT if "text/" in route.sends else {}}


def _response(status: int, content: Json) -> Json:
    response: Json = {"description": HTTPStatus(status).phrase}
    if content and status not in EMPTY:
        response["content"] = content
    if names := HEADERS.get(status):
        response["headers"] = {name: {"required": True, "schema": {"type": "string"}} for name in names}
    return response


# What goes in


def _body_content(route: Route, schemas: Schemas) -> Json:
    content: Json = {media: {"schema": schemas.of(kind)} for media, kind in route.takes.items()}
    if route.body is not None:
        for media in route.dialect.bodies:
            content[media] = _form(route.body) if media == FORM else {"schema": schemas.of(route.body)}
    return content


def _form(kind: Any) -> Json:
    """A form's fields: each is a text, several values are the same field several times."""
    many = {name: {"style": "form", "explode": True} for name in sorted(list_fields(kind))}
    return {"schema": form_of(kind), **({"encoding": many} if many else {})}


def _is_needed(route: Route) -> bool:
    return any(field.required for field in fields_of(route.body)) if route.body else "*/*" in route.takes


def _path_parameters(route: Route) -> list[Json]:
    names = [part.strip("{}*") for part in route.path.split("/") if part.startswith("{")]
    text = {"type": "string", "minLength": 1}
    return [{"name": name, "in": "path", "required": True, "schema": text} for name in names]


def _query_parameters(route: Route) -> list[Json]:
    many = list_fields(route.query) if route.query else ()
    return [
        {
            "name": field.name,
            "in": "query",
            "required": field.required,
            "schema": field.schema,
            **({"style": "form", "explode": True} if field.name in many else {}),
        }
        for field in fields_of(route.query)
    ]


def _header_parameters(route: Route) -> list[Json]:
    return [{"name": name, "in": "header", "schema": {"type": "string"}} for name in route.headers]


def _security(route: Route) -> list[Json]:
    if route.access == "anybody":
        return []
    proof: Json = {"csrf": []} if route.method in CHANGES and route.access != "function" else {}
    callers: list[Json] = [{"account": []}, {"token": []}, {"header": []}, {"session": [], **proof}]
    return [*callers, {}] if route.access == "either" else callers
