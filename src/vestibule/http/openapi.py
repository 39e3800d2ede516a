"""The OpenAPI description, generated from the routes and the types they take and give."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from vestibule import __version__
from vestibule.http.bodies import JSON, list_fields
from vestibule.http.routes import Route

REF = "#/components/schemas/{name}"

ERROR = {
    "type": "object",
    "required": ["code", "message", "more_info", "status", "reason"],
    "properties": {
        "code": {"type": "integer"},
        "message": {"type": "string"},
        "more_info": {"type": "string"},
        "status": {"type": "integer"},
        "reason": {"type": "string"},
        "advice": {"type": "string"},
        "details": {"type": "object"},
    },
}

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "account": {"type": "http", "scheme": "basic"},
    "session": {"type": "apiKey", "in": "cookie", "name": "vestibule"},
}


def describe(routes: Iterable[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 for these routes."""
    shown = list(routes)
    types = list(dict.fromkeys(kind for route in shown for kind in _types(route)))
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in shown:
        operation = _operation(route, schema_of)
        paths.setdefault(route.path.replace("*}", "}"), {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vestibule", "version": __version__},
        "paths": paths,
        "components": {"schemas": {**components, "Error": ERROR}, "securitySchemes": SCHEMES},
    }


def _types(route: Route) -> list[Any]:
    return [kind for kind in (route.body, _answer(route)) if kind is not None]


def _answer(route: Route) -> Any:
    """What the route gives as JSON; None where that is nothing, or bytes."""
    is_whole = isinstance(route.answer, type) and issubclass(route.answer, Response)
    return None if is_whole or route.answer is type(None) else route.answer


def _operation(route: Route, schema_of: dict[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if (kind := _answer(route)) is not None:
        answer["content"] = {JSON: {"schema": schema_of[kind]}}
    error = {"description": "Error", "content": {JSON: {"schema": {"$ref": REF.format(name="Error")}}}}
    operation: dict[str, Any] = {
        "operationId": f"{route.dialect.name}{route.run.__name__}",
        "summary": route.summary.splitlines()[0] if route.summary else "",
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(route.status): answer, "default": error},
        "security": [] if route.access == "anybody" else [{name: []} for name in SCHEMES],
    }
    if route.body is not None:
        content = {kind: {"schema": schema_of[route.body]} for kind in route.dialect.bodies}
        operation["requestBody"] = {"content": content}
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = [part.strip("{}*") for part in route.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    many = list_fields(route.query)
    hints = typing.get_type_hints(route.query, include_extras=True)
    return [
        {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "schema": msgspec.json.schema(hints[field.name]),
            **({"style": "form", "explode": True} if field.encode_name in many else {}),
        }
        for field in msgspec.structs.fields(route.query)
    ]
