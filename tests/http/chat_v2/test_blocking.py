"""The guide's block: a member gets a role that may not send. Over REST and sockets, at the next request."""

from __future__ import annotations

import httpx
import pytest

from tests.http.chat_v2.rooms import a_file, changed, made, refused, role_sid
from tests.http.desk import Desk
from tests.sockets.clients import serving


async def roles_changed(desk: Desk, role: str, *permissions: str) -> None:
    """As whoever runs the service does it over REST."""
    sid = await role_sid(desk, role)
    answer = await desk.account.post(f"{desk.service}/Roles/{sid}", data={"Permission": list(permissions)})
    assert answer.status_code == 200, answer.text


async def blocked(desk: Desk, role: str = "blockedUser") -> None:
    """The guide's `block-user`: update the member whom `Identity` finds."""
    members = f"{desk.service}/Channels/{desk.chat.channel_sid}/Members"
    who = {"Identity": desk.chat.customer.identity}
    (member,) = (await desk.account.get(members, params=who)).json()["members"]
    sid = await role_sid(desk, role)
    assert (await changed(desk, member, RoleSid=sid))["role_sid"] == sid


def messages(desk: Desk) -> str:
    return f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"


def by_header(desk: Desk, header: str) -> httpx.AsyncClient:
    """The customer, with the token in one of the places where one may be."""
    token = desk.token(desk.chat.customer.identity)
    return desk.client(**{header: token if header == "x-twilio-token" else f"Bearer {token}"})


@pytest.mark.parametrize("header", ["authorization", "x-twilio-token"])
async def test_a_blocked_member_sends_neither_text_nor_file_and_reads_on(desk: Desk, header: str) -> None:
    customer = by_header(desk, header)
    before = (await customer.post(messages(desk), data={"Body": "Hello"})).json()
    media_sid = await a_file(desk, customer)
    await blocked(desk)

    for fields in ({"Body": "Hello?"}, {"MediaSid": media_sid}, {"MediaSid": media_sid, "Body": "x"}):
        answer = await customer.post(messages(desk), data=fields)
        assert refused(answer, 403, 50107)
        assert answer.json()["message"] == "User unauthorized for command"
    assert refused(await customer.post(before["url"], data={"Body": "y"}), 403, 50107)
    assert refused(await customer.delete(before["url"]), 403, 50107)
    assert (await customer.get(messages(desk))).json()["messages"] == [before]
    assert (await customer.get(before["url"])).json() == before

    await blocked(desk, "channel user")
    assert (await customer.post(messages(desk), data={"MediaSid": media_sid})).status_code == 201


async def test_a_roles_permissions_hold_at_the_very_next_request(desk: Desk) -> None:
    customer, media_sid = desk.customer, await a_file(desk, desk.customer)
    assert (await customer.post(messages(desk), data={"Body": "1"})).status_code == 201
    await roles_changed(desk, "channel user", "leaveChannel")
    assert refused(await customer.post(messages(desk), data={"Body": "2"}), 403, 50107)
    assert refused(await customer.post(messages(desk), data={"MediaSid": media_sid}), 403, 50107)
    await roles_changed(desk, "channel user", "sendMessage")
    assert (await customer.post(messages(desk), data={"Body": "3"})).status_code == 201
    assert refused(await customer.post(messages(desk), data={"MediaSid": media_sid}), 403, 50107)
    await roles_changed(desk, "channel user", "sendMediaMessage")
    assert refused(await customer.post(messages(desk), data={"Body": "4"}), 403, 50107)
    assert (await customer.post(messages(desk), data={"MediaSid": media_sid})).status_code == 201
    assert [row["body"] for row in (await customer.get(messages(desk))).json()["messages"]] == ["1", "3", ""]


async def test_the_service_role_gives_what_the_channel_role_does_not(desk: Desk) -> None:
    sent = (await desk.customer.post(messages(desk), data={"Body": "1"})).json()
    await blocked(desk)
    assert refused(await desk.customer.post(sent["url"], data={"Body": "2"}), 403, 50107)
    await roles_changed(desk, "service user", "joinChannel", "editOwnMessage")
    assert (await desk.customer.post(sent["url"], data={"Body": "2"})).json()["body"] == "2"


async def test_who_was_taken_out_of_a_private_channel_does_not_know_of_it(desk: Desk) -> None:
    customer = desk.customer
    sent = (await customer.post(messages(desk), data={"Body": "1"})).json()
    members = f"{desk.service}/Channels/{desk.chat.channel_sid}/Members"
    assert (await desk.account.delete(f"{members}/{desk.chat.customer.identity}")).status_code == 204
    assert refused(await customer.post(messages(desk), data={"Body": "2"}), 404, 20404)
    for url in (messages(desk), sent["url"], members):
        assert refused(await customer.get(url), 404, 20404)


async def test_an_open_socket_is_blocked_by_rest_at_its_next_frame(desk: Desk) -> None:
    channel_sid, media_sid = desk.chat.channel_sid, await a_file(desk, desk.customer)
    async with serving(desk.house) as site:
        ada = await site.connect(desk.chat.customer.identity)
        await ada.subscribe(channel_sid)
        assert (await ada.say(channel_sid, "1"))["type"] == "sent"
        await blocked(desk)
        for fields in ({"body": "2"}, {"body": "", "media_sid": media_sid, "key": "file"}):
            answer = await ada.say(channel_sid, **fields)
            assert (answer["type"], answer["error"]["code"]) == ("error", 50107)
        await made(desk, messages(desk), Body="You may read on.")
        await ada.until(lambda: "You may read on." in ada.bodies())
        await ada.close()


async def test_an_open_socket_feels_a_roles_change_at_its_next_frame(desk: Desk) -> None:
    channel_sid = desk.chat.channel_sid
    async with serving(desk.house) as site:
        ada = await site.connect(desk.chat.customer.identity)
        assert (await ada.say(channel_sid, "1"))["type"] == "sent"
        await roles_changed(desk, "channel user", "leaveChannel", "sendMediaMessage")
        answer = await ada.say(channel_sid, "2")
        assert (answer["type"], answer["error"]["code"]) == ("error", 50107)
        await roles_changed(desk, "channel user", "sendMessage")
        assert (await ada.say(channel_sid, "3"))["type"] == "sent"
        await ada.close()
