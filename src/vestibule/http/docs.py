"""The reference pages: every route, action, event and error, written from the types themselves."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import msgspec
from starlette.responses import Response

from vestibule import payloads
from vestibule.errors import VestibuleError
from vestibule.events import KINDS
from vestibule.http.calls import Call
from vestibule.http.openapi import describe
from vestibule.http.replies import HTML, json_reply, page
from vestibule.http.routes import Route, Routes
from vestibule.http.statuses import errors_of
from vestibule.refusals import REFUSALS

CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

STYLE = """:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
nav a { margin-right: 1rem } h2 { margin-top: 3rem } a { color: inherit }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884 }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere } tr:target { background: #fd04 }
"""

Row = Sequence[str]


def errors() -> list[type[VestibuleError]]:
    """Every error there is, by code."""
    return sorted(_kinds_of(VestibuleError), key=lambda kind: kind.code)


def actions() -> list[type[payloads.Payload[Any]]]:
    """Every action's payload, in the order of the reference."""
    kinds = (getattr(payloads, name) for name in payloads.__all__)
    bases = (payloads.Payload, payloads.InChannel)
    return [kind for kind in kinds if issubclass(kind, payloads.Payload) and kind not in bases]


def doc_routes(routes: Iterable[Route]) -> Routes:
    """The pages about these routes, and about themselves."""
    table = Routes()
    shown = list(routes)

    @table.get("/openapi.json", access="anybody", gives=dict[str, Any])
    async def openapi(call: Call) -> Response:
        """Every route and type, as OpenAPI 3.1."""
        return json_reply(describe(shown))

    @table.get("/docs", access="anybody", sends=HTML)
    async def reference(call: Call) -> Response:
        """Every route, action and event, to read."""
        return page(_reference(shown), CSP)

    @table.get("/docs/errors", access="anybody", sends=HTML)
    async def error_page(call: Call) -> Response:
        """Every error code, to read."""
        return page(_errors(), CSP)

    @table.get("/docs/style.css", access="anybody", sends="text/css")
    async def style(call: Call) -> Response:
        """How these pages look."""
        return Response(STYLE, media_type="text/css")

    shown += table.routes
    return table


def _reference(routes: list[Route]) -> str:
    return _page(
        "Reference",
        _section(
            "Routes", ("", "Path", "Takes", "Answers", "Errors", ""), [_route_row(route) for route in routes]
        ),
        _section("Actions", ("Action", "Fields", "Gives", ""), [_action_row(kind) for kind in actions()]),
        _section("Events", ("Event", "Fields", ""), [_event_row(kind) for kind in KINDS.values()]),
    )


def _errors() -> str:
    rows = [
        (f'<code id="{kind.code}">{kind.code}</code>', _code(kind.reason), str(kind.status), _doc(kind))
        for kind in errors()
    ]
    refusals = [
        (_code(entry.reason), escape(entry.to_sender), escape(entry.to_others), escape(entry.advice))
        for entry in REFUSALS.values()
    ]
    return _page(
        "Errors",
        _section("Errors", ("Code", "Reason", "Status", ""), rows),
        _section("Why files are refused", ("Reason", "To the sender", "To the others", "Advice"), refusals),
    )


def _route_row(route: Route) -> Row:
    takes = ", ".join(_type(kind) for kind in (route.query, route.body) if kind is not None)
    gives = f"{' '.join(map(str, (route.status, *route.also)))} {_type(route.answer)}"
    fails = " ".join(map(str, errors_of(route)))
    return _code(route.method), _code(route.path), takes, gives, fails, escape(route.summary)


def _action_row(kind: type[payloads.Payload[Any]]) -> Row:
    result = next(
        (typing.get_args(base)[0] for base in getattr(kind, "__orig_bases__", ()) if typing.get_args(base)),
        None,
    )
    return f'<code id="{kind.__name__}">{kind.__name__}</code>', _fields(kind), _type(result), _doc(kind)


def _event_row(kind: type[msgspec.Struct]) -> Row:
    return _code(kind.__name__), _fields(kind), _doc(kind)


def _fields(kind: type[msgspec.Struct]) -> str:
    hints = typing.get_type_hints(kind)
    fields = msgspec.structs.fields(kind)
    return "<br>".join(
        f"<code>{field.encode_name}{'' if field.required else '?'}</code> {_type(hints[field.name])}"
        for field in fields
    )


def _type(kind: Any) -> str:
    """A type's name, short enough to read."""
    if kind is None or kind is type(None):
        return ""
    if isinstance(kind, type) and issubclass(kind, Response):
        return ""
    name = kind.__name__ if isinstance(kind, type) and not typing.get_args(kind) else str(kind)
    return escape(re.sub(r"~|\b(?:[a-z_]+\.)+", "", name))


def _doc(kind: type) -> str:
    return escape(" ".join((kind.__doc__ or "").split()))


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _section(title: str, heads: Row, rows: Iterable[Row]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    anchor = title.split(maxsplit=1)[0].lower()
    return (
        f'<h2 id="{anchor}">{escape(title)}</h2><div class="scroll"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _page(title: str, *sections: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Vestibule: {escape(title)}</title>"
        '<link rel="stylesheet" href="/docs/style.css">'
        f"<h1>{escape(title)}</h1>"
        '<nav><a href="/docs">Reference</a><a href="/docs/errors">Errors</a>'
        '<a href="/openapi.json">OpenAPI</a></nav>' + "".join(sections) + "</html>"
    )


def _kinds_of(kind: type[VestibuleError]) -> list[type[VestibuleError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _kinds_of(child))]
