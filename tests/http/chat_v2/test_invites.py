"""Invites of Programmable Chat: into private channels, with a role, taken up by joining."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.chat_v2.rooms import a_channel, a_member, made, refused, role_sid, rows
from tests.http.desk import BASE, Desk
from vestibule.events import InviteAdded, InviteRemoved
from vestibule.payloads import EnterService, ReadUserStream


async def an_invite(desk: Desk, channel: dict[str, Any], identity: str, **fields: Any) -> dict[str, Any]:
    return await made(desk, f"{channel['url']}/Invites", Identity=identity, **fields)


@pytest.fixture
async def cellar(desk: Desk) -> dict[str, Any]:
    return await a_channel(desk, Type="private", UniqueName="cellar", FriendlyName="Cellar")


async def test_an_invite_says_who_may_come_as_what(desk: Desk, cellar: dict[str, Any]) -> None:
    invite = await an_invite(desk, cellar, "ada")
    keys = "sid account_sid service_sid channel_sid identity role_sid created_by url"
    assert set(invite) == {*keys.split(), "date_created", "date_updated"}
    assert invite["sid"].startswith("IN")
    assert invite["url"] == f"{BASE}{desk.service}/Channels/{cellar['sid']}/Invites/{invite['sid']}"
    assert (invite["identity"], invite["created_by"]) == ("ada", "system")
    assert invite["role_sid"] == await role_sid(desk, "channel user")
    assert (await desk.account.get(invite["url"])).json() == invite
    assert await rows(desk, f"{desk.service}/Channels/cellar/Invites") == [invite]


async def test_who_is_invited_sees_the_channel_and_joins_with_the_invites_role(
    desk: Desk, cellar: dict[str, Any]
) -> None:
    admin = await role_sid(desk, "channel admin")
    invite = await an_invite(desk, cellar, "ada", RoleSid=admin)
    ada, members = desk.holding("ada"), f"{desk.service}/Channels/cellar/Members"
    assert (await ada.get(cellar["url"])).json()["friendly_name"] == "Cellar"
    assert refused(await ada.get(f"{cellar['url']}/Messages"), 404, 20404)

    joined = await ada.post(members, data={"Identity": "ada"})
    assert (joined.status_code, joined.json()["role_sid"]) == (201, admin)
    assert (await ada.get(f"{cellar['url']}/Messages")).status_code == 200
    assert refused(await desk.account.get(invite["url"]), 404, 20404)


async def test_an_invite_is_for_one_person_and_one_role(desk: Desk, cellar: dict[str, Any]) -> None:
    await an_invite(desk, cellar, "ada")
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "eve"})
    members = f"{cellar['url']}/Members"
    for identity in ("eve", "ada"):
        assert refused(await desk.holding("eve").post(members, data={"Identity": identity}), 404, 20404)
    more = {"Identity": "ada", "RoleSid": await role_sid(desk, "channel admin")}
    assert refused(await desk.holding("ada").post(members, data=more), 403, 50107)


async def test_one_is_invited_once_and_not_where_one_is(desk: Desk, cellar: dict[str, Any]) -> None:
    await an_invite(desk, cellar, "ada")
    await a_member(desk, cellar, "bob")
    invites = f"{cellar['url']}/Invites"
    assert refused(await desk.account.post(invites, data={"Identity": "ada"}), 409, 50212)
    assert refused(await desk.account.post(invites, data={"Identity": "bob"}), 409, 50404)
    assert refused(await desk.account.post(invites, data={}), 400, 20001)
    wrong = {"Identity": "eve", "RoleSid": await role_sid(desk, "service user")}
    assert refused(await desk.account.post(invites, data=wrong), 400, 50101)


async def test_who_is_added_needs_the_invite_no_more(desk: Desk, cellar: dict[str, Any]) -> None:
    admin = await role_sid(desk, "channel admin")
    await an_invite(desk, cellar, "ada", RoleSid=admin)
    assert (await a_member(desk, cellar, "ada"))["role_sid"] == admin
    assert await rows(desk, f"{cellar['url']}/Invites") == []


async def test_invites_are_filtered_by_identity(desk: Desk, cellar: dict[str, Any]) -> None:
    for name in ("ada", "bob", "eve"):
        await an_invite(desk, cellar, name)
    found = await rows(desk, f"{cellar['url']}/Invites?Identity=eve&Identity=ada&Identity=nobody&PageSize=1")
    assert [row["identity"] for row in found] == ["ada", "eve"]


async def test_an_invite_is_declined_or_taken_back(desk: Desk, cellar: dict[str, Any]) -> None:
    own, other = await an_invite(desk, cellar, "ada"), await an_invite(desk, cellar, "bob")
    ada = desk.holding("ada")
    assert (await ada.get(own["url"])).status_code == 200
    for method in ("GET", "DELETE"):
        assert refused(await ada.request(method, other["url"]), 404, 20404)
    for client, row in ((ada, own), (desk.account, other)):
        gone = await client.delete(row["url"])
        assert (gone.status_code, gone.content) == (204, b"")
    assert refused(await ada.post(f"{cellar['url']}/Members", data={"Identity": "ada"}), 404, 20404)


async def test_whose_role_invites_may_and_nobody_else(desk: Desk, cellar: dict[str, Any]) -> None:
    await a_member(desk, cellar, "ada")
    await a_member(desk, cellar, "grace", RoleSid=await role_sid(desk, "channel admin"))
    ada, grace, invites = desk.holding("ada"), desk.holding("grace"), f"{cellar['url']}/Invites"
    assert refused(await ada.post(invites, data={"Identity": "eve"}), 403, 50107)
    assert refused(await ada.get(invites), 403, 50107)
    invite = (await grace.post(invites, data={"Identity": "eve"})).json()
    assert (invite["identity"], invite["created_by"]) == ("eve", "grace")
    assert refused(await ada.delete(invite["url"]), 403, 50107)
    assert [row["sid"] for row in (await grace.get(invites)).json()["invites"]] == [invite["sid"]]
    assert (await grace.delete(invite["url"])).status_code == 204


async def test_with_the_right_to_invite_alone_one_hands_out_no_roles(
    desk: Desk, cellar: dict[str, Any]
) -> None:
    host = await made(
        desk, f"{desk.service}/Roles", FriendlyName="host", Type="channel", Permission=["inviteMember"]
    )
    await a_member(desk, cellar, "ada", RoleSid=host["sid"])
    ada, invites = desk.holding("ada"), f"{cellar['url']}/Invites"
    admin = {"Identity": "eve", "RoleSid": await role_sid(desk, "channel admin")}
    assert refused(await ada.post(invites, data=admin), 403, 50107)
    assert (await ada.post(invites, data={"Identity": "eve"})).status_code == 201


async def test_a_role_that_an_invite_gives_is_in_use(desk: Desk, cellar: dict[str, Any]) -> None:
    new = {"FriendlyName": "guest", "Type": "channel", "Permission": ["leaveChannel"]}
    guest = await made(desk, f"{desk.service}/Roles", **new)
    invite = await an_invite(desk, cellar, "ada", RoleSid=guest["sid"])
    assert refused(await desk.account.delete(guest["url"]), 409, 60020)
    await desk.account.delete(invite["url"])
    assert (await desk.account.delete(guest["url"])).status_code == 204


async def test_who_is_invited_hears_of_it_in_their_own_stream(desk: Desk, cellar: dict[str, Any]) -> None:
    ada = desk.house.acting("ada")
    await ada.invoke(EnterService())
    first = await an_invite(desk, cellar, "ada")
    await desk.account.delete(first["url"])
    second = await an_invite(desk, cellar, "ada")
    _, added, removed, again = (await ada.invoke(ReadUserStream(0))).events
    assert isinstance(added, InviteAdded)
    assert (added.sid, added.invite) == (first["sid"], None)  # it is gone by now
    assert isinstance(removed, InviteRemoved)
    assert (removed.sid, removed.channel_sid) == (first["sid"], cellar["sid"])
    assert isinstance(again, InviteAdded)
    assert again.invite is not None
    assert (again.invite.sid, again.invite.channel_sid) == (second["sid"], cellar["sid"])
    await desk.account.delete(cellar["url"])
    assert isinstance((await ada.invoke(ReadUserStream(4))).events[0], InviteRemoved)
