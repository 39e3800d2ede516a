"""One started server for all of this, and the account that owns it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import Account
from tests.servers import running


@pytest.fixture(scope="package")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    data = tmp_path_factory.mktemp("clients") / "data"
    with running(data, webhooks_private="allow") as server:  # the receivers are on this machine
        account = Account(server)
        yield account
        account.close()


@pytest.fixture
def service(account: Account) -> ServiceContext:
    return account.service


@pytest.fixture
def own(account: Account) -> Iterator[ServiceContext]:
    """A service of the test's own, with nobody in it."""
    service = account.client.chat.v2.services(str(account.client.chat.v2.services.create("Own").sid))
    yield service
    service.delete()


@pytest.fixture
def channel(service: ServiceContext) -> Iterator[ChannelContext]:
    """A channel with nobody in it."""
    channel = service.channels(str(service.channels.create(friendly_name="Room").sid))
    yield channel
    channel.delete()


@pytest.fixture
def roles(service: ServiceContext) -> dict[str, Any]:
    """The roles that every service has, by name."""
    return {str(role.friendly_name): role for role in service.roles.list()}
