"""Reading a file: links are for one viewer, and every use is asked about anew."""

from __future__ import annotations

import pytest

from tests.media.conftest import MediaHouse
from vestibule.context import Context
from vestibule.errors import InvalidRequest, MediaAlreadySent, MediaGone, MediaUnknown, NotFound
from vestibule.models import Media, Message
from vestibule.payloads import (
    DeleteChannel,
    DeleteMessage,
    DownloadMedia,
    FetchMedia,
    FindMedia,
    ReadMedia,
    RemoveMedia,
    RemoveMember,
    SendMediaMessage,
)


async def send(house: MediaHouse) -> tuple[Message, Media]:
    """A file of the customer's, in the channel."""
    media = await house.upload()
    message = await house.chat.customer.invoke(SendMediaMessage(house.chat.channel_sid, media.sid))
    assert message.media
    return message, message.media


async def follow(house: MediaHouse, who: Context, media_sid: str) -> Media:
    """Mint a link, and ask for the bytes with it as the file route does."""
    link = await who.invoke(DownloadMedia(house.chat.channel_sid, media_sid))
    return await redeem(house, link.url)


async def redeem(house: MediaHouse, url: str) -> Media:
    ticket = house.links.read(url.split("/")[2])
    viewer = house.house.acting(ticket.viewer)
    return await viewer.invoke(ReadMedia(ticket.channel_sid, ticket.media_sid, ticket.rendition))


async def test_both_sides_may_open_what_was_sent(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    for who in (media_house.chat.customer, media_house.chat.agent):
        assert (await follow(media_house, who, media.sid)).sid == media.sid


async def test_a_blocked_member_may_still_open_what_was_sent(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    await media_house.chat.block()
    assert await follow(media_house, media_house.chat.customer, media.sid)


async def test_what_was_not_sent_only_its_uploader_and_reviewers_know(media_house: MediaHouse) -> None:
    media = await media_house.upload(who=media_house.chat.agent)
    with pytest.raises(NotFound):
        await media_house.chat.customer.invoke(FetchMedia(media_house.chat.channel_sid, media.sid))
    assert await media_house.chat.agent.invoke(FetchMedia(media_house.chat.channel_sid, media.sid))


async def test_a_stranger_and_another_channel_open_nothing(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    stranger, session = await media_house.house.visitor("Eve")
    for channel_sid in (media_house.chat.channel_sid, session.channel.sid, ""):
        with pytest.raises(NotFound):
            await stranger.invoke(DownloadMedia(channel_sid, media.sid))
    with pytest.raises(NotFound):
        await stranger.invoke(FindMedia(media.sid))


async def test_a_file_of_another_channel_cannot_be_sent(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    other, session = await media_house.house.visitor("Eve")
    with pytest.raises(MediaUnknown):
        await other.invoke(SendMediaMessage(session.channel.sid, media.sid))


async def test_a_file_is_sent_once(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    with pytest.raises(MediaAlreadySent):
        await media_house.chat.customer.invoke(SendMediaMessage(media_house.chat.channel_sid, media.sid))


async def test_a_deleted_message_takes_its_file_and_every_link_along(media_house: MediaHouse) -> None:
    message, media = await send(media_house)
    link = await media_house.chat.agent.invoke(DownloadMedia(media_house.chat.channel_sid, media.sid))
    await media_house.chat.agent.invoke(DeleteMessage(media_house.chat.channel_sid, message.sid))
    assert media_house.bytes_on_disk() == []
    with pytest.raises(MediaGone):
        await redeem(media_house, link.url)


async def test_a_deleted_channel_takes_its_files_along(media_house: MediaHouse) -> None:
    await send(media_house)
    await media_house.house.system.invoke(DeleteChannel(media_house.chat.channel_sid))
    assert media_house.bytes_on_disk() == []


async def test_who_left_the_channel_opens_nothing_with_an_old_link(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    customer = media_house.chat.customer
    link = await customer.invoke(DownloadMedia(media_house.chat.channel_sid, media.sid))
    await media_house.house.system.invoke(
        RemoveMember(media_house.chat.channel_sid, member=customer.identity)
    )
    with pytest.raises(NotFound):
        await redeem(media_house, link.url)


async def test_a_copy_that_was_not_made_cannot_be_asked_for(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    payload = DownloadMedia(media_house.chat.channel_sid, media.sid, rendition="original")
    with pytest.raises(NotFound):
        await media_house.chat.agent.invoke(payload)
    with pytest.raises(InvalidRequest):
        await media_house.chat.agent.invoke(
            DownloadMedia(media_house.chat.channel_sid, media.sid, disposition="inline; x")
        )


async def test_one_may_take_back_what_was_not_sent(media_house: MediaHouse) -> None:
    media = await media_house.upload()
    await media_house.chat.customer.invoke(RemoveMedia(media_house.chat.channel_sid, media.sid))
    assert media_house.bytes_on_disk() == []


async def test_what_was_sent_goes_with_its_message_only(media_house: MediaHouse) -> None:
    _, media = await send(media_house)
    with pytest.raises(MediaAlreadySent):
        await media_house.chat.customer.invoke(RemoveMedia(media_house.chat.channel_sid, media.sid))
    assert await follow(media_house, media_house.chat.agent, media.sid)
