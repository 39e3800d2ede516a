"""Health: is the process alive, can it work, and its numbers."""

from __future__ import annotations

from ipaddress import ip_address

import msgspec
from starlette.responses import Response

from vestibule.errors import NotFound
from vestibule.http.calls import Call
from vestibule.http.front import OFF, OK, OLD, WEAK
from vestibule.http.metrics import CONTENT_TYPE
from vestibule.http.replies import json_reply
from vestibule.http.routes import Routes

routes = Routes()


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether every part works; what each says, for whoever asks from this machine."""

    status: str
    parts: dict[str, str]


@routes.get("/healthz", access="anybody")
async def healthz(call: Call) -> dict[str, str]:
    """The process answers."""
    return {"status": OK}


@routes.get("/readyz", access="anybody", gives=Readiness, also=(503,))
async def readyz(call: Call) -> Response:
    """Whether every part works, and which does not. 503 while one does not."""
    parts = dict(await call.front.readiness())
    is_ready = all(state.partition(":")[0] in (OK, OFF, WEAK, OLD) for state in parts.values())
    shown = parts if _is_near(call) else {}
    answer = Readiness(status=OK if is_ready else "not ready", parts=shown)
    return json_reply(answer, 200 if is_ready else 503)


@routes.get("/metrics", access="either", sends=CONTENT_TYPE.partition(";")[0])
async def metrics(call: Call) -> Response:
    """Numbers for Prometheus. On this machine for everybody; elsewhere with the account's credentials."""
    if not _is_near(call) and not call.ctx.is_system:
        raise NotFound(f"The requested resource {call.path} was not found")
    return Response(call.front.metrics.render(), media_type=CONTENT_TYPE)


def _is_near(call: Call) -> bool:
    """Whether somebody on this machine asks, and no proxy for somebody else."""
    if not call.is_proxied and "x-forwarded-for" in call.headers:
        return False
    try:
        return ip_address(call.address).is_loopback
    except ValueError:
        return False
