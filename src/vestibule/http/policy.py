"""The policy as strangers may know it: which files are taken, how large, and what becomes of the others."""

from __future__ import annotations

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.http.taken import PolicyAnswer

routes = Routes()


@routes.get("/v1/policy", access="anybody")
async def fetch_policy(call: Call) -> PolicyAnswer:
    """Which files are taken, how large, and what becomes of the others."""
    return call.front.policy
