"""House: what another process of the house asks of this one, so that open sockets hear of it at once."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from vestibule.errors import InvalidRequest, NotFound, PermissionDenied
from vestibule.http.bodies import JSON
from vestibule.http.calls import Call
from vestibule.http.replies import json_reply
from vestibule.http.routes import Routes
from vestibule.payloads import (
    BeginRecheck,
    EndRecheck,
    ListRecheck,
    Payload,
    RecallMedia,
    RecheckMedia,
    RestoreMedia,
    RevokeKey,
)

routes = Routes()

TAKEN: dict[str, type[Payload[Any]]] = {
    kind.__name__: kind
    for kind in (BeginRecheck, ListRecheck, RecheckMedia, EndRecheck, RecallMedia, RestoreMedia, RevokeKey)
}


@routes.post("/v1/house/{action}", gives=Any, takes={JSON: tuple(TAKEN.values())})
async def invoke(call: Call, action: str) -> Response:
    """Invoke an action of the house; the body is its payload. For the account's credentials alone."""
    if not call.ctx.is_system:
        raise PermissionDenied
    if (kind := TAKEN.get(action)) is None:
        raise NotFound(f"There is no action {action!r} that is asked for here.")
    try:
        payload = msgspec.json.decode(await call.incoming.whole(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"This is no {action}: {error}.") from error
    return json_reply(await call.ctx.invoke(payload))
