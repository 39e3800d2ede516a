"""Houses that somebody broke in one place, and what the self-test says of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vestibule import app, server
from vestibule.media.gate import Gate
from vestibule.models import Copy, Verdict
from vestibule.ports import Finding, Specimen, Storage
from vestibule.selftest import ALL, tried
from vestibule.selftest.door import Door
from vestibule.selftest.report import Result
from vestibule.selftest.visit import begun
from vestibule.testing import a_server
from vestibule.web import web

Layer = Callable[[ASGIApp], ASGIApp]
MIB = 1 << 20


@asynccontextmanager
async def behind(
    layer: Layer, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any
) -> AsyncIterator[str]:
    """The address of a house with something in front of it."""
    monkeypatch.setattr(server, "web", lambda house: layer(web(house)))
    async with a_server(folder, **settings) as (_, address):
        yield address


@asynccontextmanager
async def with_gate(
    change: Callable[[Gate], Gate], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The address of a house whose gate was tampered with."""
    build = app.build_gate
    monkeypatch.setattr(app, "build_gate", lambda *given: change(build(*given)))
    async with a_server(folder) as (_, address):
        yield address


async def seen(address: str, *names: str) -> dict[str, Result]:
    """What these cases say of the house there."""
    async with Door(address) as door:
        visit = await begun(door)
        results = [await tried(case, visit) for case in ALL if case.name in names]
        await visit.end()
    assert len(results) == len(names), "a case has another name now"
    return {result.name: result for result in results}


# In front of a house


def saying(change: Callable[[dict[bytes, bytes]], None]) -> Layer:
    """Changes the headers of every answer."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            async def altered(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = dict(message["headers"])
                    change(headers)
                    message = {**message, "headers": list(headers.items())}
                await send(message)

            await inner(scope, receive, altered)

        return serve

    return layer


def without(*names: bytes) -> Layer:
    """Leaves these headers out of every answer."""

    def drop(headers: dict[bytes, bytes]) -> None:
        for name in names:
            headers.pop(name, None)

    return saying(drop)


def instead(name: bytes, old: bytes, new: bytes) -> Layer:
    """Writes something else into a header of every answer."""

    def put(headers: dict[bytes, bytes]) -> None:
        if name in headers:
            headers[name] = headers[name].replace(old, new)

    return saying(put)


def asking(change: Callable[[Scope], Scope]) -> Layer:
    """Changes every request."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await inner(change(scope), receive, send)

        return serve

    return layer


def deaf_to(*names: bytes) -> Layer:
    """Leaves these headers out of every request."""

    def change(scope: Scope) -> Scope:
        kept = [(name, value) for name, value in scope.get("headers", ()) if name not in names]
        return {**scope, "headers": kept}

    return asking(change)


def trusting() -> Layer:
    """Lends the last token that it saw to everybody who has none."""
    lent: list[tuple[bytes, bytes]] = []

    def change(scope: Scope) -> Scope:
        headers = list(scope.get("headers", ()))
        if given := [header for header in headers if header[0] == b"authorization"]:
            lent[:] = given
        return {**scope, "headers": headers if given else headers + lent}

    return asking(change)


def opening_all_links() -> Layer:
    """Opens the first link that came for everybody who asks for any file."""
    first: list[Scope] = []

    def change(scope: Scope) -> Scope:
        if not scope.get("path", "").startswith("/files/"):
            return scope
        first.append(scope)
        return {**scope, "path": first[0]["path"], "raw_path": first[0]["raw_path"]}

    return asking(change)


def remembering_files() -> Layer:
    """A cache that keeps every file it saw."""
    kept: dict[bytes, list[Message]] = {}

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("raw_path", b"")

            async def keep(message: Message) -> None:
                kept.setdefault(path, []).append(message)
                await send(message)

            if path.startswith(b"/files/") and path in kept:
                for message in kept[path]:
                    await send(message)
            else:
                await inner(scope, receive, keep if path.startswith(b"/files/") else send)

        return serve

    return layer


def taking_at_most(most: int) -> Layer:
    """A proxy with a limit of its own."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if int(dict(scope.get("headers", ())).get(b"content-length", 0)) <= most:
                await inner(scope, receive, send)
                return
            while (await receive()).get("more_body"):
                pass
            page = [(b"content-type", b"text/html"), (b"content-length", b"9")]
            await send({"type": "http.response.start", "status": 413, "headers": page})
            await send({"type": "http.response.body", "body": b"Too large"})

        return serve

    return layer


def collecting() -> Layer:
    """A proxy that has a whole upload before it passes anything on."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await inner(scope, receive, send)
                return
            pieces, more = [], True
            while more:
                message = await receive()
                pieces.append(message.get("body", b""))
                more = message.get("more_body", False)
            parts = iter([{"type": "http.request", "body": b"".join(pieces), "more_body": False}])

            async def replay() -> Message:
                return next(parts, None) or await receive()

            await inner(scope, replay, send)

        return serve

    return layer


def without_sockets() -> Layer:
    """A proxy that does not pass on upgrades."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1000})
            else:
                await inner(scope, receive, send)

        return serve

    return layer


def deleting_nothing() -> Layer:
    """Says that it deleted, and did not."""

    def layer(inner: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("method") != "DELETE":
                await inner(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        return serve

    return layer


# In the gate


class YesMan:
    """Stands in the place of a check, calls everything clean, and hands on the original as it came."""

    seconds = 10.0

    def __init__(self, name: str, applies: Callable[[Specimen], bool], *, copies: bool) -> None:
        self.name, self.applies, self.copies = name, applies, copies

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        verdict = Verdict(outcome="clean", check=self.name)
        if not self.copies:
            return Finding(verdict=verdict)
        key = f"quarantine/{specimen.media_sid}/safe"
        size = await storage.put(key, storage.get(f"quarantine/{specimen.media_sid}/original"))
        copy = Copy(name="safe", content_type=specimen.content_type, size=size)
        return Finding(verdict=verdict, copies=((copy, key),))


def bribed(names: Iterable[str]) -> Callable[[Gate], Gate]:
    """A gate in which these checks say yes to everything."""
    rebuilding = ("images", "documents", "texts")

    def change(gate: Gate) -> Gate:
        checks = tuple(
            YesMan(check.name, check.applies, copies=check.name in rebuilding)
            if check.name in names
            else check
            for check in gate.checks
        )
        return replace(gate, checks=checks)

    return change
