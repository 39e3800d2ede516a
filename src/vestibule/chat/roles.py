"""Roles: named sets of permissions. A change holds at once for everybody who has the role."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import pages
from vestibule.chat.names import valid_name
from vestibule.chat.permissions import valid_permissions
from vestibule.context import MEMBER, Context
from vestibule.errors import ChannelRoleNotFound, NotFound, RoleInUse, RoleNotFound, ServiceRoleNotFound
from vestibule.events import RightsChanged
from vestibule.models import Role
from vestibule.payloads import CreateRole, DeleteRole, FetchRole, ListRoles, UpdateRole
from vestibule.ports import Transaction

actions = Actions()

NAME_LIMIT = 64  # characters
MISSING: dict[str, type[RoleNotFound]] = {"channel": ChannelRoleNotFound, "deployment": ServiceRoleNotFound}


def add(
    tx: Transaction, service_sid: str, friendly_name: str, role_type: str, permissions: str, sid: str
) -> None:
    """Put a role into its table. The permissions are joined by spaces."""
    tx.run(
        "add_role",
        sid=sid,
        service_sid=service_sid,
        friendly_name=friendly_name,
        type=role_type,
        permissions=permissions,
    )


def find(tx: Transaction, service_sid: str, role: str) -> Role | None:
    """A role by sid or by friendly name."""
    if sids.is_sid(role, sids.ROLE):
        return tx.one(Role, "role_by_sid", service_sid=service_sid, sid=role)
    return tx.one(Role, "role_by_name", service_sid=service_sid, friendly_name=role)


def found(tx: Transaction, service_sid: str, role: str) -> Role:
    """A role by sid or by friendly name. Raises `NotFound`."""
    if (result := find(tx, service_sid, role)) is None:
        raise NotFound(f"There is no role {role!r}.")
    return result


def chosen(
    tx: Transaction,
    service_sid: str,
    role: str,
    role_type: str,
    missing: type[RoleNotFound] | None = None,
) -> str:
    """The sid of a role that somebody is to have. Raises a `RoleNotFound` unless it is of this type."""
    result = find(tx, service_sid, role)
    if result is None or result.type != role_type:
        error = missing or MISSING[role_type]
        raise error(f"There is no {role_type} role {role!r} in this service.")
    return result.sid


@actions.define("CreateRole", permission="manageRoles", asks_inside=True)
async def create_role(payload: CreateRole, ctx: Context) -> Role:
    """Make a role."""
    valid_name(payload.friendly_name, NAME_LIMIT)
    permissions = valid_permissions(payload.type, payload.permissions)
    sid = sids.make(sids.ROLE)

    def change(tx: Transaction) -> Role:
        add(tx, ctx.service_sid, payload.friendly_name, payload.type, permissions, sid)
        return found(tx, ctx.service_sid, sid)

    return await ctx.change(change)


@actions.define("UpdateRole", permission="manageRoles", asks_inside=True)
async def update_role(payload: UpdateRole, ctx: Context) -> Role:
    """Replace a role's permissions."""

    def change(tx: Transaction) -> Role:
        role = found(tx, ctx.service_sid, payload.role_sid)
        permissions = valid_permissions(role.type, payload.permissions)
        tx.run("set_role_permissions", service_sid=ctx.service_sid, sid=role.sid, permissions=permissions)
        return found(tx, ctx.service_sid, role.sid)

    role = await ctx.change(change)
    ctx.bus.publish([RightsChanged(stream=ctx.service_sid, identity="")])
    return role


@actions.define("DeleteRole", permission="manageRoles", asks_inside=True)
async def delete_role(payload: DeleteRole, ctx: Context) -> None:
    """Delete a role that nobody holds."""

    def change(tx: Transaction) -> None:
        role = found(tx, ctx.service_sid, payload.role_sid)
        if tx.value("role_holders", sid=role.sid):
            raise RoleInUse
        tx.run("delete_role", service_sid=ctx.service_sid, sid=role.sid)

    await ctx.change(change)


@actions.define("FetchRole", permission=("manageRoles", "editAnyMemberRole", MEMBER), asks_inside=True)
async def fetch_role(payload: FetchRole, ctx: Context) -> Role:
    """One role."""
    return await ctx.look(lambda tx: found(tx, ctx.service_sid, payload.role))


@actions.define("ListRoles", permission=("manageRoles", "editAnyMemberRole"), asks_inside=True)
async def list_roles(payload: ListRoles, ctx: Context) -> list[Role]:
    """The roles of the service."""
    scope = {"service_sid": ctx.service_sid}
    ways = {"after": "roles_after", "before": "roles_before"}
    return await ctx.look(lambda tx: pages.page(tx, Role, payload.after, payload.limit, **ways, **scope))
