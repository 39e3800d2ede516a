"""Rate limits, as the library tells its program of them."""

from __future__ import annotations

from pathlib import Path

from twilio.base.exceptions import TwilioRestException
from twilio.rest.chat.v2.service import ServiceContext

from tests.clients.accounts import Account, refused
from tests.servers import running

GUESSES = 50


def test_a_program_asks_a_hundred_times_in_a_row_but_guessing_the_secret_is_slowed(tmp_path: Path) -> None:
    with running(tmp_path / "data", rate_limits="on") as server:
        account = Account(server)
        assert {status_of(account.service) for _ in range(100)} == {200}

        stranger = account.holding(account.secrets["account_sid"], "wrong")
        service = stranger.chat.v2.services(account.service_sid)
        statuses = [status_of(service) for _ in range(GUESSES)]
        assert (statuses[0], statuses[-1], set(statuses)) == (401, 429, {401, 429})
        with refused(429, 20429):
            service.fetch()
        answer = stranger.request("GET", f"{server.address}/v2/Services")
        assert int(answer.headers["retry-after"]) > 0
        account.close()


def status_of(service: ServiceContext) -> int:
    try:
        service.fetch()
    except TwilioRestException as error:
        return error.status
    return 200
