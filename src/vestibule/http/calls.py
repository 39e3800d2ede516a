"""A call: one request, with what routes ask of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.types import Receive, Scope

from vestibule.context import Context
from vestibule.http.addresses import Addresses, bucket_of, origin_of
from vestibule.http.bodies import Incoming
from vestibule.http.front import Front
from vestibule.http.limits import Limits
from vestibule.http.routes import Route


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
        peer = (scope.get("client") or ("",))[0]
        self.is_proxied = addresses.is_proxy(peer)
        self.address = addresses.caller(peer, self.headers.get("x-forwarded-for", ""))

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """As it came: each segment is decoded once, after it was cut."""
        raw = self.scope.get("raw_path") or self.scope["path"].encode()
        return str(raw.decode("latin-1"))

    @property
    def query(self) -> bytes:
        return bytes(self.scope.get("query_string", b""))

    @property
    def host(self) -> str:
        return self.headers.get("host", "").lower()

    @property
    def base(self) -> str:
        """How the caller reaches us, such as `https://chat.example.com`."""
        if self.front.public_url:
            return self.front.public_url.rstrip("/")
        scheme = self.headers.get("x-forwarded-proto", "") if self.is_proxied else ""
        return f"{scheme or self.scope['scheme']}://{self.host}"

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
        return bool(self.host) and urlsplit(origin).netloc.lower() == self.host

    def is_allowed(self, origin: str) -> bool:
        """Whether a page of this origin may use us: ours, or a site that embeds the widget."""
        allowed = self.front.cors_origins
        return "*" in allowed or origin in allowed or self.is_own(origin)

    def log_fields(self) -> dict[str, Any]:
        """What a log line says of this call: never a token, a query or a body."""
        route = self.route.path if self.route else "(none)"
        return {"method": self.method, "route": route, "address": self.address}
