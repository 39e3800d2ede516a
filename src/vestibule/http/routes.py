"""Routes: a table from method and path to a handler, and what each takes and gives.

A handler is an async function of the call, the path's values by name and, where it asks for them, `body`
and `query`, typed as it declares them. What it returns is answered as JSON.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, TypeVar, Unpack
from urllib.parse import unquote_to_bytes

from vestibule.errors import MethodNotAllowed, NotFound
from vestibule.http.bodies import JSON
from vestibule.http.dialects import OURS, Dialect

Handler = Callable[..., Awaitable[Any]]
F = TypeVar("F", bound=Handler)
Access = Literal["caller", "anybody", "either", "function"]  # `either`: a caller where one is named


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str  # such as `/v1/tasks/{task_sid}`; `{name*}` at the end takes the rest
    run: Handler
    status: int
    access: Access
    limit: str  # of `Rates`
    dialect: Dialect
    body: Any = None  # the struct it reads
    query: Any = None
    answer: Any = None  # what it gives
    takes: Mapping[str, Any] = field(default_factory=dict)  # by media type, where it reads the body itself
    sends: str = JSON  # the media type of its answer
    also: tuple[int, ...] = ()  # other statuses under which it answers in the same form
    headers: tuple[str, ...] = ()  # what it reads of the request's headers, besides who acts

    @property
    def summary(self) -> str:
        return inspect.getdoc(self.run) or ""


class Options(TypedDict, total=False):
    """How a route is served, and described.

    `gives` names what is answered where the handler returns a whole answer. `takes`, `sends`, `also` and
    `headers` say what the handler's signature does not; they are those of `Route`.
    """

    access: Access
    status: int
    limit: str
    gives: Any
    takes: Mapping[str, Any]
    sends: str
    also: tuple[int, ...]
    headers: tuple[str, ...]


@dataclass(slots=True)
class Routes:
    """Routes of one noun."""

    dialect: Dialect = OURS
    routes: list[Route] = field(default_factory=list)

    def get(self, path: str, **options: Unpack[Options]) -> Callable[[F], F]:
        """Answer GET, and HEAD."""
        return self._add("GET", path, 200, options)

    def post(self, path: str, **options: Unpack[Options]) -> Callable[[F], F]:
        """Answer POST."""
        return self._add("POST", path, 200, options)

    def delete(self, path: str, **options: Unpack[Options]) -> Callable[[F], F]:
        """Answer DELETE."""
        return self._add("DELETE", path, 204, options)

    def _add(self, method: str, path: str, status: int, options: Options) -> Callable[[F], F]:
        def decorate(handler: F) -> F:
            hints = typing.get_type_hints(handler)
            route = Route(
                method,
                path,
                handler,
                options.get("status", status),
                options.get("access", "caller"),
                options.get("limit", "requests"),
                self.dialect,
                body=hints.get("body"),
                query=hints.get("query"),
                answer=options.get("gives", hints.get("return")),
                takes=options.get("takes", {}),
                sends=options.get("sends", JSON),
                also=options.get("also", ()),
                headers=options.get("headers", ()),
            )
            self.routes.append(route)
            return handler

        return decorate


class Node:
    """One segment of the paths that were put into the table."""

    def __init__(self) -> None:
        self.literal: dict[str, Node] = {}
        self.value: Node | None = None
        self.methods: dict[str, Route] = {}
        self.rest: dict[str, Route] = {}


class Table:
    """Finds a route by its path's segments, a look-up for each."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, route: Route) -> None:
        """Put a route in."""
        node = self._root
        for segment in route.path.strip("/").split("/"):
            if segment.endswith("*}"):
                node.rest[route.method] = route
                return
            node = self._step(node, segment)
        node.methods[route.method] = route

    def find(self, method: str, raw_path: str) -> tuple[Route, dict[str, str]]:
        """The route and the values in the path. Raises `NotFound` and `MethodNotAllowed`."""
        segments = _segments(raw_path)
        for methods, values in self._matches(self._root, segments, 0, []):
            route = methods.get("GET" if method == "HEAD" else method)
            if route is None:
                raise MethodNotAllowed(allow=sorted(methods))
            return route, dict(zip(_names(route.path), values, strict=True))
        raise NotFound(f"The requested resource {raw_path} was not found")

    def _step(self, node: Node, segment: str) -> Node:
        if segment.startswith("{"):
            node.value = node.value or Node()
            return node.value
        return node.literal.setdefault(segment, Node())

    def _matches(
        self, node: Node, segments: list[str], at: int, values: list[str]
    ) -> Iterator[tuple[dict[str, Route], list[str]]]:
        if at == len(segments):
            if node.methods:
                yield node.methods, values
            return
        segment = segments[at]
        if (literal := node.literal.get(segment)) is not None:
            yield from self._matches(literal, segments, at + 1, values)
        if node.value is not None and segment:
            yield from self._matches(node.value, segments, at + 1, [*values, segment])
        if node.rest:
            yield node.rest, [*values, "/".join(segments[at:])]


def _segments(raw_path: str) -> list[str]:
    """A path, cut, then decoded. Raises `NotFound` for what is not UTF-8: nothing here is called that."""
    if "%" not in raw_path and raw_path.isascii():
        return raw_path[1:].split("/")
    try:
        # Not `unquote`, which makes one and the same name of all that is not UTF-8.
        return [
            unquote_to_bytes(segment.encode("latin-1")).decode("utf-8") for segment in raw_path[1:].split("/")
        ]
    except UnicodeDecodeError as error:
        raise NotFound(f"The requested resource {raw_path} was not found") from error


def _names(path: str) -> list[str]:
    return [segment.strip("{}*") for segment in path.split("/") if segment.startswith("{")]
