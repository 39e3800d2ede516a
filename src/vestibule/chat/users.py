"""Users: people and bots, each with a service role. Agents are users who may accept tasks."""

from __future__ import annotations

from vestibule import sids
from vestibule.actions import Actions
from vestibule.chat import pages, roles, services
from vestibule.chat.attributes import valid_attributes
from vestibule.chat.names import fitting_name
from vestibule.chat.permissions import AGENT
from vestibule.context import OWN, SYSTEM, Context
from vestibule.errors import (
    IdentityLooksLikeSid,
    IdentityMissing,
    IdentityReserved,
    IdentityTooLong,
    NotFound,
    RoleNotAllowed,
    UserExists,
)
from vestibule.events import RightsChanged, UserAdded, UserUpdated
from vestibule.models import Channel, Media, Person, User
from vestibule.payloads import (
    CreateUser,
    FetchPerson,
    FetchUser,
    ListAgents,
    ListUsers,
    UpdateUser,
)
from vestibule.ports import Transaction

actions = Actions()

IDENTITY_LIMIT = 256  # characters


def find(tx: Transaction, service_sid: str, user: str) -> User | None:
    """A user by sid or identity."""
    if sids.is_sid(user, sids.USER):
        return tx.one(User, "user_by_sid", service_sid=service_sid, sid=user)
    return tx.one(User, "user_by_identity", service_sid=service_sid, identity=user)


def found(tx: Transaction, service_sid: str, user: str) -> User:
    """A user by sid or identity. Raises `NotFound`."""
    if (result := find(tx, service_sid, user)) is None:
        raise NotFound(f"There is no user {user!r}.")
    return result


def asked_for(tx: Transaction, ctx: Context, user: str, permission: str) -> User:
    """Oneself, or with `permission` anybody. Without it nobody learns whom there is."""
    result = find(tx, ctx.service_sid, user)
    if result is None or result.identity != ctx.identity:
        ctx.ask(tx, permission)
    return result or found(tx, ctx.service_sid, user)


def ensure(tx: Transaction, service_sid: str, identity: str, friendly_name: str = "") -> User:
    """The user of this identity; made with the default role where there is none yet."""
    if (present := tx.one(User, "user_by_identity", service_sid=service_sid, identity=identity)) is None:
        role_sid = services.found(tx, service_sid).default_service_role_sid
        add(tx, service_sid, identity, friendly_name, "{}", role_sid)
        present = found(tx, service_sid, identity)
    return present


def add(
    tx: Transaction, service_sid: str, identity: str, friendly_name: str, attributes: str, role_sid: str
) -> bool:
    """Put a user into the table; False where the identity is taken."""
    _require_identity(identity)
    sid = sids.make(sids.USER)
    added = tx.run(
        "add_user",
        sid=sid,
        service_sid=service_sid,
        identity=identity,
        friendly_name=friendly_name,
        attributes=attributes,
        role_sid=role_sid,
    )
    if added:
        tx.append(UserAdded, sid, sid, user=found(tx, service_sid, sid))
    return bool(added)


def _require_identity(identity: str) -> None:
    if not identity:
        raise IdentityMissing
    if len(identity) > IDENTITY_LIMIT:
        raise IdentityTooLong
    if identity == SYSTEM:
        raise IdentityReserved
    if sids.is_sid(identity, sids.USER) or sids.is_sid(identity, sids.MEMBER):
        raise IdentityLooksLikeSid


@actions.define("CreateUser", permission="manageUsers", asks_inside=True)
async def create_user(payload: CreateUser, ctx: Context) -> User:
    """Make a user."""
    attributes = valid_attributes(payload.attributes)
    fitting_name(payload.friendly_name)

    def change(tx: Transaction) -> User:
        role_sid = (
            roles.chosen(tx, ctx.service_sid, payload.role, "deployment")
            if payload.role
            else services.found(tx, ctx.service_sid).default_service_role_sid
        )
        if not add(tx, ctx.service_sid, payload.identity, payload.friendly_name, attributes, role_sid):
            raise UserExists
        return found(tx, ctx.service_sid, payload.identity)

    return await ctx.change(change)


@actions.define("UpdateUser", permission=("editOwnUserInfo", "editAnyUserInfo"), asks_inside=True)
async def update_user(payload: UpdateUser, ctx: Context) -> User:
    """Change a user's name, attributes or service role."""
    fitting_name(payload.friendly_name or "")
    attributes = None if payload.attributes is None else valid_attributes(payload.attributes)

    def change(tx: Transaction) -> User:
        user = asked_for(tx, ctx, payload.user, "editAnyUserInfo")
        role_sid = user.role_sid if payload.role is None else _new_role(tx, ctx, payload.role)
        tx.run(
            "set_user",
            service_sid=ctx.service_sid,
            sid=user.sid,
            friendly_name=user.friendly_name if payload.friendly_name is None else payload.friendly_name,
            attributes=user.attributes if attributes is None else attributes,
            role_sid=role_sid,
        )
        updated = found(tx, ctx.service_sid, user.sid)
        tx.append(UserUpdated, user.sid, user.sid, user=updated)
        return updated

    user = await ctx.change(change)
    ctx.bus.publish([RightsChanged(stream=ctx.service_sid, identity=user.identity)])
    return user


def _new_role(tx: Transaction, ctx: Context, role: str) -> str:
    """The sid of the service role that somebody is to have. Raises `RoleNotAllowed`."""
    if not ctx.may(tx, "manageUsers"):
        raise RoleNotAllowed
    return roles.chosen(tx, ctx.service_sid, role, "deployment")


@actions.define("FetchUser", permission=OWN, asks_inside=True)
async def fetch_user(payload: FetchUser, ctx: Context) -> User:
    """One user; without `readAnyChannel` only oneself."""

    def query(tx: Transaction) -> User:
        return asked_for(tx, ctx, payload.user, "readAnyChannel")

    return await ctx.look(query)


@actions.define("FetchPerson", permission="readAnyChannel", asks_inside=True)
async def fetch_person(payload: FetchPerson, ctx: Context) -> Person:
    """One user with their chats and files."""

    def query(tx: Transaction) -> Person:
        user = found(tx, ctx.service_sid, payload.user)
        service = {"service_sid": ctx.service_sid}
        return Person(
            user=user,
            channels=tx.all(Channel, "channels_of", **service, identity=user.identity, limit=50),
            files=tx.all(Media, "media_of_author", **service, author=user.identity, limit=200),
        )

    return await ctx.look(query)


@actions.define("ListUsers", permission="manageUsers", asks_inside=True)
async def list_users(payload: ListUsers, ctx: Context) -> list[User]:
    """The users of the service."""
    scope = {"service_sid": ctx.service_sid}
    ways = {"after": "users_after", "before": "users_before"}
    return await ctx.look(lambda tx: pages.page(tx, User, payload.after, payload.limit, **ways, **scope))


@actions.define("ListAgents", permission=("acceptTask", "transferTask"), asks_inside=True)
async def list_agents(payload: ListAgents, ctx: Context) -> list[User]:
    """The users who may accept tasks."""
    return await ctx.look(lambda tx: tx.all(User, "users_with_role", service_sid=ctx.service_sid, role=AGENT))
