"""The WebSocket endpoint for `/v1/socket`: an ASGI application, to be given to a route."""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableMapping
from typing import Any

from vestibule.context import Parts
from vestibule.sockets.hub import RESTART, Hub
from vestibule.sockets.limits import Limits
from vestibule.sockets.outbox import Send
from vestibule.sockets.session import House, Receive, Session
from vestibule.tokens import Tokens

Scope = MutableMapping[str, Any]
Origins = Collection[str] | Callable[[str], bool]  # such as `https://shop.example`

FOREIGN = 4403


class Endpoint:
    """Accepts sockets from pages of this server and of `origins`, and serves them.

    `in_turn` says at each message whether those of one socket wait for one another. It is needed where
    listeners stand around sending: they may take unequally long, and the order must be the sender's.
    `caller` tells the sender's address from the peer's and what proxies say (`X-Forwarded-For`).
    """

    def __init__(
        self,
        *,
        parts: Parts,
        tokens: Tokens,
        service_sid: str,
        hub: Hub,
        origins: Origins = (),
        limits: Limits | None = None,
        in_turn: Callable[[], bool] = lambda: True,
        caller: Callable[[str, str], str] = lambda peer, forwarded_for: peer,
    ) -> None:
        self._house = House(parts, tokens, service_sid, hub, limits or Limits(), in_turn)
        self._origins = origins
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        # Accepted even when it is closed at once: a browser is told a code only after that.
        await send({"type": "websocket.accept"})
        if not self._may_come_from(scope):
            await send({"type": "websocket.close", "code": FOREIGN, "reason": "A page of another site."})
        elif self._house.hub.is_closed:
            await send({"type": "websocket.close", "code": RESTART, "reason": "The server restarts."})
        else:
            await Session(self._house, receive, send, self._address(scope)).run()

    def _address(self, scope: Scope) -> str:
        return self._caller((scope.get("client") or ("",))[0], _header(scope, b"x-forwarded-for"))

    def _may_come_from(self, scope: Scope) -> bool:
        """Programs send no Origin; a browser always does, and pages cannot choose it."""
        origin = _header(scope, b"origin")
        if not origin or _is_own(origin, scope):
            return True
        return self._origins(origin) if callable(self._origins) else origin in self._origins


def _is_own(origin: str, scope: Scope) -> bool:
    # Behind a proxy that ends TLS the scope says ws, the page https.
    schemes = ("https",) if scope["scheme"] == "wss" else ("http", "https")
    return origin in {f"{scheme}://{_header(scope, b'host')}" for scheme in schemes}


def _header(scope: Scope, name: bytes) -> str:
    # Twice is once too often: joined, it equals nothing.
    return b", ".join(value for key, value in scope["headers"] if key == name).decode("latin-1")
