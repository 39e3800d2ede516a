"""Roles, users and permissions: who may do what, and how soon a change of it holds."""

from __future__ import annotations

import pytest

from tests.people import Chat, House
from vestibule.chat.permissions import CHANNEL, DEPLOYMENT
from vestibule.context import ANYBODY, HOUSE, MEMBER, OWN, SOMEWHERE, SYSTEM, Context
from vestibule.errors import (
    AttributesInvalid,
    FriendlyNameMissing,
    FriendlyNameTooLong,
    IdentityLooksLikeSid,
    IdentityMissing,
    IdentityReserved,
    IdentityTooLong,
    NotFound,
    PermissionDenied,
    RoleInUse,
    RoleNotFound,
    UnknownPermission,
    UnknownRoleType,
    UserExists,
)
from vestibule.models import Role
from vestibule.payloads import (
    AddMember,
    CreateRole,
    CreateUser,
    DeleteRole,
    FetchRole,
    FetchService,
    FetchUser,
    ListAgents,
    ListChannels,
    ListMessages,
    ListRoles,
    ListServices,
    ListTasks,
    ListUsers,
    SendMessage,
    SetPassword,
    UpdateMember,
    UpdateRole,
    UpdateUser,
)


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


async def role(house: House, name: str) -> Role:
    return await house.system.invoke(FetchRole(name))


# Roles


async def test_a_service_begins_with_its_roles(house: House) -> None:
    roles = {role.friendly_name: role for role in await house.system.invoke(ListRoles())}
    assert set(roles) >= {
        "service admin",
        "service user",
        "channel admin",
        "channel user",
        "agent",
        "blockedUser",
    }
    blocked = set(roles["blockedUser"].permissions)
    assert not {permission for permission in blocked if permission.startswith(("send", "edit", "delete"))} - {
        "editNotificationLevel"
    }
    for each in roles.values():
        assert set(each.permissions) <= (DEPLOYMENT if each.type == "deployment" else CHANNEL)


async def test_a_changed_role_holds_at_the_next_action_of_everybody_who_has_it(
    house: House, chat: Chat
) -> None:
    await chat.customer.invoke(SendMessage(chat.channel_sid, "one"))
    changed = await role(house, "channel user")
    await house.system.invoke(UpdateRole(changed.sid, ("leaveChannel",)))
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "two"))
    await house.system.invoke(UpdateRole(changed.sid, ("sendMessage",)))
    await chat.customer.invoke(SendMessage(chat.channel_sid, "three"))


async def test_an_own_role_gives_what_it_says_and_no_more(house: House, chat: Chat) -> None:
    await house.system.invoke(CreateRole("commenter", "channel", ("sendMessage", "sendMessage")))
    member = await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role="commenter"))
    assert member.role == "commenter"
    assert (await role(house, "commenter")).permissions == ("sendMessage",)
    await chat.customer.invoke(SendMessage(chat.channel_sid, "hello"))


@pytest.mark.parametrize(
    ("role_type", "permissions", "error"),
    [
        ("channel", (), UnknownPermission),
        ("channel", ("flyToTheMoon",), UnknownPermission),
        ("channel", ("acceptTask",), UnknownPermission),
        ("channel", ("sendMessage acceptTask",), UnknownPermission),
        ("channel", (MEMBER,), UnknownPermission),
        ("deployment", (HOUSE,), UnknownPermission),
        ("deployment", (ANYBODY,), UnknownPermission),
        ("deployment", ("sendMessage",), UnknownPermission),
        ("galaxy", ("sendMessage",), UnknownRoleType),
    ],
)
async def test_a_role_holds_permissions_of_its_type_only(
    house: House, role_type: str, permissions: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await house.system.invoke(CreateRole("new", role_type, permissions))


@pytest.mark.parametrize(
    ("name", "error"),
    [("", FriendlyNameMissing), ("  ", FriendlyNameMissing), ("x" * 65, FriendlyNameTooLong)],
    ids=["empty", "blank", "too long"],
)
async def test_a_role_has_a_name(house: House, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await house.system.invoke(CreateRole(name, "channel", ("sendMessage",)))


@pytest.mark.parametrize("name", ["channel user", "channel admin", "service user", "agent", "commenter"])
async def test_a_role_that_somebody_holds_stays(house: House, chat: Chat, name: str) -> None:
    await house.system.invoke(CreateRole("commenter", "channel", ("sendMessage",)))
    await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role="commenter"))
    with pytest.raises(RoleInUse):
        await house.system.invoke(DeleteRole((await role(house, name)).sid))


async def test_a_role_that_nobody_holds_is_deleted(house: House) -> None:
    made = await house.system.invoke(CreateRole("commenter", "channel", ("sendMessage",)))
    await house.system.invoke(DeleteRole(made.sid))
    with pytest.raises(NotFound):
        await role(house, "commenter")


async def test_roles_of_another_service_do_not_exist(house: House, chat: Chat) -> None:
    neighbour = await house.neighbour("mallory")
    blocked = await role(house, "blockedUser")
    for payload in (
        UpdateRole(blocked.sid, ("sendMessage",)),
        DeleteRole(blocked.sid),
        FetchRole(blocked.sid),
    ):
        with pytest.raises(NotFound):
            await neighbour.invoke(payload)
    foreign = await neighbour.invoke(FetchRole("channel admin"))
    with pytest.raises(RoleNotFound):
        await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role=foreign.sid))


# Who may


async def test_customers_and_agents_do_not_manage_the_house(house: House, chat: Chat) -> None:
    agent_role = await role(house, "agent")
    for payload in (
        CreateRole("mine", "deployment", ("manageRoles",)),
        UpdateRole(agent_role.sid, ("manageRoles",)),
        DeleteRole(agent_role.sid),
        CreateUser("mallory", role="service admin"),
        ListUsers(),
        SetPassword("grace", "hash"),
        FetchService(),
        ListServices(),
    ):
        for person in (chat.customer, chat.agent):
            with pytest.raises(PermissionDenied):
                await person.invoke(payload)


async def test_a_supervisor_manages_roles_and_users_but_is_not_the_house(house: House) -> None:
    boss = await house.agent("boss", role="service admin")
    await boss.invoke(CreateRole("commenter", "channel", ("sendMessage",)))
    await boss.invoke(CreateUser("alan", role="agent"))
    assert {user.identity for user in await boss.invoke(ListUsers())} == {"boss", "alan"}
    assert [user.identity for user in await boss.invoke(ListAgents())] == ["alan"]
    with pytest.raises(PermissionDenied):
        await boss.invoke(SetPassword("alan", "hash"))


async def test_somebody_unknown_may_do_nothing(house: House, chat: Chat) -> None:
    nobody = house.acting("nobody")
    for payload in (ListTasks(), ListChannels(), ListRoles(), CreateUser("x")):
        with pytest.raises(PermissionDenied):
            await nobody.invoke(payload)
    with pytest.raises(NotFound):
        await nobody.invoke(ListMessages(chat.channel_sid))


async def test_the_house_may_do_all(house: House, chat: Chat) -> None:
    assert len(await house.system.invoke(ListServices())) == 1
    assert (await house.system.invoke(SendMessage(chat.channel_sid, "Welcome."))).author == SYSTEM


async def test_a_service_right_does_not_reach_into_another_service(house: House, chat: Chat) -> None:
    neighbour = await house.neighbour("mallory")
    inside = neighbour.within(("readAnyChannel",), chat.channel_sid)
    with pytest.raises(NotFound):
        await inside.require()
    await chat.agent.within(("readAnyChannel",), chat.channel_sid).require()


async def test_an_agent_reads_every_channel_but_writes_only_where_they_are_in(house: House) -> None:
    _, session = await house.visitor()
    agent = await house.agent("grace")
    assert await agent.invoke(ListMessages(session.channel.sid)) == []
    with pytest.raises((NotFound, PermissionDenied)):
        await agent.invoke(SendMessage(session.channel.sid, "hello"))


async def test_what_is_in_no_channel_yet_asks_the_roles_of_all_channels(house: House, chat: Chat) -> None:
    async def may_send(person: Context) -> bool:
        try:
            await person.within(("sendMediaMessage", SOMEWHERE), None).require()
        except PermissionDenied:
            return False
        return True

    assert await may_send(chat.customer)
    assert not await may_send(house.acting("nobody"))
    await chat.block()
    assert not await may_send(chat.customer)
    assert not await may_send(await house.neighbour(chat.customer.identity, role="service user"))


async def test_ones_own_counts_only_where_there_is_no_channel(house: House, chat: Chat) -> None:
    nobody = house.acting("nobody")
    await nobody.within((MEMBER, OWN), None).require()
    with pytest.raises(NotFound):
        await nobody.within((MEMBER, OWN), chat.channel_sid).require()


async def test_may_tells_without_raising(house: House, chat: Chat) -> None:
    def asked(person: Context) -> Context:
        return person.within((MEMBER,), chat.channel_sid)

    read = house.parts.database.read
    assert await read(lambda tx: asked(chat.agent).may(tx, "editAnyMessage"))
    assert not await read(lambda tx: asked(chat.customer).may(tx, "editAnyMessage"))
    assert await read(lambda tx: house.system.may(tx, "anything"))


# Users


async def test_an_identity_is_taken_once(house: House) -> None:
    await house.agent("grace")
    with pytest.raises(UserExists):
        await house.agent("grace")


@pytest.mark.parametrize(
    ("identity", "error"),
    [
        ("", IdentityMissing),
        ("x" * 257, IdentityTooLong),
        ("US" + "a" * 32, IdentityLooksLikeSid),
        ("MB" + "a" * 32, IdentityLooksLikeSid),
        (SYSTEM, IdentityReserved),
    ],
    ids=["empty", "too long", "a user's sid", "a member's sid", "the system"],
)
async def test_an_identity_is_a_name_of_its_own(
    house: House, chat: Chat, identity: str, error: type[Exception]
) -> None:
    for payload in (CreateUser(identity), AddMember(chat.channel_sid, identity)):
        with pytest.raises(error):
            await house.system.invoke(payload)


async def test_people_change_their_own_name_only(house: House, chat: Chat) -> None:
    changed = await chat.customer.invoke(UpdateUser(chat.customer.identity, friendly_name="Ada L."))
    assert changed.friendly_name == "Ada L."
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(UpdateUser("grace", friendly_name="Mallory"))


async def test_nobody_promotes_themselves(house: House, chat: Chat) -> None:
    for person in (chat.customer, chat.agent):
        with pytest.raises(PermissionDenied):
            await person.invoke(UpdateUser(person.identity, role="service admin"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"friendly_name": "x" * 257}, FriendlyNameTooLong),
        ({"attributes": "{"}, AttributesInvalid),
        ({"attributes": '"' + "x" * 33_000 + '"'}, AttributesInvalid),
    ],
)
async def test_names_and_attributes_of_people_have_limits(
    chat: Chat, changes: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await chat.customer.invoke(UpdateUser(chat.customer.identity, **changes))


async def test_a_customer_cannot_find_out_who_works_here(house: House, chat: Chat) -> None:
    for kind in (FetchUser, UpdateUser):
        outcomes = []
        for identity in ("grace", "nobody"):
            with pytest.raises((PermissionDenied, NotFound)) as caught:
                await chat.customer.invoke(kind(identity))
            outcomes.append((type(caught.value), str(caught.value).replace(identity, "…")))
        assert outcomes[0] == outcomes[1]


async def test_a_user_has_a_deployment_role(house: House) -> None:
    with pytest.raises(RoleNotFound):
        await house.system.invoke(CreateUser("grace", role="channel admin"))
    made = await house.system.invoke(CreateUser("ada"))
    assert made.role_sid == (await role(house, "service user")).sid


async def test_a_password_is_in_no_users_record(house: House) -> None:
    await house.agent("grace")
    user = await house.system.invoke(SetPassword("grace", "correct horse"))
    for secret in ("correct horse", "argon2"):
        assert secret not in repr(user)
        assert secret not in repr(await house.system.invoke(FetchUser("grace")))
