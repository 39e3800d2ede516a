"""The library's asynchronous client."""

from __future__ import annotations

import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import Account, refused


# What the library asks of aiohttp in its present versions.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning")
async def test_the_asynchronous_client_does_the_same(account: Account, channel: ChannelContext) -> None:
    sid, secrets = str(channel.fetch().sid), account.secrets
    async with AsyncTwilioHttpClient() as http:
        client = Client(secrets["account_sid"], secrets["auth_token"], http_client=http)
        client.chat.base_url = account.server.address
        same = client.chat.v2.services(account.service_sid).channels(sid)
        for number in range(5):
            await same.messages.create_async(body=f"Grüße {number}")
        read = [message.body async for message in await same.messages.stream_async(page_size=2)]
        assert read == [f"Grüße {number}" for number in range(5)]
        with refused(400, 50304):
            await same.update_async(attributes="no")
        assert (await same.fetch_async()).messages_count == 5
