"""Credentials of Programmable Chat: what push services ask for. Nothing is pushed, so there are none.

A key that is taken in and never used is a secret kept for nothing, so none is taken.
"""

from __future__ import annotations

from typing import Any, ClassVar

from vestibule.errors import NotFound, PermissionDenied, PushNotOffered
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.routes import Routes

routes = Routes(CHAT_V2)

LIST = "/v2/Credentials"
ONE = "/v2/Credentials/{credential_sid}"


class CredentialsQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page."""

    MOST: ClassVar[int] = 1000


@routes.get(LIST)
async def list_credentials(call: Call, query: CredentialsQuery) -> dict[str, Any]:
    """The account's push credentials: none."""
    _require_account(call)
    return page_of(call, "credentials", query, [], [])


@routes.post(LIST, status=201)
async def create_credential(call: Call) -> dict[str, Any]:
    """Give a push credential. It is refused: nothing is pushed."""
    _require_account(call)
    raise PushNotOffered


@routes.get(ONE)
async def fetch_credential(call: Call, credential_sid: str) -> dict[str, Any]:
    """One of them: there is none."""
    _require_account(call)
    raise NotFound


@routes.post(ONE)
async def update_credential(call: Call, credential_sid: str) -> dict[str, Any]:
    """Change one of them: there is none."""
    _require_account(call)
    raise NotFound


@routes.delete(ONE)
async def delete_credential(call: Call, credential_sid: str) -> None:
    """Forget one of them: there is none."""
    _require_account(call)
    raise NotFound


def _require_account(call: Call) -> None:
    """There is no action to ask: nothing is kept that it could read."""
    if not call.ctx.is_system:
        raise PermissionDenied
