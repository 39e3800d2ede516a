"""Roles of Programmable Chat."""

from __future__ import annotations

from typing import Any

from vestibule import sids
from vestibule.errors import NotFound
from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, date, place
from vestibule.http.routes import Routes
from vestibule.models import Role
from vestibule.payloads import CreateRole, DeleteRole, FetchRole, ListRoles, UpdateRole

routes = Routes(CHAT_V2)


class NewRole(Form, frozen=True, kw_only=True, rename="pascal"):
    """A role to be made."""

    friendly_name: str
    type: str
    permission: tuple[str, ...]


class RoleUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """The permissions that take the place of those it has."""

    permission: tuple[str, ...]


@routes.get("/v2/Services/{service_sid}/Roles")
async def list_roles(call: Call, query: PageQuery, service_sid: str) -> dict[str, Any]:
    """The roles, oldest first."""
    rows = await call.ctx.invoke(ListRoles(query.size + 1, query.after()))
    return page_of(call, "roles", query, rows, [_shape(call, row) for row in rows])


@routes.post("/v2/Services/{service_sid}/Roles", status=201)
async def create_role(call: Call, body: NewRole, service_sid: str) -> dict[str, Any]:
    """Make a role."""
    new = CreateRole(body.friendly_name, body.type, body.permission)
    return _shape(call, await call.ctx.invoke(new))


@routes.get("/v2/Services/{service_sid}/Roles/{role_sid}")
async def fetch_role(call: Call, service_sid: str, role_sid: str) -> dict[str, Any]:
    """One role."""
    return _shape(call, await call.ctx.invoke(FetchRole(_sid(role_sid))))


@routes.post("/v2/Services/{service_sid}/Roles/{role_sid}")
async def update_role(call: Call, body: RoleUpdate, service_sid: str, role_sid: str) -> dict[str, Any]:
    """Replace a role's permissions."""
    return _shape(call, await call.ctx.invoke(UpdateRole(_sid(role_sid), body.permission)))


@routes.delete("/v2/Services/{service_sid}/Roles/{role_sid}")
async def delete_role(call: Call, service_sid: str, role_sid: str) -> None:
    """Delete a role that nobody holds."""
    await call.ctx.invoke(DeleteRole(_sid(role_sid)))


def _sid(role_sid: str) -> str:
    """Here a role goes by its sid alone: a name may be that of several."""
    if not sids.is_sid(role_sid, sids.ROLE):
        raise NotFound
    return role_sid


def _shape(call: Call, role: Role) -> dict[str, Any]:
    return {
        "sid": role.sid,
        "account_sid": call.front.account_sid,
        "service_sid": role.service_sid,
        "friendly_name": role.friendly_name,
        "type": role.type,
        "permissions": role.permissions,
        "date_created": date(role.date_created),
        "date_updated": date(role.date_updated),
        "url": place(call, "Roles", role.sid),
    }
