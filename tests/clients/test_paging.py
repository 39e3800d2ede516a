"""Lists: pages that lose nothing and repeat nothing, in the library's several ways to read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twilio.base.exceptions import TwilioException
from twilio.base.page import Page
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext
from twilio.rest.chat.v2.service.channel.message import MessageList

from tests.clients.accounts import NOWHERE, Account

MANY = [str(number) for number in range(120)]


@pytest.fixture(scope="module")
def messages(account: Account) -> Iterator[MessageList]:
    """A channel's hundred and twenty messages."""
    channel = account.service.channels.create()
    for number in MANY:
        channel.messages.create(body=number)
    yield channel.messages
    channel.delete()


def bodies(page: Page | None) -> Iterator[list[str]]:
    """Of each page, one after the other."""
    while page is not None:
        yield [message.body for message in page]
        page = page.next_page()


def test_pages_of_fifty_go_on_to_the_end(messages: MessageList) -> None:
    assert list(bodies(messages.page())) == [MANY[:50], MANY[50:100], MANY[100:]]
    assert list(bodies(messages.page(page_size=60))) == [MANY[:60], MANY[60:]]  # and no empty page after


def test_pages_go_backwards_from_the_newest(messages: MessageList) -> None:
    newest = MANY[::-1]
    assert list(bodies(messages.page(order="desc"))) == [newest[:50], newest[50:100], newest[100:]]
    assert list(bodies(messages.page(order="asc", page_size=100))) == [MANY[:100], MANY[100:]]


def test_a_page_is_found_again_by_its_address(messages: MessageList) -> None:
    page = messages.page(order="desc", page_size=50)
    assert "Order=desc" in str(page.next_page_url)
    second = messages.get_page(str(page.next_page_url))
    assert [message.body for message in second] == MANY[69:19:-1]


def test_a_list_is_read_as_far_as_one_likes(messages: MessageList) -> None:
    assert [message.body for message in messages.list(limit=1000)] == MANY  # asks for pages of 1000
    assert [message.body for message in messages.list(limit=3)] == MANY[:3]
    assert [message.body for message in messages.stream(limit=70, page_size=30)] == MANY[:70]
    assert [message.body for message in messages.stream(order="desc", page_size=7)] == MANY[::-1]


def test_a_live_channel_loses_and_repeats_nothing(channel: ChannelContext) -> None:
    for number in range(6):
        channel.messages.create(body=str(number))
    rows = channel.messages.stream(page_size=2)
    read = [next(rows), next(rows)]
    for row in read:
        row.delete()
    channel.messages.create(body="6")
    assert [row.body for row in read + list(rows)] == list("0123456")


def test_members_are_paged_with_their_filter(channel: ChannelContext) -> None:
    made = [f"paged+{number}@example.com" for number in range(6)]
    for identity in made:
        channel.members.create(identity)
    wanted = made[1:]
    page = channel.members.page(identity=wanted, page_size=2)
    assert "Identity=" in str(page.next_page_url)
    assert [row.identity for row in channel.members.stream(identity=wanted, page_size=2)] == wanted
    assert [row.identity for row in channel.members.stream(page_size=4)] == made


def test_channels_are_paged_with_their_filter(service: ServiceContext) -> None:
    made = [service.channels.create(type="private") for _ in range(5)]
    sids = [channel.sid for channel in made]
    listed = [channel.sid for channel in service.channels.stream(type=["private"], page_size=2)]
    assert [sid for sid in listed if sid in sids] == sids
    for channel in made:
        channel.delete()


def test_a_list_that_cannot_be_read_says_why(service: ServiceContext, messages: MessageList) -> None:
    for page, status, code in (
        (lambda: messages.page(page_token="-1"), 400, 19038),
        (lambda: service.channels.page(page_token="PTnonsense"), 400, 19038),
        (service.channels(f"CH{NOWHERE}").messages.page, 404, 20404),
    ):
        with pytest.raises(TwilioException) as caught:
            page()
        answer = caught.value.args[1]  # how this library gives a list's error
        assert (answer.status_code, f'"code":{code}' in answer.text.replace(" ", "")) == (status, True)
