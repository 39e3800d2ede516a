"""Pre-event webhooks: they hear of what people are about to do, change it or say no."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.gateways.hooked import Hooked, account, hooked
from tests.gateways.receiving import Receiver, answer, changing, hang, receiving, saying
from tests.people import Chat
from vestibule.actions import Actions
from vestibule.context import Context
from vestibule.errors import (
    AttributesInvalid,
    Cancelled,
    ChannelRoleNotFound,
    HookFailed,
    HookRefused,
    HookTimedOut,
    MessageTooLong,
    NotFound,
    PermissionDenied,
)
from vestibule.payloads import (
    AddMember,
    CreateChannel,
    DeleteChannel,
    DeleteMessage,
    FetchMember,
    ListMessages,
    ListRoles,
    RemoveMember,
    SendMessage,
    UpdateChannel,
    UpdateMember,
    UpdateMessage,
    UpdateUser,
)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked(tmp_path, follows=False) as site:
        yield site


@pytest.fixture
async def chat(site: Hooked) -> Chat:
    return await site.house.chat()


async def say(chat: Chat, body: str = "Hello", **more: str) -> Any:
    return await chat.customer.invoke(SendMessage(chat.channel_sid, body, **more))


async def written(chat: Chat) -> list[str]:
    return [message.body for message in await chat.agent.invoke(ListMessages(chat.channel_sid))]


# What it hears


async def test_a_webhook_hears_what_somebody_is_about_to_say(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.ask(receiver.url)
    await say(chat, "Grüße", attributes='{"a":1}')
    (told,) = receiver.told
    assert told.form == {
        "AccountSid": "AC" + "0" * 32,
        "InstanceSid": site.house.service_sid,
        "EventType": "onMessageSend",
        "ClientIdentity": chat.customer.identity,
        "Source": "SDK",
        "RetryCount": "0",
        "ChannelSid": chat.channel_sid,
        "To": chat.channel_sid,
        "From": chat.customer.identity,
        "Body": "Grüße",
        "Attributes": '{"a":1}',
    }


async def test_it_hears_of_everything_that_people_do(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    grace = await site.house.agent("ada-min", role="service admin")
    site.ask(receiver.url)
    channel = await grace.invoke(CreateChannel("Room"))
    message = await grace.invoke(SendMessage(channel.sid, "Hello"))
    await grace.invoke(UpdateMessage(channel.sid, message.sid, "Hello!"))
    await grace.invoke(DeleteMessage(channel.sid, message.sid))
    await grace.invoke(UpdateChannel(channel.sid, "Rooms"))
    await grace.invoke(AddMember(channel.sid, "bob"))
    await grace.invoke(UpdateMember(channel.sid, "bob", attributes='{"a":1}'))
    await grace.invoke(RemoveMember(channel.sid, "bob"))
    await grace.invoke(UpdateUser("ada-min", "Ada"))
    await grace.invoke(DeleteChannel(channel.sid))
    assert receiver.events == [
        *("onChannelAdd", "onMessageSend", "onMessageUpdate", "onMessageRemove", "onChannelUpdate"),
        *("onMemberAdd", "onMemberUpdate", "onMemberRemove", "onUserUpdate", "onChannelDestroy"),
    ]
    forms = {told.form["EventType"]: told.form for told in receiver.told}
    assert (forms["onMessageUpdate"]["Body"], forms["onMessageUpdate"]["Index"]) == ("Hello!", "0")
    assert (forms["onChannelUpdate"]["FriendlyName"], forms["onChannelDestroy"]["FriendlyName"]) == (
        "Rooms",
        "Rooms",
    )
    assert (forms["onMemberRemove"]["Identity"], forms["onMemberRemove"]["Reason"]) == ("bob", "REMOVED")
    assert (forms["onUserUpdate"]["FriendlyName"], forms["onUserUpdate"]["Identity"]) == ("Ada", "ada-min")


async def test_it_hears_nothing_of_what_it_did_not_name(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url, "onMessageRemove")
    await say(chat)
    assert receiver.told == []


async def test_what_account_credentials_do_asks_nobody(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url)
    receiver.react = saying(403)
    await account(chat, tells=True).invoke(SendMessage(chat.channel_sid, "From the account"))
    await site.house.system.invoke(SendMessage(chat.channel_sid, "From the house"))
    assert receiver.told == []


async def test_whoever_may_not_speak_is_not_asked_about(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url, "onMessageSend")
    await chat.block()
    with pytest.raises(PermissionDenied):
        await say(chat)
    assert receiver.told == []


async def test_a_webhook_that_was_taken_away_is_asked_no_more(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    site.ask(receiver.url)
    await say(chat)
    site.configure()
    await say(chat)
    assert len(receiver.told) == 1


async def test_messages_wait_for_one_another_only_where_somebody_is_asked(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    await site.hooks.look(site.house.parts.database)
    await site.webhook(chat.channel_sid, receiver.url)
    assert not site.hooks.stand
    site.ask(receiver.url)
    assert site.hooks.stand
    site.configure()
    await say(chat)
    assert not site.hooks.stand


# What it changes


async def test_it_changes_what_is_said(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url)
    receiver.react = changing(body="My card is ****", attributes='{"masked":true}', unknown=1)
    message = await say(chat, "My card is 4111 1111 1111 1111")
    assert (message.body, message.attributes) == ("My card is ****", '{"masked":true}')
    assert await written(chat) == ["My card is ****"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"body": null}'], ids=["empty", "object", "null"])
async def test_an_answer_without_changes_changes_nothing(
    site: Hooked, chat: Chat, receiver: Receiver, content: bytes
) -> None:
    site.ask(receiver.url)
    receiver.react = saying(200, content)
    assert (await say(chat)).body == "Hello"


async def test_the_ok_of_a_web_framework_is_no_change(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url)
    receiver.react = saying(200, b"OK", kind="text/plain; charset=utf-8")
    assert (await say(chat)).body == "Hello"


async def test_it_names_channels_and_people(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    admin = await site.house.agent("admin", role="service admin")
    await site.house.agent("bob")
    roles = {role.friendly_name: role.sid for role in await site.house.system.invoke(ListRoles())}
    site.ask(receiver.url)
    receiver.react = changing(
        friendly_name="Named", unique_name="named", attributes='{"a":1}', role_sid=roles["blockedUser"]
    )
    channel = await admin.invoke(CreateChannel("Room"))
    await admin.invoke(AddMember(channel.sid, "bob"))
    member = await site.house.system.invoke(FetchMember(channel.sid, "bob"))
    assert (channel.friendly_name, channel.unique_name, channel.attributes) == ("Named", "named", '{"a":1}')
    assert (member.role, member.attributes) == ("blockedUser", "{}")


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"body": "x" * 32769}, MessageTooLong), ({"attributes": "{"}, AttributesInvalid)],
    ids=["too long", "no JSON"],
)
async def test_what_it_changes_must_be_as_good_as_anybodys(
    site: Hooked, chat: Chat, receiver: Receiver, changes: dict[str, str], error: type[Exception]
) -> None:
    site.ask(receiver.url)
    receiver.react = changing(**changes)
    with pytest.raises(error):
        await say(chat)
    assert await written(chat) == []


async def test_it_gives_nobody_a_right(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    """An agent may change their own name, not their own role; a webhook's word does not alter that."""
    roles = {role.friendly_name: role.sid for role in await site.house.system.invoke(ListRoles())}
    site.ask(receiver.url)
    receiver.react = changing(role_sid=roles["service admin"])
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(UpdateUser(chat.customer.identity, "Ada"))


async def test_it_chooses_the_role_of_whoever_joins_by_themselves(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    roles = {role.friendly_name: role.sid for role in await site.house.system.invoke(ListRoles())}
    hall = await site.house.system.invoke(CreateChannel("Hall", type="public"))
    site.ask(receiver.url)
    ada = chat.customer
    for wrong in (roles["agent"], "RL" + "0" * 32):
        receiver.react = changing(role_sid=wrong)
        with pytest.raises(ChannelRoleNotFound):
            await ada.invoke(AddMember(hall.sid, ada.identity))
    receiver.react = changing(role_sid=roles["channel admin"])
    assert (await ada.invoke(AddMember(hall.sid, ada.identity))).role == "channel admin"


async def test_its_role_brings_nobody_into_a_channel_who_may_not_join(
    site: Hooked, chat: Chat, receiver: Receiver
) -> None:
    roles = {role.friendly_name: role.sid for role in await site.house.system.invoke(ListRoles())}
    hall = await site.house.system.invoke(CreateChannel("Hall", type="public"))
    den = await site.house.system.invoke(CreateChannel("Den", type="private"))
    ada = chat.customer
    with pytest.raises(PermissionDenied):  # a wish of one's own
        await ada.invoke(AddMember(hall.sid, ada.identity, role="channel admin"))
    site.ask(receiver.url)
    receiver.react = changing(role_sid=roles["channel user"])
    with pytest.raises(PermissionDenied):
        await ada.invoke(AddMember(hall.sid, "grace"))
    with pytest.raises(NotFound):
        await ada.invoke(AddMember(den.sid, ada.identity))


async def test_a_rule_of_the_house_sees_what_a_webhook_made_of_it(tmp_path: Path, receiver: Receiver) -> None:
    rules = Actions()

    @rules.before("SendMessage")
    async def no_links(payload: SendMessage, ctx: Context) -> None:
        if "https://" in payload.body:
            ctx.cancel("Please send no links.")

    async with hooked(tmp_path, rules, follows=False) as site:
        chat = await site.house.chat()
        site.ask(receiver.url)
        receiver.react = changing(body="https://elsewhere.example")
        with pytest.raises(Cancelled, match="no links"):
            await say(chat)
        assert receiver.bodies == ["Hello"]


async def test_a_webhook_hears_what_a_rule_made_of_it(tmp_path: Path, receiver: Receiver) -> None:
    """What a rule keeps out of the house's own records goes to nobody else either."""
    rules = Actions()

    @rules.before("SendMessage")
    async def no_digits(payload: SendMessage, ctx: Context) -> SendMessage:
        return msgspec.structs.replace(payload, body=re.sub(r"\d", "*", payload.body))

    async with hooked(tmp_path, rules, follows=False) as site:
        chat = await site.house.chat()
        site.ask(receiver.url)
        receiver.react = changing(body="Call 911")
        assert (await say(chat, "My card is 4111")).body == "Call ***"
        assert receiver.bodies == ["My card is ****"]


async def test_a_replacement_that_changes_a_message_asks_about_it_anew(
    tmp_path: Path, receiver: Receiver
) -> None:
    rules = Actions()

    @rules.replace("SendMessage")
    async def shout(payload: SendMessage, ctx: Context, original: Any) -> Any:
        return await original(msgspec.structs.replace(payload, body=payload.body.upper()), ctx)

    async with hooked(tmp_path, rules, follows=False) as site:
        chat = await site.house.chat()
        site.ask(receiver.url)
        await say(chat)
        assert receiver.bodies == ["Hello", "HELLO"]


# When it says no, or nothing


async def test_it_says_no(site: Hooked, chat: Chat, receiver: Receiver) -> None:
    site.ask(receiver.url)
    receiver.react = saying(403, b"whatever")
    with pytest.raises(HookRefused) as refused:
        await say(chat)
    assert (refused.value.code, refused.value.status) == (50056, 403)
    assert await written(chat) == []


@pytest.mark.parametrize(
    "reaction",
    [
        saying(200, b"{"),
        saying(200, b"[]"),
        saying(200, b'{"body": 7}'),
        saying(200, b'{"body": "\xff"}'),
        saying(200, b"[" * 60_000),
        saying(200, b"<html>Please log in</html>", kind="text/html"),
        saying(200, b'{"body": "' + b"x" * 70_000 + b'"}'),
        saying(500),
        saying(301, location="/elsewhere"),
        lambda told: b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
    ids="half list number bytes deep page long error redirect other".split(),
)
async def test_an_answer_that_cannot_be_used_stops_the_message(
    site: Hooked, chat: Chat, receiver: Receiver, reaction: Any
) -> None:
    site.ask(receiver.url)
    receiver.react = reaction
    with pytest.raises((HookFailed, HookTimedOut)):
        await say(chat)
    assert await written(chat) == []
    assert {told.target for told in receiver.told} == {"/hook"}


async def test_a_webhook_that_is_away_stops_the_message(site: Hooked, chat: Chat) -> None:
    async with receiving() as gone:
        pass
    site.ask(gone.url)
    with pytest.raises(HookFailed) as failed:
        await say(chat)
    assert failed.value.code == 50057


async def test_a_webhook_that_hangs_is_not_waited_for(tmp_path: Path, receiver: Receiver) -> None:
    async with hooked(tmp_path, follows=False, seconds=0.1) as site:
        chat = await site.house.chat()
        site.ask(receiver.url, pre_webhook_retry_count=2)
        receiver.react = hang
        with pytest.raises(HookTimedOut) as late:
            await say(chat)
        assert late.value.code == 50076
        assert [told.form["RetryCount"] for told in receiver.told] == ["0", "1", "2"]


async def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(tmp_path: Path) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.02)

    from tests.checks.conversing import conversing

    async with hooked(tmp_path, follows=False, seconds=0.2) as site, conversing(drip) as place:
        chat = await site.house.chat()
        site.ask(f"http://{place}/")
        with pytest.raises(HookTimedOut):
            await say(chat)


@pytest.mark.parametrize("status", [429, 503, 504])
async def test_a_webhook_that_is_busy_is_asked_again(
    site: Hooked, chat: Chat, receiver: Receiver, status: int
) -> None:
    site.ask(receiver.url, pre_webhook_retry_count=1)
    receiver.react = lambda told: answer(status if told.form["RetryCount"] == "0" else 200)
    assert (await say(chat)).body == "Hello"
    receiver.react = saying(status)
    with pytest.raises(HookFailed):
        await say(chat)


async def test_an_open_house_goes_on_unless_it_is_told_no(tmp_path: Path, receiver: Receiver) -> None:
    async with hooked(tmp_path, is_open=True, follows=False, seconds=0.1) as site:
        chat = await site.house.chat()
        site.ask(receiver.url)
        for reaction in (hang, saying(500), saying(200, b"{")):
            receiver.react = reaction
            await say(chat)
        assert await written(chat) == ["Hello"] * 3
        receiver.react = saying(400)
        with pytest.raises(HookRefused):
            await say(chat)


async def test_a_house_without_webhooks_asks_no_more_than_before(site: Hooked, chat: Chat) -> None:
    """The question for the permission is left to the change, as where nobody listens."""
    await say(chat)
    reads = 0
    database = site.house.parts.database
    read = database.read

    async def counted(query: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(query)

    database.read = counted  # type: ignore[method-assign]
    await say(chat)
    assert reads == 0
