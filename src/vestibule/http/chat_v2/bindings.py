"""Bindings of Programmable Chat: the devices that push notifications go to. Nothing is pushed, so none are.

The lists are there for code that walks through them, and one asks for them as for the rest: of the
service with account credentials, of a user as for the user.
"""

from __future__ import annotations

from typing import Any, ClassVar

from vestibule.errors import NotFound
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.routes import Routes
from vestibule.payloads import FetchService, FetchUser

routes = Routes(CHAT_V2)

OF_SERVICE = "/v2/Services/{service_sid}/Bindings"
OF_USER = "/v2/Services/{service_sid}/Users/{user}/Bindings"


class UserBindingsQuery(PageQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, of which kinds of device."""

    MOST: ClassVar[int] = 50

    binding_type: tuple[str, ...] = ()


class BindingsQuery(UserBindingsQuery, frozen=True, kw_only=True, rename="pascal"):
    """Which page, of which kinds of device, of whom."""

    identity: tuple[str, ...] = ()


@routes.get(OF_SERVICE)
async def list_bindings(call: Call, query: BindingsQuery, service_sid: str) -> dict[str, Any]:
    """The devices that are told of what happens in the service: none."""
    await call.ctx.invoke(FetchService())
    return _none(call, query, Identity=list(query.identity))


@routes.get(f"{OF_SERVICE}/{{binding_sid}}")
async def fetch_binding(call: Call, service_sid: str, binding_sid: str) -> dict[str, Any]:
    """One of them: there is none."""
    await call.ctx.invoke(FetchService())
    raise NotFound


@routes.delete(f"{OF_SERVICE}/{{binding_sid}}")
async def delete_binding(call: Call, service_sid: str, binding_sid: str) -> None:
    """Forget one of them: there is none."""
    await call.ctx.invoke(FetchService())
    raise NotFound


@routes.get(OF_USER)
async def list_user_bindings(
    call: Call, query: UserBindingsQuery, service_sid: str, user: str
) -> dict[str, Any]:
    """The devices on which a user is told of what happens: none."""
    await call.ctx.invoke(FetchUser(user))
    return _none(call, query)


@routes.get(f"{OF_USER}/{{binding_sid}}")
async def fetch_user_binding(call: Call, service_sid: str, user: str, binding_sid: str) -> dict[str, Any]:
    """One of them: there is none."""
    await call.ctx.invoke(FetchUser(user))
    raise NotFound


@routes.delete(f"{OF_USER}/{{binding_sid}}")
async def delete_user_binding(call: Call, service_sid: str, user: str, binding_sid: str) -> None:
    """Forget one of them: there is none."""
    await call.ctx.invoke(FetchUser(user))
    raise NotFound


def _none(call: Call, query: UserBindingsQuery, **filters: Any) -> dict[str, Any]:
    return page_of(call, "bindings", query, [], [], BindingType=list(query.binding_type), **filters)
