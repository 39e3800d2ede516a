"""Functions: an operator's own HTTP endpoints, served at `/functions/<name>`, run as their caller.

A function takes the fields of the request by name, typed as it declares them, and `ctx`; what it
returns is answered as JSON. What it may do is decided by the actions it invokes.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from vestibule.context import Context
from vestibule.errors import AlreadyDefined, InvalidRequest, NotFound

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])


@dataclass(frozen=True, slots=True)
class Function:
    """One endpoint: what runs, and the fields it takes."""

    name: str  # with its leading slash
    run: Callable[..., Awaitable[Any]]
    fields: type[msgspec.Struct]

    async def call(self, values: Mapping[str, Any], ctx: Context) -> Any:
        """Run it with the request's fields. Raises `InvalidRequest` where they do not fit."""
        try:
            # The guide's browser code posts strings only, and more fields than a function needs.
            given = msgspec.convert(dict(values), self.fields, strict=False)
        except msgspec.ValidationError as error:
            raise InvalidRequest(f"{self.name}: {error}.") from error
        return await self.run(**msgspec.structs.asdict(given), ctx=ctx)


@dataclass(slots=True)
class Functions:
    """A table of endpoints."""

    functions: dict[str, Function] = field(default_factory=dict)

    def post(self, name: str) -> Callable[[F], F]:
        """Serve an async function at `/functions<name>`, by POST. It must take `ctx`."""
        path = "/" + name.strip("/")

        def decorate(function: F) -> F:
            if path in self.functions:
                raise AlreadyDefined(f"There is a function {path!r} already.")
            self.functions[path] = Function(path, function, _fields(function))
            return function

        return decorate

    def include(self, other: Functions) -> None:
        """Serve another table's functions too."""
        for function in other.functions.values():
            self.post(function.name)(function.run)

    def find(self, name: str) -> Function:
        """The function of this name. Raises `NotFound`."""
        try:
            return self.functions["/" + name.strip("/")]
        except KeyError:
            raise NotFound(f"There is no function {name!r}.") from None


def _fields(function: Callable[..., Any]) -> type[msgspec.Struct]:
    hints = typing.get_type_hints(function)
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "ctx"]
    return msgspec.defstruct(
        function.__name__,
        [
            (p.name, hints.get(p.name, str))
            if p.default is p.empty
            else (p.name, hints.get(p.name, str), p.default)
            for p in parameters
        ],
        kw_only=True,
    )
