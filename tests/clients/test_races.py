"""Several programs at once: one of them is first, and the others are told so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

AT_ONCE = 8


def outcomes(ask: Callable[[], Any]) -> Counter[int]:
    """What came of asking several times at once: the codes of the errors, and 0 for no error."""

    def one(_: int) -> int:
        try:
            ask()
        except TwilioRestException as error:
            return int(error.code or error.status)
        return 0

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(one, range(AT_ONCE)))


def test_only_the_first_of_many_makes_what_there_is_once(
    service: ServiceContext, channel: ChannelContext
) -> None:
    others = AT_ONCE - 1
    assert outcomes(lambda: channel.members.create("racer")) == {0: 1, 50404: others}
    assert outcomes(lambda: service.users.create("racer of users")) == {0: 1, 50201: others}
    assert outcomes(lambda: service.channels.create(unique_name="race")) == {0: 1, 50307: others}
    assert outcomes(lambda: channel.invites.create("racing guest")) == {0: 1, 50212: others}
    assert outcomes(lambda: service.channels("race").delete()) == {0: 1, 20404: others}
    assert channel.fetch().members_count == 1


def test_messages_sent_at_once_have_each_an_index_of_their_own(channel: ChannelContext) -> None:
    assert outcomes(lambda: channel.messages.create(body="Now")) == {0: AT_ONCE}
    assert [message.index for message in channel.messages.list()] == list(range(AT_ONCE))
    assert channel.fetch().messages_count == AT_ONCE
