"""Messages: sending, numbering, editing, deleting, and the files that go with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.people import Chat, House
from vestibule import sids
from vestibule.context import Context
from vestibule.errors import (
    AttributesInvalid,
    InvalidRequest,
    MediaAlreadySent,
    MediaBodyFixed,
    MediaChecking,
    MediaGone,
    MediaHeld,
    MediaRefused,
    MediaUnknown,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    PermissionDenied,
)
from vestibule.events import MessageAdded, MessageRemoved, MessageUpdated
from vestibule.models import Media, Message
from vestibule.payloads import (
    DeleteChannel,
    DeleteMessage,
    FetchChannel,
    FetchMessage,
    ListMessages,
    SendMediaMessage,
    SendMessage,
    UpdateMember,
    UpdateMessage,
)


@pytest.fixture
async def chat(house: House) -> Chat:
    return await house.chat()


async def say(person: Context, chat: Chat, *bodies: str) -> list[Message]:
    return [await person.invoke(SendMessage(chat.channel_sid, body)) for body in bodies]


async def indexes(person: Context, chat: Chat, **page: int) -> list[int]:
    return [message.index for message in await person.invoke(ListMessages(chat.channel_sid, **page))]


async def file_of(person: Context, channel_sid: str | None, state: str = "clean", reason: str = "") -> str:
    """A file that was received and judged, with bytes in storage."""
    sid = sids.make(sids.MEDIA)
    names = {"filename": "cat.jpg", "raw_filename": "cat.jpg", "declared_type": "image/jpeg"}
    judged: dict[str, object] = {"width": None, "height": None, "duration": None, "pages": None}
    judged |= {"renditions": "[]", "flags": "[]"}

    def change(tx):  # type: ignore[no-untyped-def]
        scope = {"service_sid": person.service_sid, "channel_sid": channel_sid, "author": person.identity}
        tx.run("add_media", sid=sid, **scope, **names)
        if state == "gone":
            tx.run("media_gone", sid=sid)
        elif state != "received":
            tx.run("media_judged", sid=sid, state=state, reason=reason, content_type="image/jpeg", **judged)

    async def content() -> AsyncIterator[bytes]:
        yield b"bytes"

    await person.database.write(change)
    await person.storage.put(f"available/{sid}/safe", content())
    await person.storage.put(f"quarantine/{sid}/original", content())
    return sid


async def bytes_left(house: House) -> list[str]:
    return [key async for key in house.parts.storage.list("")]


# Sending


async def test_messages_are_numbered_from_nought(chat: Chat) -> None:
    sent = await say(chat.customer, chat, "one", "two")
    assert [(message.index, message.author) for message in sent] == [
        (0, chat.customer.identity),
        (1, chat.customer.identity),
    ]
    assert await chat.agent.invoke(ListMessages(chat.channel_sid)) == sent


async def test_many_who_write_at_once_get_numbers_without_a_gap(chat: Chat) -> None:
    people = [chat.customer, chat.agent] * 50
    sent = await asyncio.gather(*(say(person, chat, "hello") for person in people))
    assert sorted(message.index for (message,) in sent) == list(range(100))
    assert await indexes(chat.agent, chat, limit=1000) == list(range(100))


async def test_a_number_is_never_used_again(chat: Chat) -> None:
    *_, last = await say(chat.customer, chat, "one", "two", "three")
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, last.sid))
    (following,) = await say(chat.customer, chat, "four")
    assert following.index == 3
    assert await indexes(chat.agent, chat) == [0, 1, 3]
    assert (await chat.agent.invoke(FetchChannel(chat.channel_sid))).messages_count == 3


async def test_a_message_sent_twice_under_one_key_is_added_once(house: House, chat: Chat) -> None:
    payload = SendMessage(chat.channel_sid, "hello", key="a1")
    first, *others = await asyncio.gather(*(chat.customer.invoke(payload) for _ in range(5)))
    assert others == [first] * 4
    assert sum(isinstance(notice, MessageAdded) for notice in house.notices) == 1
    assert (await chat.agent.invoke(payload)).sid != first.sid


async def test_a_key_has_a_reasonable_length(chat: Chat) -> None:
    with pytest.raises(InvalidRequest):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "hello", key="k" * 300))


@pytest.mark.parametrize("body", ["", "  \n\t "])
async def test_a_message_needs_a_body(chat: Chat, body: str) -> None:
    with pytest.raises(MessageEmpty):
        await chat.customer.invoke(SendMessage(chat.channel_sid, body))


async def test_a_message_of_attributes_alone_is_one(chat: Chat) -> None:
    message = await chat.customer.invoke(SendMessage(chat.channel_sid, "", attributes='{"card": 1}'))
    assert message.attributes == '{"card": 1}'


async def test_a_message_has_at_most_32768_bytes(chat: Chat) -> None:
    await say(chat.customer, chat, "ä" * 16384)
    for body in ("ä" * 16384 + "x", "x" * 32769):
        with pytest.raises(MessageTooLong):
            await chat.customer.invoke(SendMessage(chat.channel_sid, body))


async def test_attributes_must_be_json(chat: Chat) -> None:
    with pytest.raises(AttributesInvalid):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "x", attributes="{"))


async def test_half_a_character_is_refused(chat: Chat) -> None:
    with pytest.raises(InvalidRequest):
        await chat.customer.invoke(SendMessage(chat.channel_sid, "\ud83d"))


# Reading


async def test_pages_are_read_from_either_end(chat: Chat) -> None:
    await say(chat.customer, chat, *"abcdef")
    assert await indexes(chat.agent, chat, limit=2) == [4, 5]
    assert await indexes(chat.agent, chat, limit=2, before=4) == [2, 3]
    assert await indexes(chat.agent, chat, limit=2, after=2) == [3, 4]
    assert await indexes(chat.agent, chat, after=5) == []
    assert await indexes(chat.agent, chat, after=-1) == [0, 1, 2, 3, 4, 5]


async def test_a_page_is_bounded_whatever_is_asked_for(chat: Chat) -> None:
    await say(chat.customer, chat, *"abc")
    assert await indexes(chat.agent, chat, limit=-1) == [2]
    assert await indexes(chat.agent, chat, limit=10**30) == [0, 1, 2]
    assert await indexes(chat.agent, chat, after=10**30) == []
    assert await indexes(chat.agent, chat, before=-(10**30)) == []


# Blocking


async def test_a_blocked_member_reads_on_but_cannot_write(chat: Chat) -> None:
    (message,) = await say(chat.customer, chat, "before")
    media_sid = await file_of(chat.customer, chat.channel_sid)
    await chat.block()
    assert await indexes(chat.customer, chat) == [0]
    for payload in (
        SendMessage(chat.channel_sid, "hello"),
        SendMediaMessage(chat.channel_sid, media_sid),
        UpdateMessage(chat.channel_sid, message.sid, body="changed"),
        DeleteMessage(chat.channel_sid, message.sid),
    ):
        with pytest.raises(PermissionDenied):
            await chat.customer.invoke(payload)


async def test_a_role_given_back_holds_at_the_next_action(chat: Chat) -> None:
    await chat.block()
    await chat.agent.invoke(UpdateMember(chat.channel_sid, chat.customer.identity, role="channel user"))
    assert len(await say(chat.customer, chat, "thank you")) == 1


async def test_of_a_block_and_a_message_at_once_the_order_decides(chat: Chat) -> None:
    outcomes = await asyncio.gather(
        chat.block(), *(say(chat.customer, chat, "quick") for _ in range(20)), return_exceptions=True
    )
    refused = [isinstance(outcome, PermissionDenied) for outcome in outcomes[1:]]
    assert refused == sorted(refused)  # once blocked, always blocked
    assert await indexes(chat.agent, chat) == list(range(refused.count(False)))


# Editing


async def test_ones_own_message_is_edited_and_told(house: House, chat: Chat) -> None:
    (message,) = await say(chat.customer, chat, "helo")
    edited = await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, body="hello"))
    assert (edited.body, edited.was_edited, edited.last_updated_by) == ("hello", True, chat.customer.identity)
    assert (edited.index, edited.date_created) == (message.index, message.date_created)
    (told,) = [notice for notice in house.notices if isinstance(notice, MessageUpdated)]
    assert told.message == edited


async def test_a_customer_does_not_edit_what_an_agent_wrote(chat: Chat) -> None:
    (message,) = await say(chat.agent, chat, "No refunds.")
    for changes in ({"body": "Refunds!"}, {"attributes": "{}"}, {"body": "x", "attributes": "{}"}):
        with pytest.raises(PermissionDenied):
            await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, **changes))
    assert await chat.agent.invoke(FetchMessage(chat.channel_sid, message.sid)) == message


async def test_an_edit_of_nothing_changes_nothing(house: House, chat: Chat) -> None:
    (message,) = await say(chat.agent, chat, "No refunds.")
    assert await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid)) == message
    assert await chat.agent.invoke(FetchMessage(chat.channel_sid, message.sid)) == message
    assert not [notice for notice in house.notices if isinstance(notice, MessageUpdated)]


async def test_a_message_is_not_edited_away(chat: Chat) -> None:
    (message,) = await say(chat.customer, chat, "hello")
    with pytest.raises(MessageEmpty):
        await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, body=" "))


# Deleting


async def test_a_deleted_message_is_gone_for_everybody(house: House, chat: Chat) -> None:
    (message,) = await say(chat.customer, chat, "my card number")
    await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))
    with pytest.raises(NotFound):
        await chat.agent.invoke(FetchMessage(chat.channel_sid, message.sid))
    (told,) = [notice for notice in house.notices if isinstance(notice, MessageRemoved)]
    assert told.sid == message.sid
    with pytest.raises(NotFound):
        await chat.customer.invoke(DeleteMessage(chat.channel_sid, message.sid))


async def test_an_agent_deletes_any_message_and_a_customer_only_their_own(chat: Chat) -> None:
    (mine,), (theirs,) = await say(chat.agent, chat, "mine"), await say(chat.customer, chat, "theirs")
    with pytest.raises(PermissionDenied):
        await chat.customer.invoke(DeleteMessage(chat.channel_sid, mine.sid))
    await chat.agent.invoke(DeleteMessage(chat.channel_sid, theirs.sid))
    assert await indexes(chat.customer, chat) == [0]


async def test_a_file_is_deleted_with_its_message(house: House, chat: Chat) -> None:
    kept = await file_of(chat.customer, chat.channel_sid)
    media_sid = await file_of(chat.customer, chat.channel_sid)
    message = await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))
    await chat.agent.invoke(DeleteMessage(chat.channel_sid, message.sid))
    assert all(kept in key for key in await bytes_left(house))
    gone = await chat.agent.media(media_sid)
    assert (gone.state, gone.filename) == ("gone", "")


async def test_all_files_are_deleted_with_their_channel(house: House, chat: Chat) -> None:
    await file_of(chat.customer, chat.channel_sid)
    sent = await file_of(chat.agent, None)
    await chat.agent.invoke(SendMediaMessage(chat.channel_sid, sent))
    elsewhere = await file_of(chat.customer, None)
    await house.system.invoke(DeleteChannel(chat.channel_sid))
    assert all(elsewhere in key for key in await bytes_left(house))
    with pytest.raises(NotFound):
        await chat.customer.invoke(ListMessages(chat.channel_sid))


# Files


async def test_a_clean_file_is_sent(chat: Chat) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid)
    message = await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid, body="look"))
    assert message.media is not None
    assert (message.media.sid, message.media.message_sid, message.body) == (media_sid, message.sid, "look")
    assert await chat.agent.invoke(ListMessages(chat.channel_sid)) == [message]
    assert await chat.agent.invoke(FetchMessage(chat.channel_sid, message.sid)) == message


async def test_a_loose_file_belongs_to_the_channel_it_is_sent_to(chat: Chat) -> None:
    media_sid = await file_of(chat.customer, None)
    message = await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))
    assert message.media is not None
    assert message.media.channel_sid == chat.channel_sid


async def test_a_file_is_sent_once(house: House, chat: Chat) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid)
    payload = SendMediaMessage(chat.channel_sid, media_sid)
    outcomes = await asyncio.gather(
        *(chat.customer.invoke(payload) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, MediaAlreadySent) for outcome in outcomes) == 4
    assert await indexes(chat.agent, chat) == [0]


async def test_a_file_sent_twice_under_one_key_is_sent_once(chat: Chat) -> None:
    payload = SendMediaMessage(chat.channel_sid, await file_of(chat.customer, chat.channel_sid), key="k")
    assert await chat.customer.invoke(payload) == await chat.customer.invoke(payload)


async def test_another_persons_file_does_not_exist(house: House, chat: Chat) -> None:
    stranger, session = await house.visitor("Eve")
    foreign = [
        await file_of(chat.agent, chat.channel_sid),
        await file_of(chat.agent, None),
        await file_of(stranger, session.channel.sid),
        await file_of(await house.neighbour(chat.customer.identity), None),
        "ME" + "0" * 32,
    ]
    for media_sid in foreign:
        with pytest.raises(MediaUnknown):
            await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))


async def test_a_file_given_to_one_channel_is_not_sent_to_another(house: House, chat: Chat) -> None:
    _, session = await house.visitor("Bob")
    media_sid = await file_of(house.system, session.channel.sid)
    with pytest.raises(MediaUnknown):
        await house.system.invoke(SendMediaMessage(chat.channel_sid, media_sid))


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("received", MediaChecking),
        ("checking", MediaChecking),
        ("held", MediaHeld),
        ("refused", MediaRefused),
        ("recalled", MediaRefused),
        ("gone", MediaGone),
    ],
)
async def test_only_a_clean_file_is_sent(chat: Chat, state: str, error: type[Exception]) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid, state)
    with pytest.raises(error):
        await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))
    assert await indexes(chat.agent, chat) == []


async def test_a_refused_file_says_why(chat: Chat) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid, "refused", "infected")
    with pytest.raises(MediaRefused, match="virus scanner") as caught:
        await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid))
    assert caught.value.advice
    assert caught.value.detail["reason"] == "infected"


async def test_the_text_of_a_file_is_fixed(chat: Chat) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid)
    message = await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid, body="look"))
    with pytest.raises(MediaBodyFixed):
        await chat.customer.invoke(UpdateMessage(chat.channel_sid, message.sid, body="do not look"))


async def test_a_file_of_a_refused_message_stays_free(chat: Chat) -> None:
    media_sid = await file_of(chat.customer, chat.channel_sid)
    with pytest.raises(MessageTooLong):
        await chat.customer.invoke(SendMediaMessage(chat.channel_sid, media_sid, body="x" * 40_000))
    media: Media = await chat.customer.media(media_sid)
    assert (media.state, media.message_sid) == ("clean", None)


# Sids from elsewhere


async def test_a_message_of_another_channel_does_not_exist(house: House, chat: Chat) -> None:
    stranger, session = await house.visitor("Eve")
    (message,) = await say(chat.customer, chat, "secret")
    for payload in (
        FetchMessage(session.channel.sid, message.sid),
        UpdateMessage(session.channel.sid, message.sid, body="changed"),
        DeleteMessage(session.channel.sid, message.sid),
    ):
        with pytest.raises(NotFound):
            await stranger.invoke(payload)
    assert await chat.agent.invoke(FetchMessage(chat.channel_sid, message.sid)) == message


async def test_a_strangers_channel_does_not_exist(house: House, chat: Chat) -> None:
    stranger, _ = await house.visitor("Eve")
    (message,) = await say(chat.customer, chat, "secret")
    neighbour = await house.neighbour("mallory")
    for person in (stranger, house.acting("nobody"), neighbour):
        for payload in (
            SendMessage(chat.channel_sid, "hello"),
            ListMessages(chat.channel_sid),
            FetchMessage(chat.channel_sid, message.sid),
            UpdateMessage(chat.channel_sid, message.sid, body="changed"),
            DeleteMessage(chat.channel_sid, message.sid),
        ):
            with pytest.raises(NotFound):
                await person.invoke(payload)


async def test_nobody_of_another_service_reads_with_all_its_rights(house: House, chat: Chat) -> None:
    await say(chat.customer, chat, "secret")
    neighbour = await house.neighbour("mallory", role="agent")  # holds readAnyChannel, there
    with pytest.raises(NotFound):
        await neighbour.invoke(FetchChannel(chat.channel_sid))
    with pytest.raises(NotFound):
        await neighbour.invoke(ListMessages(chat.channel_sid))
