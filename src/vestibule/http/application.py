"""The ASGI application: finds the route, who acts and what they say; answers; never tells its inside."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from vestibule.discretion import told
from vestibule.errors import BodyTooLarge, HeadTooLarge, NotFound, VestibuleError
from vestibule.http.addresses import Addresses, origin_of
from vestibule.http.auth import SAFE, Authority
from vestibule.http.bodies import LIMIT, form_fields, from_fields
from vestibule.http.calls import Call
from vestibule.http.cors import is_preflight, preflight, sharing
from vestibule.http.dialects import OURS, Dialect
from vestibule.http.front import Front
from vestibule.http.limits import Buckets, Limits
from vestibule.http.metrics import Stopwatch
from vestibule.http.replies import ALWAYS, json_reply, no_content
from vestibule.http.routes import Route, Table

log = structlog.get_logger(__name__)

LINGER_SECONDS, LINGER_BYTES = 5.0, 32 * 1024 * 1024
HSTS = "max-age=31536000"
HEAD = 64 * 1024  # bytes of an address and of what its headers say


class Application:
    """Answers requests with `routes`; hands sockets and what else there is to `extra_routes`."""

    def __init__(
        self,
        front: Front,
        routes: Iterable[Route],
        extra_routes: Iterable[BaseRoute] = (),
        dialects: Mapping[str, Dialect] | None = None,
    ) -> None:
        """`dialects` says in which one an unknown address is answered, by the path's beginning."""
        self._front = front
        self._extra = tuple(extra_routes)
        self._dialects = dialects or {}
        self._limits = Limits(front.rates)
        self._addresses = Addresses(front.trusted_proxies)
        self._authority = Authority(front, self._limits)
        self._files_host = origin_of(front.files_origin).rpartition("/")[2]
        self._table = Table()
        for route in routes:
            self._table.add(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif (extra := self._find_extra(scope)) is not None:
            await extra.handle(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(Call(self._front, self._limits, self._addresses, scope, receive), receive, send)
        else:
            await send({"type": "websocket.close", "code": 4404})

    def _find_extra(self, scope: Scope) -> BaseRoute | None:
        for route in self._extra:
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                scope.update(child_scope)
                return route
        return None

    async def _serve(self, call: Call, receive: Receive, send: Send) -> None:
        watch = Stopwatch()
        request_id = secrets.token_hex(8)
        response = preflight(call) if is_preflight(call) else await self._answer(call, request_id)
        if call.expects_body and (call.content_length or LIMIT + 1) <= LIMIT and call.may_drain:
            await call.incoming.drain(LINGER_SECONDS, LIMIT)  # a body that the route had no use for
        dressed = _Dressed(send, self._headers(call, request_id), call)
        try:
            await response(call.scope, receive, dressed)
            await dressed.finish()
        finally:
            path = call.route.path if call.route else "(none)"
            self._front.metrics.request(call.method, path, response.status_code, watch.seconds())

    async def _answer(self, call: Call, request_id: str) -> Response:
        """The answer, whatever happens."""
        try:
            return await self._run(call)
        except VestibuleError as error:
            if error.status >= 500:
                log.warning("request failed", id=request_id, reason=error.reason, **call.log_fields())
            return self._failed(call, error)
        except HTTPException as error:
            log.debug("static file not served", status=error.status_code)
            return self._failed(call, NotFound(f"The requested resource {call.path} was not found"))
        except Exception:
            log.exception("request broke", id=request_id, **call.log_fields())
            return self._failed(call, VestibuleError(request_id=request_id))

    async def _run(self, call: Call) -> Response:
        _require_small_head(call)
        self._require_host(call)
        call.ctx = self._authority.stranger(call)
        call.route, call.values = self._table.find(call.method, self._place(call))
        route = call.route
        if route.access in ("caller", "function") or _names_caller(call, route):
            call.ctx = await self._authority.identify(call)
        if not call.ctx.is_system:
            self._limits[route.limit].take(call.bucket)
        if (pace := self._pace(call, route)) is not None:
            pace[0].check(pace[1])
        arguments: dict[str, Any] = dict(call.values)
        if route.query is not None:
            arguments["query"] = from_fields(route.query, form_fields(call.query))
        if route.body is not None:
            arguments["body"] = await self._read(call, route)
        result = await route.run(call, **arguments)
        if pace is not None:  # only what was done: whoever may do nothing there keeps nobody out
            pace[0].spend(pace[1])
        return _reply(await told(result, call.ctx), route.status)

    async def _read(self, call: Call, route: Route) -> Any:
        if (call.content_length or 0) > LIMIT:
            raise BodyTooLarge(f"This address takes at most {LIMIT} bytes.")
        return route.dialect.read(route.body, await call.incoming.whole(), call.content_type)

    def _place(self, call: Call) -> str:
        """The path to look up. The official helpers follow no redirect away from a slash at its end."""
        if call.path.endswith("/") and self._dialect(call) is not OURS:
            return call.path[:-1]
        return call.path

    def _pace(self, call: Call, route: Route) -> tuple[Buckets, str] | None:
        """Where a change by Programmable Chat's API counts: in its channel, else in its service."""
        if call.method in SAFE or route.dialect is OURS:  # our own pages mark each message as read
            return None
        if channel := call.values.get("channel"):
            return self._limits["channel"], f"{call.ctx.service_sid}/{channel}"
        return self._limits["service"], call.ctx.service_sid

    def _require_host(self, call: Call) -> None:
        """With a separate origin for files neither serves what is the other's."""
        if self._files_host:
            is_file = call.path.startswith("/files/")
            if is_file != (call.host == self._files_host) and call.path != "/healthz":
                raise NotFound(f"The requested resource {call.path} was not found")

    def _failed(self, call: Call, error: VestibuleError) -> Response:
        dialect = call.route.dialect if call.route is not None else self._dialect(call)
        return dialect.fail(error, call.path, call.base)

    def _dialect(self, call: Call) -> Dialect:
        """In which an address is answered that may not be there."""
        places = (self._dialects[start] for start in self._dialects if call.path.startswith(start))
        return next(places, OURS)

    def _headers(self, call: Call, request_id: str) -> dict[str, str]:
        headers = {**ALWAYS, "x-request-id": request_id, **sharing(call)}
        if self._front.is_secure:
            headers["strict-transport-security"] = HSTS
        return headers


class _Dressed:
    """A `send` that adds headers where the answer has none of its own, and leaves out a HEAD's body.

    What ends the answer waits until the rest of an upload was read, or enough of it: a connection that is
    closed while its other end still writes loses the answer.
    """

    def __init__(self, send: Send, headers: Mapping[str, str], call: Call) -> None:
        self._send = send
        self._headers = headers
        self._call = call
        self._is_early = call.expects_body and not call.incoming.is_done
        self._may_drain = self._is_early and call.may_drain

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._dressed(message)}
        elif message["type"] == "http.response.body":
            if self._call.method == "HEAD":
                message = {**message, "body": b""}
            if self._may_drain:
                message = {**message, "more_body": True}
        await self._send(message)

    async def finish(self) -> None:
        if self._may_drain:
            await self._call.incoming.drain(LINGER_SECONDS, LINGER_BYTES)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _dressed(self, message: Message) -> list[tuple[bytes, bytes]]:
        headers = MutableHeaders(raw=list(message.get("headers", ())))
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if self._is_early:
            headers["connection"] = "close"  # what is left of the body is nobody's
        return headers.raw


def _require_small_head(call: Call) -> None:
    size = len(call.path) + len(call.query) + sum(len(value) for _, value in call.scope["headers"])
    if size > HEAD:
        raise HeadTooLarge


def _names_caller(call: Call, route: Route) -> bool:
    return route.access == "either" and "authorization" in call.headers


def _reply(result: Any, status: int) -> Response:
    if isinstance(result, Response):
        return result
    return no_content() if status == 204 else json_reply(result, status)


async def _live(receive: Receive, send: Send) -> None:
    """Parts are made and closed by whoever made them, so there is nothing to do."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
