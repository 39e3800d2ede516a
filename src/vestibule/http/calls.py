"""A call: one request, with what routes ask of it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from starlette.types import Receive, Scope

from vestibule.context import Context
from vestibule.http.addresses import Addresses, bucket_of, origin_of
from vestibule.http.bodies import Incoming
from vestibule.http.forwarding import HOST, PORTS, host_told, prefix_told, scheme_told
from vestibule.http.front import Front
from vestibule.http.limits import Limits
from vestibule.http.routes import Route

# One origin stands for all hosts of Programmable Chat, and each of them may be told apart by a path instead.
ALIAS = re.compile(r"/(?:chat|ip-messaging|mcs)(?=/(?:v[12]/|files/|docs\b))")


class Call:
    """One request. `ctx` is whoever acts, set before the handler runs; without an identity: a stranger."""

    ctx: Context
    route: Route | None = None

    def __init__(
        self, front: Front, limits: Limits, addresses: Addresses, scope: Scope, receive: Receive
    ) -> None:
        self.front = front
        self.limits = limits
        self.scope = scope
        self.values: dict[str, str] = {}
        self.incoming = Incoming(receive)
        self.headers: dict[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.method = str(scope["method"])
        raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        found = ALIAS.match(raw)
        self.alias = found[0] if found else ""  # the path that stands for a host, such as `/chat`
        self.path: str = raw[len(self.alias) :]  # as it came: each segment is decoded once, after it was cut
        peer = (scope.get("client") or ("",))[0]
        self.address, self.hops = addresses.way(peer, self.headers)

    @property
    def is_proxied(self) -> bool:
        return self.hops > 0

    @property
    def query(self) -> bytes:
        return bytes(self.scope.get("query_string", b""))

    @cached_property
    def scheme(self) -> str:
        told = scheme_told(self.headers, self.hops) if self.hops else ""
        return told or str(self.scope["scheme"])

    @cached_property
    def host(self) -> str:
        """What the caller calls us, in lower case; empty where it is no host."""
        if self.hops:
            return host_told(self.headers, self.hops, self.scheme)
        host = self.headers.get("host", "")
        return host.lower() if HOST.fullmatch(host) else ""

    @cached_property
    def base(self) -> str:
        """How the caller reaches us, such as `https://chat.example.com`: by it they are led back."""
        if self.front.public_url:
            return self.front.public_url.rstrip("/") + self.alias
        prefix = prefix_told(self.headers, self.hops) if self.hops else ""
        return f"{self.scheme}://{self.host or self._own_host}{prefix}{self.alias}"

    @property
    def _own_host(self) -> str:
        """Where we listen. For whoever names no host (HTTP/1.0)."""
        name, port = self.scope.get("server") or ("localhost", None)
        name = f"[{name}]" if ":" in name else name
        return f"{name}:{port}" if port else name

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def content_length(self) -> int | None:
        """None where the sender does not say."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def expects_body(self) -> bool:
        """Whether the sender says that a body comes."""
        return bool(self.content_length) or "transfer-encoding" in self.headers

    @property
    def may_drain(self) -> bool:
        """Whether what is left of the body comes by itself. Who waits for `100 Continue` sends nothing."""
        return self.incoming.has_begun or "expect" not in self.headers

    @property
    def house(self) -> Context:
        """The house itself, for what follows from a call rather than for its caller."""
        return self.ctx.as_system()

    @property
    def bucket(self) -> str:
        """Whose rate limits count: the identity, else the address."""
        return f"{self.ctx.service_sid}/{self.ctx.identity}" if self.ctx.identity else bucket_of(self.address)

    def cookie(self, name: str) -> str:
        """A cookie's value, or nothing."""
        for pair in self.headers.get("cookie", "").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                return value
        return ""

    def is_own(self, origin: str) -> bool:
        """Whether a page of this origin is one of ours.

        The Host a browser sends is that of the address it asked, so an origin equal to it is this server's.
        """
        if self.front.public_url and origin == origin_of(self.front.public_url):
            return True
        return bool(self.host) and origin_of(origin).partition("://")[2] in self._own_names

    @property
    def _own_names(self) -> tuple[str, ...]:
        """The host as it is, and without a port that a browser leaves out."""
        return self.host, *(origin_of(f"{scheme}://{self.host}").partition("://")[2] for scheme in PORTS)

    def is_allowed(self, origin: str) -> bool:
        """Whether a page of this origin may use us: ours, or a site that embeds the widget."""
        allowed = self.front.cors_origins
        return "*" in allowed or origin in allowed or self.is_own(origin)

    def log_fields(self) -> dict[str, Any]:
        """What a log line says of this call: never a token, a query or a body."""
        route = self.route.path if self.route else "(none)"
        return {"method": self.method, "route": route, "address": self.address}
