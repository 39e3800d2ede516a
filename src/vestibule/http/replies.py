"""Answers: JSON, pages, errors, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from vestibule.errors import VestibuleError

# RFC 9110, section 10.2.3 for Retry-After; the rest is what browsers need to be told.
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

HTML = "text/html"

_encoder = msgspec.json.Encoder()


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Any value of ours as JSON."""
    return Response(_encoder.encode(value), status, headers, "application/json")


def no_content() -> Response:
    """Done, and nothing to say."""
    return Response(status_code=204)


def error_reply(error: VestibuleError) -> Response:
    """An error in its one shape."""
    return json_reply(error.to_dict(), error.status, error_headers(error))


def error_headers(error: VestibuleError) -> dict[str, str]:
    """`Retry-After` and `Allow`, where the error knows."""
    headers = {}
    if "retry_after" in error.detail:
        headers["retry-after"] = str(error.detail["retry_after"])
    if "allow" in error.detail:
        headers["allow"] = ", ".join(error.detail["allow"])
    if "size" in error.detail and error.status == 416:
        headers["content-range"] = f"bytes */{error.detail['size']}"
    return headers


def page(html: str, csp: str, status: int = 200) -> Response:
    """A page of ours. No script or style stands inside it."""
    headers = {"content-security-policy": csp, "x-frame-options": "SAMEORIGIN"}
    return Response(html, status, headers, f"{HTML}; charset=utf-8")
