"""CORS: which pages of other sites may read our answers. Cookies never travel there.

A link to a file holds all that is needed to read it, so whoever has one may, from whichever page.
"""

from __future__ import annotations

from starlette.responses import Response

from vestibule.http.calls import Call

METHODS = "GET, HEAD, POST, DELETE"
TAKEN = "Authorization, Content-Type, Range, If-Range, X-Twilio-Token, X-Twilio-Webhook-Enabled"
SHOWN = "Content-Disposition, Content-Length, Content-Range, ETag, Retry-After, X-Request-Id"
FRESH = "600"  # seconds that a browser may remember the answer


def is_preflight(call: Call) -> bool:
    """Whether a browser asks before it sends the real request."""
    return call.method == "OPTIONS" and "access-control-request-method" in call.headers


def preflight(call: Call) -> Response:
    """What another site's page may send; nothing of it for a site that was not allowed."""
    headers = {"vary": "Origin"}
    if _is_link(call) or call.is_allowed(call.headers.get("origin", "")):
        headers["access-control-allow-methods"] = METHODS
        headers["access-control-allow-headers"] = TAKEN
        headers["access-control-max-age"] = FRESH
    return Response(status_code=204, headers=headers)


def sharing(call: Call) -> dict[str, str]:
    """The headers that let an allowed site's page read an answer."""
    origin = call.headers.get("origin")
    if not origin:
        return {}
    if not _is_link(call) and not call.is_allowed(origin):
        return {"vary": "Origin"}
    return {
        "access-control-allow-origin": "*" if _is_link(call) else origin,
        "access-control-expose-headers": SHOWN,
        "vary": "Origin",
    }


def _is_link(call: Call) -> bool:
    return call.path.startswith("/files/")
