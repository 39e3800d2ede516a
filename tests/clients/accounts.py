"""The official Python library as people have it in their programs, pointed at a server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from twilio.auth_strategy.auth_strategy import AuthStrategy
from twilio.auth_strategy.auth_type import AuthType
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.credential.credential_provider import CredentialProvider
from twilio.http.http_client import TwilioHttpClient
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import ChatGrant
from twilio.rest import Client
from twilio.rest.chat.v2.service import ServiceContext

from tests.servers import Server

NOWHERE = "0" * 32  # the digits of a sid that nothing has
ODD_IDENTITIES = (
    "alice+tag@example.com",
    "José Ñandú",
    "a b",
    "名前",
    "🦊 fox",
    "50%",
    "semi;colon&amp=1",
    "a/b",
)


class Account:
    """A server's account, and everybody who uses the library with it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.secrets = server.secrets
        self._clients: list[Client] = []
        self.client = self.holding(self.secrets["account_sid"], self.secrets["auth_token"])
        self.service_sid = str(self.client.chat.v2.services.list(limit=1)[0].sid)

    @property
    def service(self) -> ServiceContext:
        """The service that the server came with."""
        return self.client.chat.v2.services(self.service_sid)

    def holding(self, name: str, secret: str, account_sid: str | None = None) -> Client:
        """A client with a name and a secret: the account's, or an API key's."""
        return self._pointed(Client(name, secret, account_sid, http_client=unproxied()))

    def being(self, identity: str, *key: str) -> ServiceContext:
        """The service as a user with a token of their own sees it."""
        client = Client(credential_provider=Bearer(self.token(identity, *key)), http_client=unproxied())
        return self._pointed(client).chat.v2.services(self.service_sid)

    def token(self, identity: str, *key: str) -> str:
        """An AccessToken as a program's own back end makes it, with this key's sid and secret."""
        secrets = self.secrets
        sid, secret = key or (secrets["api_key"], secrets["api_secret"])
        token = AccessToken(secrets["account_sid"], sid, secret, identity=identity)
        token.add_grant(ChatGrant(service_sid=self.service_sid))
        return str(token.to_jwt())

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """The client's own request to an address that the library has no word for."""
        return self.client.request(method, f"{self.server.address}{path}", **request)

    def close(self) -> None:
        for client in self._clients:
            client.http_client.session.close()

    def _pointed(self, client: Client) -> Client:
        client.chat.base_url = client.ip_messaging.base_url = self.server.address
        self._clients.append(client)
        return client


class Bearer(CredentialProvider):
    """Lets the library act as a user: with a token in place of a name and a secret."""

    def __init__(self, token: str) -> None:
        super().__init__(AuthType.CLIENT_CREDENTIALS)
        self._token = token

    def to_auth_strategy(self) -> AuthStrategy:
        return BearerStrategy(self._token)


class BearerStrategy(AuthStrategy):
    """What stands in the header `Authorization`."""

    def __init__(self, token: str) -> None:
        super().__init__(AuthType.CLIENT_CREDENTIALS)
        self._token = token

    def get_auth_string(self) -> str:
        return f"Bearer {self._token}"

    def requires_authentication(self) -> bool:
        return True


def unproxied() -> TwilioHttpClient:
    """The library's own client, with no proxy of the machine's in between."""
    http = TwilioHttpClient(timeout=30)
    http.session.trust_env = False
    return http


@contextmanager
def refused(status: int, code: int | None) -> Iterator[pytest.ExceptionInfo[TwilioRestException]]:
    """The library raises what programs catch, with this status and code, where one is given."""
    with pytest.raises(TwilioException) as caught:
        yield caught  # type: ignore[misc]
    error = caught.value
    assert type(error) is TwilioRestException, error
    assert error.status == status, (error.status, error.code, error.msg)
    assert code in (None, error.code), (error.code, error.msg)
    assert error.msg
