"""Who acts over REST: tokens of the official helper, keys, and what is refused in the API's own form."""

from __future__ import annotations

import sqlite3
import time
from base64 import b64encode
from typing import Any

import httpx
import jwt
import pytest
from twilio.jwt.access_token import AccessToken, AccessTokenGrant
from twilio.jwt.access_token.grants import ChatGrant

from tests.http.desk import Desk
from vestibule.events import RightsChanged
from vestibule.models import Key
from vestibule.payloads import CreateKey, RevokeKey

DAY = 24 * 3600


class IpMessagingGrant(AccessTokenGrant):
    """The chat grant by the name it had before 2018."""

    key = "ip_messaging"

    def __init__(self, service_sid: str) -> None:
        self.service_sid = service_sid

    def to_payload(self) -> dict[str, str]:
        return {"service_sid": self.service_sid, "endpoint_id": "browser"}


@pytest.fixture
async def key(desk: Desk) -> Key:
    return await desk.house.system.invoke(CreateKey("our shop"))


def official(desk: Desk, key: Key, grant: AccessTokenGrant | None = None, **more: Any) -> AccessToken:
    """A token as an integrator's own server makes it, for the customer."""
    given = {"identity": desk.chat.customer.identity, "account_sid": desk.front.account_sid, **more}
    grants = [grant or ChatGrant(service_sid=desk.house.service_sid)]
    return AccessToken(given.pop("account_sid"), key.sid, key.secret, grants, **given)


async def asked(desk: Desk, token: AccessToken | str, path: str = "") -> httpx.Response:
    """The messages of the chat, over the API of Programmable Chat."""
    word = token if isinstance(token, str) else token.to_jwt()
    path = path or f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    return await desk.client(**{"x-twilio-token": word}).get(path)


def is_challenge(answer: httpx.Response) -> bool:
    """Whether it is what the official helpers make an authentication error of."""
    body = answer.json()
    return (
        (answer.status_code, body["code"], body["status"]) == (401, 20003, 401)
        and body["message"] == "Authenticate"
        and answer.headers["www-authenticate"] == 'Basic realm="Twilio API"'
        and {"title", "type"}.isdisjoint(body)
        and bool(body["more_info"])
    )


@pytest.mark.parametrize("header", ["x-twilio-token", "authorization"])
async def test_a_token_of_the_official_helper_acts_as_its_user(desk: Desk, key: Key, header: str) -> None:
    word = official(desk, key, region="ie1").to_jwt()
    client = desk.client(**{header: word if header == "x-twilio-token" else f"Bearer {word}"})
    sent = await client.post(
        f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages", data={"Body": "Hello"}
    )

    assert (sent.status_code, sent.json()["from"]) == (201, desk.chat.customer.identity)
    assert (await client.post(f"{desk.service}/Roles", data={})).status_code in (400, 403)


async def test_a_token_with_the_grants_older_name_is_taken(desk: Desk, key: Key) -> None:
    token = official(desk, key, IpMessagingGrant(desk.house.service_sid))
    assert (await asked(desk, token)).status_code == 200


async def test_a_newcomers_first_token_makes_a_user_of_them(desk: Desk, key: Key) -> None:
    await asked(desk, official(desk, key, identity="somebody new"), f"{desk.service}/Channels")
    user = await desk.account.get(f"{desk.service}/Users/somebody%20new")
    assert user.json()["identity"] == "somebody new"


@pytest.mark.parametrize(
    "change",
    [
        {"ttl": -60},
        {"ttl": DAY + 600},
        {"nbf": int(time.time()) + DAY},
        {"account_sid": "AC" + "e" * 32},
        {"identity": None},
        {"identity": "system"},
        {"grant": ChatGrant(service_sid="IS" + "e" * 32)},
        {"grant": ChatGrant()},
    ],
    ids=["lapsed", "too long", "not yet", "account", "nobody", "system", "service", "no service"],
)
async def test_a_token_that_is_not_right_is_answered_in_the_apis_form(
    desk: Desk, key: Key, change: dict[str, Any]
) -> None:
    assert is_challenge(await asked(desk, official(desk, key, **change)))


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
async def test_a_token_signed_in_another_way_is_refused(desk: Desk, key: Key, algorithm: str) -> None:
    claims = official(desk, key).payload
    secret = None if algorithm == "none" else key.secret
    assert is_challenge(await asked(desk, jwt.encode(claims, secret, algorithm)))


async def test_a_token_for_another_service_of_the_account_opens_that_one_alone(desk: Desk, key: Key) -> None:
    neighbour = await desk.house.neighbour("nina")
    token = official(desk, key, ChatGrant(service_sid=neighbour.service_sid), identity="nina")

    assert (await asked(desk, token)).status_code == 404
    assert (await asked(desk, token, f"/v2/Services/{neighbour.service_sid}/Channels")).status_code == 200


async def test_a_revoked_key_signs_nothing_from_the_very_next_request_on(desk: Desk, key: Key) -> None:
    token, by_key = official(desk, key).to_jwt(), desk.client()
    by_key.auth = httpx.BasicAuth(key.sid, key.secret)
    assert (await asked(desk, token)).status_code == 200
    assert (await by_key.get("/v2/Services")).status_code == 200
    await desk.house.system.invoke(RevokeKey(key.sid))

    assert is_challenge(await asked(desk, token))
    assert is_challenge(await by_key.get("/v2/Services"))


async def test_a_token_whose_service_is_gone_lets_nobody_in(desk: Desk, key: Key) -> None:
    neighbour = await desk.house.neighbour("nina")
    token = official(desk, key, ChatGrant(service_sid=neighbour.service_sid), identity="nina").to_jwt()
    phone, place = desk.client(**{"x-twilio-token": token}), f"/v2/Services/{neighbour.service_sid}/Channels"
    assert (await phone.get(place)).status_code == 200
    with sqlite3.connect(desk.folder / "house.sqlite") as database:
        database.execute("DELETE FROM services WHERE sid = ?", (neighbour.service_sid,))
    database.close()
    desk.house.parts.bus.publish([RightsChanged(stream=neighbour.service_sid, identity="")])

    assert is_challenge(await phone.get(place))


def basic(name: str, secret: str) -> str:
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


@pytest.mark.parametrize(
    "word",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        basic("", ""),
        basic("AC" + "e" * 32, "0123456789abcdef0123456789abcdef"),
        basic("SK" + "e" * 32, ""),
        "Bearer",
        "Digest x",
        "Bearer a.b.c",
    ],
)
async def test_without_good_credentials_there_is_a_challenge(desk: Desk, word: str) -> None:
    headers = {"authorization": word} if word else {}
    for method, path in (("GET", "/v2/Services"), ("POST", f"{desk.service}/Channels")):
        assert is_challenge(await desk.client(**headers).request(method, path))


async def test_the_accounts_credentials_and_its_keys_act_as_the_system(desk: Desk, key: Key) -> None:
    front, messages = desk.front, f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    for pair in ((front.account_sid, front.auth_token), (front.tokens.key_sid, front.tokens.secret)):
        sent = await desk.client(authorization=basic(*pair)).post(messages, data={"Body": "Hello"})
        assert (sent.status_code, sent.json()["from"]) == (201, "system")
    for pair in ((front.account_sid, key.secret), (key.sid, front.auth_token)):
        assert is_challenge(await desk.client(authorization=basic(*pair)).get(messages))
