"""Messages of Programmable Chat: who wrote what and when, files, editing, deleting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.chat_v2.rooms import a_channel, a_file, a_member, changed, fetched, made, refused, role_sid
from tests.http.desk import BASE, PDF, Desk
from vestibule.payloads import DeleteMessage, SendMessage, UpdateMessage

THEN, LATER = "2016-02-29T08:00:00Z", "2016-03-01T08:00:00Z"


async def said(desk: Desk, channel: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return await made(desk, f"{channel['url']}/Messages", **fields)


async def test_a_message_without_more_than_a_body_has_every_default(desk: Desk) -> None:
    channel = await a_channel(desk)
    message = await said(desk, channel, Body="Grüße 🐘")

    assert message["sid"].startswith("IM")
    assert message["url"] == f"{BASE}{desk.service}/Channels/{channel['sid']}/Messages/{message['sid']}"
    assert message["to"] == message["channel_sid"] == channel["sid"]
    assert message["from"] == "system"
    assert (message["body"], message["attributes"], message["index"]) == ("Grüße 🐘", "{}", 0)
    assert (message["type"], message["media"]) == ("text", None)
    assert (message["was_edited"], message["last_updated_by"]) == (False, None)
    assert message["date_created"] == message["date_updated"]
    assert await fetched(desk, message) == message


async def test_the_account_writes_in_anybodys_name(desk: Desk) -> None:
    channel = await a_channel(desk)
    assert (await said(desk, channel, Body="x", From="no user"))["from"] == "no user"
    assert (await said(desk, channel, Body="x", From=""))["from"] == "system"
    assert (await fetched(desk, channel))["members_count"] == 0


async def test_a_person_writes_in_their_own_name_and_now(desk: Desk) -> None:
    channel = await a_channel(desk)
    await a_member(desk, channel, "ada")
    ada, messages = desk.holding("ada"), f"{channel['url']}/Messages"
    for fields in ({"From": "bob"}, {"DateCreated": THEN}, {"DateUpdated": THEN}, {"LastUpdatedBy": "bob"}):
        assert refused(await ada.post(messages, data={"Body": "x", **fields}), 403, 50107)
    for fields in ({"From": "ada"}, {}):
        assert (await ada.post(messages, data={"Body": "x", **fields})).json()["from"] == "ada"
    assert len((await ada.get(messages)).json()["messages"]) == 2


async def test_a_message_that_comes_from_elsewhere_keeps_its_dates(desk: Desk) -> None:
    channel = await a_channel(desk)
    old = {"DateCreated": THEN, "DateUpdated": LATER, "LastUpdatedBy": "bob"}
    message = await said(desk, channel, Body="x", From="ada", **old)
    assert (message["date_created"], message["date_updated"]) == (THEN, LATER)
    assert (message["last_updated_by"], message["was_edited"]) == ("bob", False)
    assert await fetched(desk, message) == message
    undated = await said(desk, channel, Body="x", DateCreated=THEN)
    assert (undated["date_created"], undated["date_updated"]) == (THEN, THEN)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Body": "ü" * 16384 + "x"}, 50504),
        ({"Body": "x", "Attributes": "no"}, 50304),
        ({"Body": "x", "Attributes": '"' + "x" * 32768 + '"'}, 50303),
        ({"Body": "x", "LastUpdatedBy": "x" * 257}, 50505),
        ({"Body": "x", "From": "x" * 257}, 60024),
        ({"Body": "x", "DateCreated": "soon"}, 50308),
    ],
    ids=["body", "no-json", "attributes", "updater", "author", "date"],
)
async def test_what_does_not_fit_is_refused_by_its_own_code(
    desk: Desk, fields: dict[str, str], code: int
) -> None:
    channel = await a_channel(desk)
    message = await said(desk, channel, Body="short")
    assert refused(await desk.account.post(f"{channel['url']}/Messages", data=fields), 400, code)
    assert refused(await desk.account.post(message["url"], data=fields), 400, code)
    assert await fetched(desk, message) == message


async def test_a_body_is_as_long_as_it_may_be(desk: Desk) -> None:
    channel = await a_channel(desk)
    assert (await said(desk, channel, Body="ü" * 16384))["body"] == "ü" * 16384


async def test_the_account_may_say_nothing_and_a_person_may_not(desk: Desk) -> None:
    channel = await a_channel(desk)
    await a_member(desk, channel, "ada")
    for fields in ({}, {"Body": ""}):
        assert (await said(desk, channel, **fields))["body"] == ""
    ada = desk.holding("ada")
    for fields in ({}, {"Body": " \n"}):
        assert refused(await ada.post(f"{channel['url']}/Messages", data=fields), 400, 50503)
    signal = await ada.post(f"{channel['url']}/Messages", data={"Attributes": '{"typing": true}'})
    assert (signal.status_code, signal.json()["body"]) == (201, "")


async def test_a_file_is_sent_once_and_says_what_it_is(desk: Desk) -> None:
    channel = await a_channel(desk)
    media_sid = await a_file(desk, desk.account)
    message = await said(desk, channel, MediaSid=media_sid)
    assert (message["type"], message["body"]) == ("media", "")
    assert message["media"] == {
        "sid": media_sid,
        "size": len(PDF),
        "content_type": "application/pdf",
        "filename": "x.pdf",
    }
    messages = f"{channel['url']}/Messages"
    for wrong, code in ((media_sid, 50508), (f"ME{'0' * 32}", 50507), ("ME123", 50510), ("x", 50510)):
        assert refused(await desk.account.post(messages, data={"MediaSid": wrong}), 400, code)
    assert (await fetched(desk, channel))["messages_count"] == 1


async def test_a_file_of_somebody_else_is_unknown(desk: Desk) -> None:
    channel = await a_channel(desk)
    for identity in ("ada", "bob"):
        await a_member(desk, channel, identity)
    media_sid = await a_file(desk, desk.holding("ada"))
    taken = await desk.holding("bob").post(f"{channel['url']}/Messages", data={"MediaSid": media_sid})
    assert refused(taken, 400, 50507)


async def test_an_edited_message_says_so_and_keeps_its_place(desk: Desk) -> None:
    channel = await a_channel(desk)
    message = await said(desk, channel, Body="x", From="ada", DateCreated=THEN)
    edited = await changed(desk, message, Body="y", Attributes='{"a": 1}')
    assert (edited["body"], edited["attributes"], edited["was_edited"]) == ("y", '{"a": 1}', True)
    assert (edited["index"], edited["date_created"], edited["from"]) == (0, THEN, "ada")
    assert (edited["last_updated_by"], edited["date_updated"] > LATER) == ("system", True)

    emptied = await changed(desk, message, Body="", Attributes="")
    assert (emptied["body"], emptied["attributes"]) == ("", "{}")
    for nothing in ({}, {"MediaSid": "x"}):
        assert refused(await desk.account.post(message["url"], data=nothing), 400, 20161)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("From", "from", "bob"),
        ("LastUpdatedBy", "last_updated_by", "bob"),
        ("DateCreated", "date_created", LATER),
        ("DateUpdated", "date_updated", LATER),
    ],
)
async def test_the_account_edits_names_and_dates_too(desk: Desk, name: str, key: str, value: str) -> None:
    message = await said(desk, await a_channel(desk), Body="x", From="ada", DateCreated=THEN)
    edited = await changed(desk, message, **{name: value})
    assert (edited[key], edited["was_edited"], edited["body"]) == (value, True, "x")
    assert edited["date_updated"] != THEN


async def test_a_person_edits_what_they_wrote_and_no_names_or_dates(desk: Desk) -> None:
    channel = await a_channel(desk)
    await a_member(desk, channel, "ada")
    own, other = [await said(desk, channel, Body="x", From=name) for name in ("ada", "bob")]
    ada = desk.holding("ada")
    edited = (await ada.post(own["url"], data={"Body": "y", "From": "ada"})).json()
    assert (edited["body"], edited["last_updated_by"]) == ("y", "ada")
    for fields in ({"From": "bob"}, {"DateCreated": THEN}, {"DateUpdated": THEN}, {"LastUpdatedBy": "bob"}):
        assert refused(await ada.post(own["url"], data={"Body": "z", **fields}), 403, 50107)
    for fields in ({"Body": "z"}, {"Attributes": "{}"}, {"From": "ada"}, {"LastUpdatedBy": "ada"}):
        assert refused(await ada.post(other["url"], data=fields), 403, 50107)
    assert await fetched(desk, other) == other


async def test_nobody_takes_a_message_as_their_own_by_editing_it(desk: Desk) -> None:
    channel = await a_channel(desk)
    await a_member(desk, channel, "eve", RoleSid=await role_sid(desk, "channel admin"))
    message = await said(desk, channel, Body="x", From="ada")
    taken = await desk.holding("eve").post(message["url"], data={"Body": "y", "From": "eve"})
    assert refused(taken, 403, 50107)
    assert (await fetched(desk, message))["from"] == "ada"


async def test_the_text_beside_a_file_stays(desk: Desk) -> None:
    message = await said(desk, await a_channel(desk), MediaSid=await a_file(desk, desk.account), Body="bill")
    assert refused(await desk.account.post(message["url"], data={"Body": "other"}), 400, 50509)
    assert (await changed(desk, message, Attributes='{"paid": true}'))["body"] == "bill"


async def test_an_index_is_never_used_again(desk: Desk) -> None:
    channel = await a_channel(desk)
    for index in range(3):
        message = await said(desk, channel, Body="x")
        assert message["index"] == index
        gone = await desk.account.delete(message["url"])
        assert (gone.status_code, gone.content) == (204, b"")
        assert refused(await desk.account.get(message["url"]), 404, 20404)
        assert refused(await desk.account.delete(message["url"]), 404, 20404)
    assert (await fetched(desk, channel))["messages_count"] == 0


async def test_a_message_is_not_found_through_another_channel(desk: Desk) -> None:
    channel, other = await a_channel(desk), await a_channel(desk)
    message = await said(desk, channel, Body="x")
    elsewhere = f"{other['url']}/Messages/{message['sid']}"
    assert refused(await desk.account.get(elsewhere), 404, 20404)
    assert refused(await desk.account.post(elsewhere, data={"Body": "y"}), 404, 20404)
    assert refused(await desk.account.delete(elsewhere), 404, 20404)
    assert await fetched(desk, message) == message


# What was sent under a key


async def send(desk: Desk, **more: Any) -> Any:
    said = {"body": "secret plan", "key": "k1", **more}
    return await desk.customer.post(f"{desk.channel}/messages", json=said)


async def test_a_deleted_message_that_is_sent_again_stays_deleted(desk: Desk) -> None:
    sent = (await send(desk)).json()
    assert (await send(desk)).json() == sent
    await desk.chat.customer.invoke(DeleteMessage(desk.chat.channel_sid, sent["sid"]))
    for _ in range(2):
        assert refused(await send(desk), 410, 60023)
    assert (await desk.agent.get(f"{desk.channel}/messages")).json()["messages"] == []
    assert (await send(desk, key="k2")).status_code == 201


async def test_a_key_is_ones_own_also_after_a_deletion(desk: Desk) -> None:
    sent = (await send(desk)).json()
    await desk.chat.customer.invoke(DeleteMessage(desk.chat.channel_sid, sent["sid"]))
    agents = await desk.agent.post(f"{desk.channel}/messages", json={"body": "mine", "key": "k1"})
    assert (agents.status_code, agents.json()["body"]) == (201, "mine")


async def test_a_message_that_got_another_author_is_not_added_again(desk: Desk) -> None:
    sent = (await send(desk)).json()
    identity, channel_sid = desk.chat.agent.identity, desk.chat.channel_sid
    own = await desk.agent.post(f"{desk.channel}/messages", json={"body": "mine", "key": "k1"})
    moved = await desk.house.system.invoke(UpdateMessage(channel_sid, sent["sid"], author=identity))
    assert moved.author == identity
    assert (await send(desk)).json()["sid"] == sent["sid"]
    again = await desk.chat.agent.invoke(SendMessage(channel_sid, "mine", key="k1"))
    assert again.sid == own.json()["sid"]


async def test_of_a_deleted_messages_key_only_a_digest_is_left(desk: Desk) -> None:
    sent = (await send(desk, key="my secret plan")).json()
    await desk.chat.customer.invoke(DeleteMessage(desk.chat.channel_sid, sent["sid"]))
    await desk.house.parts.database.close()
    left = b"".join(path.read_bytes() for path in desk.folder.glob("house.sqlite*"))
    assert b"my secret plan" not in left
    assert sent["sid"].encode() in left
