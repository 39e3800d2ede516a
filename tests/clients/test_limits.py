"""Rate limits, as the library tells its program of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.clients.accounts import Account, refused
from tests.servers import running

OFTEN = 100


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The account of a server that has its limits, and low ones for changes."""
    data = tmp_path_factory.mktemp("limited") / "data"
    with running(data, rate_limits="on", channel_rate=1, service_rate=1) as server:
        account = Account(server)
        yield account
        account.close()


def outcomes(ask: Callable[[], Any]) -> list[tuple[int, int]]:
    """What came of asking often: the status and code of each refusal, and zeros for none."""
    return [outcome(ask) for _ in range(OFTEN)]


def outcome(ask: Callable[[], Any]) -> tuple[int, int]:
    try:
        ask()
    except TwilioRestException as error:
        return error.status, int(error.code or 0)
    return 0, 0


def test_a_program_may_read_a_hundred_times_in_a_row(limited: Account) -> None:
    assert set(outcomes(limited.service.fetch)) == {(0, 0)}


def test_a_channel_and_a_service_take_so_many_changes_a_second(limited: Account) -> None:
    made = limited.service.channels.create()
    channel = limited.service.channels(str(made.sid))
    sent = outcomes(lambda: channel.messages.create(body="Again"))
    assert (sent[0], set(sent)) == ((0, 0), {(0, 0), (429, 50063)})
    assert (429, 50074) in outcomes(limited.service.channels.create)
    assert channel.fetch().messages_count == sent.count((0, 0))


def test_guessing_the_secret_is_slowed_and_the_answer_says_when_to_come_back(limited: Account) -> None:
    """The last one here: the address of whoever guessed is not believed for a while."""
    stranger = limited.holding(limited.secrets["account_sid"], "wrong")
    service = stranger.chat.v2.services(limited.service_sid)
    guessed = outcomes(service.fetch)
    assert (guessed[0], guessed[-1], len(set(guessed))) == ((401, 20003), (429, 20429), 2)
    with refused(429, 20429):
        service.fetch()
    answer = stranger.request("GET", f"{limited.server.address}/v2/Services")
    assert int(answer.headers["retry-after"]) > 0
