"""Over a socket too, flags are told to agents only: live, later, and in the answer to one's own sending."""

from __future__ import annotations

from tests.people import Chat, House
from tests.sockets.clients import Client, Site
from tests.sockets.files import clean_file
from vestibule.context import Context
from vestibule.events import MediaCleared
from vestibule.models import Media
from vestibule.payloads import EnterService, SendMessage, UpdateUser
from vestibule.ports import Transaction


async def flagged_file(owner: Context, channel_sid: str) -> Media:
    return await clean_file(owner, channel_sid, flags='["card_number"]')


def flags(client: Client) -> list[list[str]]:
    """Of each file that was told, in order."""
    files = [event.get("media") or (event.get("message") or {}).get("media") for event in client.events]
    return [file["flags"] for file in files if file]


async def test_live_only_the_agent_is_told(site: Site, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    for who in (ada, grace):
        await who.subscribe(chat.channel_sid)
    media = await flagged_file(chat.customer, chat.channel_sid)
    sent = await ada.say(chat.channel_sid, "a file", media_sid=media.sid)
    await chat.agent.invoke(SendMessage(chat.channel_sid, "thanks"))
    for who in (ada, grace):
        await who.until(lambda who=who: "thanks" in who.bodies())
    assert sent["message"]["media"]["flags"] == []
    assert (flags(ada), flags(grace)) == ([[]], [["card_number"]])
    assert ada.seqs(chat.channel_sid) == grace.seqs(chat.channel_sid)


async def test_later_only_the_agent_is_told(site: Site, chat: Chat) -> None:
    media = await flagged_file(chat.customer, chat.channel_sid)
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    await ada.say(chat.channel_sid, "a file", media_sid=media.sid)
    for who, told in ((ada, [[]]), (grace, [["card_number"]])):
        last = (await who.subscribe(chat.channel_sid))["seq"]
        await who.until(lambda who=who, last=last: last in who.seqs(chat.channel_sid))
        assert flags(who) == told


async def test_a_file_that_passed_tells_its_uploader_no_flags(site: Site, house: House, chat: Chat) -> None:
    ada, grace = await site.connect(chat.customer.identity), await site.connect("grace")
    for owner in (chat.customer, chat.agent):
        media = await flagged_file(owner, chat.channel_sid)
        user = (await owner.invoke(EnterService())).user

        def change(tx: Transaction, media: Media = media, stream: str = user.sid) -> None:
            tx.append(MediaCleared, stream, media.sid, media=media)

        await house.parts.database.write(change)
    await ada.until(lambda: flags(ada))
    await grace.until(lambda: flags(grace))
    assert (flags(ada), flags(grace)) == ([[]], [["card_number"]])


async def test_who_lost_the_right_is_told_no_more(site: Site, house: House, chat: Chat) -> None:
    grace = await site.connect("grace")
    await grace.subscribe(chat.channel_sid)
    await house.system.invoke(UpdateUser("grace", role="service user"))
    ada = await site.connect(chat.customer.identity)
    media = await flagged_file(chat.customer, chat.channel_sid)
    await ada.say(chat.channel_sid, "a file", media_sid=media.sid)
    await grace.until(lambda: flags(grace))
    assert flags(grace) == [[]]
