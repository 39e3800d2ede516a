"""Users of Programmable Chat."""

from __future__ import annotations

from typing import Any

from vestibule.http.calls import Call
from vestibule.http.chat_v2.paging import PageQuery, page_of
from vestibule.http.chat_v2.shape import CHAT_V2, Form, Update, date, place
from vestibule.http.routes import Routes
from vestibule.models import User
from vestibule.payloads import CreateUser, DeleteUser, FetchService, FetchUser, ListUsers, UpdateUser

routes = Routes(CHAT_V2)


class NewUser(Form, frozen=True, kw_only=True, rename="pascal"):
    """A user to be made."""

    identity: str
    role_sid: str | None = None
    friendly_name: str = ""
    attributes: str = "{}"


class UserUpdate(Update, frozen=True, kw_only=True, rename="pascal"):
    """What is to be changed."""

    role_sid: str | None = None
    friendly_name: str | None = None
    attributes: str | None = None


@routes.get("/v2/Services/{service_sid}/Users")
async def list_users(call: Call, query: PageQuery, service_sid: str) -> dict[str, Any]:
    """The users, oldest first."""
    rows = await call.ctx.invoke(ListUsers(query.size + 1, query.after()))
    return page_of(call, "users", query, rows, [_shape(call, row) for row in rows])


@routes.post("/v2/Services/{service_sid}/Users", status=201)
async def create_user(call: Call, body: NewUser, service_sid: str) -> dict[str, Any]:
    """Make a user."""
    new = CreateUser(body.identity, body.friendly_name, body.attributes, body.role_sid)
    return await _present(call, await call.ctx.invoke(new))


@routes.get("/v2/Services/{service_sid}/Users/{user}")
async def fetch_user(call: Call, service_sid: str, user: str) -> dict[str, Any]:
    """One user, by sid or identity."""
    return await _present(call, await call.ctx.invoke(FetchUser(user)))


@routes.post("/v2/Services/{service_sid}/Users/{user}")
async def update_user(call: Call, body: UserUpdate, service_sid: str, user: str) -> dict[str, Any]:
    """Change a user."""
    change = UpdateUser(user, body.friendly_name, body.attributes, body.role_sid)
    return await _present(call, await call.ctx.invoke(change))


@routes.delete("/v2/Services/{service_sid}/Users/{user}")
async def delete_user(call: Call, service_sid: str, user: str) -> None:
    """Delete a user with their memberships. What they wrote stays."""
    await call.ctx.invoke(DeleteUser(user))


async def _present(call: Call, user: User) -> dict[str, Any]:
    """One user, and where the service shows it, whether they are here now. Nothing is pushed to anybody."""
    shown = _shape(call, user)
    if (await call.house.invoke(FetchService())).settings.reachability_enabled:
        # Sockets are the house's own service's: the same identity elsewhere is somebody else.
        is_own = user.service_sid == call.front.service_sid
        shown["is_online"] = is_own and call.front.is_online(user.identity)
        shown["is_notifiable"] = False
    return shown


def _shape(call: Call, user: User) -> dict[str, Any]:
    url = place(call, "Users", user.sid)
    return {
        "sid": user.sid,
        "account_sid": call.front.account_sid,
        "service_sid": user.service_sid,
        "identity": user.identity,
        "friendly_name": user.friendly_name or None,
        "attributes": user.attributes,
        "role_sid": user.role_sid,
        "is_online": None,  # in lists, and while reachability is not enabled
        "is_notifiable": None,
        "joined_channels_count": user.joined_channels_count,
        "date_created": date(user.date_created),
        "date_updated": date(user.date_updated),
        "url": url,
        "links": {"user_channels": f"{url}/Channels", "user_bindings": f"{url}/Bindings"},
    }
