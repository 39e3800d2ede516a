"""Functions: an operator's own HTTP endpoints, served at `/functions/<name>`, run as their caller.

A function takes the fields of the request by name, typed as it declares them, and `ctx`; what it
returns is answered as JSON. What it may do is decided by the actions it invokes.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from inspect import Parameter
from typing import Any, TypeVar

import msgspec

from vestibule.context import Context
from vestibule.errors import AlreadyDefined, FunctionLate, InvalidRequest, MethodNotAllowed, NotFound

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

CALLER = "Token"  # the field in which plugins of Flex bring their caller's AccessToken

_MISSING = re.compile(r"missing required field `(.+)`")
_PLACE = re.compile(r"(.+) - at `\$\.(\w+)(.*)`")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2
# The house's own word: who may read an answer, what a browser may do with it, where it ends.
_OURS = re.compile(
    r"access-control-.*|set-cookie|connection|content-length|transfer-encoding|content-security-policy"
    r"|x-content-type-options|x-request-id",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function returns to say more than a value: another status, headers, another content type.

    A body of text or bytes goes out as it is where `headers` name a content type; any other as JSON.
    Raises `ValueError` for a header that is the house's own to set, and for what is none.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if HTTPStatus(self.status) < HTTPStatus.OK:
            raise ValueError(f"{self.status} does not end an answer.")
        for name, value in self.headers.items():
            if _OURS.fullmatch(name):
                raise ValueError(f"The house itself sets {name}; leave it out.")
            if not _HEADER.fullmatch(name) or not value.isprintable() or not _is_latin(value):
                raise ValueError(f"The header {name!r} cannot be sent.")


@dataclass(frozen=True, slots=True)
class Function:
    """One endpoint: what runs, and the fields it takes."""

    name: str  # with its leading slash
    method: str
    run: Callable[..., Awaitable[Any]]
    fields: type[msgspec.Struct]
    takes_rest: bool  # it has `**fields`: what else was sent, as it was sent
    patience: float  # seconds

    async def call(self, values: Mapping[str, Any], ctx: Context) -> Any:
        """Run it with the request's fields. Raises `InvalidRequest` where they do not fit."""
        given = self._given(values)
        try:
            async with asyncio.timeout(self.patience) as time:
                return await self.run(**given, ctx=ctx)
        except TimeoutError as error:
            if not time.expired():
                raise  # the function's own
            raise FunctionLate(f"The function {self.name} took longer than {self.patience:g} s.") from error

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        try:
            # The guide's browser code posts strings only, and more fields than a function needs.
            given = msgspec.structs.asdict(msgspec.convert(dict(values), self.fields, strict=False))
        except msgspec.ValidationError as error:
            raise self._explained(str(error)) from error
        rest = values.keys() - given.keys() - {"ctx"} if self.takes_rest else ()
        return given | {name: values[name] for name in rest}

    def _explained(self, text: str) -> InvalidRequest:
        if missing := _MISSING.search(text):
            return InvalidRequest(f"{self.name}: The field {missing[1]!r} is missing.", field=missing[1])
        if place := _PLACE.fullmatch(text):
            what, name, within = place.groups()
            what = what[0].lower() + what[1:].replace("`", "'")
            return InvalidRequest(
                f"{self.name}: The field '{name}{within}' does not fit: {what}.", field=name
            )
        return InvalidRequest(f"{self.name}: {text}.")


@dataclass(slots=True)
class Functions:
    """A table of endpoints."""

    functions: dict[str, dict[str, Function]] = field(default_factory=dict)  # by name, then method
    patience: float = 15.0  # seconds that one function may take, as a listener may

    def post(self, name: str) -> Callable[[F], F]:
        """Serve an async function at `/functions<name>`, by POST. It must take `ctx`."""
        return self._serve("POST", name)

    def get(self, name: str) -> Callable[[F], F]:
        """The same by GET. Both decorators may stand on one function."""
        return self._serve("GET", name)

    def include(self, other: Functions) -> None:
        """Serve another table's functions too."""
        for methods in other.functions.values():
            for function in methods.values():
                self._add(function)

    def find(self, name: str, method: str = "POST") -> Function:
        """The function of this name. Raises `NotFound` and `MethodNotAllowed`."""
        methods = self.functions.get("/" + name.strip("/"), {})
        if not methods:
            raise NotFound(f"There is no function {name!r}.")
        if method not in methods:
            raise MethodNotAllowed(allow=sorted(methods))
        return methods[method]

    def _serve(self, method: str, name: str) -> Callable[[F], F]:
        def decorate(function: F) -> F:
            path = "/" + name.strip("/")
            fields, takes_rest = _taken(function)
            self._add(Function(path, method, function, fields, takes_rest, self.patience))
            return function

        return decorate

    def _add(self, function: Function) -> None:
        methods = self.functions.setdefault(function.name, {})
        if function.method in methods:
            raise AlreadyDefined(f"There is a function {function.name!r} already.")
        methods[function.method] = function


def _taken(function: Callable[..., Any]) -> tuple[type[msgspec.Struct], bool]:
    """The fields a function takes, and whether it takes every other too. Raises `TypeError`."""
    parameters = inspect.signature(function).parameters
    _require_a_function(function, parameters)
    hints = typing.get_type_hints(function, include_extras=True)
    named = [p for p in parameters.values() if p.name != "ctx" and p.kind is not Parameter.VAR_KEYWORD]
    fields = [
        (p.name, hints.get(p.name, str), *(() if p.default is p.empty else (p.default,))) for p in named
    ]
    takes_rest = any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values())
    return msgspec.defstruct(function.__name__, fields, kw_only=True), takes_rest


def _require_a_function(function: Callable[..., Any], parameters: Mapping[str, Parameter]) -> None:
    name = function.__name__
    if not inspect.iscoroutinefunction(function):
        raise TypeError(f"{name} must be `async def`: one that blocks would stop the house.")
    if "ctx" not in parameters:
        raise TypeError(f"{name} must take `ctx`: it acts as its caller.")
    if CALLER in parameters:
        raise TypeError(f"{name} cannot take `{CALLER}`: it says who calls. Ask `ctx.identity`.")
    if any(p.kind in (Parameter.POSITIONAL_ONLY, Parameter.VAR_POSITIONAL) for p in parameters.values()):
        raise TypeError(f"{name} is given its fields by name: no `/` and no `*args`.")


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)
