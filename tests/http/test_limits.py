"""Who is slowed down, what they are told, and who is not kept out by what others do."""

from __future__ import annotations

import httpx

from tests.http.desk import Desk
from vestibule.http import Rate, Rates, build

SLOW = 0.001  # a second
BAD = {"x-twilio-token": "e30.e30.e30"}


def is_told(answer: httpx.Response, code: int) -> bool:
    """Whether it says in the API's form that it is too much, and when to come again."""
    body = answer.json()
    return (
        (answer.status_code, body["status"], body["code"]) == (429, 429, code)
        and int(answer.headers["retry-after"]) > 0
        and {"message", "more_info"} <= body.keys()
    )


async def test_whoever_tries_tokens_is_slowed_and_a_good_one_beside_is_not(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(tokens=Rate(SLOW, 2))))
    good = {"x-twilio-token": desk.token(desk.chat.customer.identity)}
    path = f"{desk.service}/Channels/{desk.chat.channel_sid}"

    assert [(await client.get(path, headers=BAD)).status_code for _ in range(2)] == [401, 401]
    assert is_told(await client.get(path, headers=BAD), 20429)
    assert is_told(await client.get(path, headers={"cookie": "vestibule=guessed"}), 20429)
    assert (await client.get(path, headers=good)).status_code == 200
    assert (await client.get(path)).status_code == 401  # who tries nothing is only asked who they are


async def test_a_v6_customer_is_one_address_however_many_they_have(desk: Desk) -> None:
    front = desk.changed(rates=Rates(tokens=Rate(SLOW, 1)), trusted_proxies=("10.0.0.0/8",))
    proxy = desk.client(front, peer="10.0.0.1")

    async def status(address: str) -> int:
        headers = {**BAD, "x-forwarded-for": address}
        return (await proxy.get(desk.service, headers=headers)).status_code

    assert await status("2001:db8::1") == 401
    assert await status("2001:db8::ffff:1") == 429
    assert await status("2001:db8:0:1::1") == 401
    assert await status("203.0.113.80") == 401


async def test_whoever_guesses_the_accounts_secret_is_slowed_before_it_is_looked_at(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(sign_in=Rate(SLOW, 2))))
    right = (desk.front.account_sid, desk.front.auth_token)
    for _ in range(2):
        assert (await client.get("/v2/Services", auth=(right[0], "guess"))).status_code == 401

    assert is_told(await client.get("/v2/Services", auth=(right[0], "guess")), 20429)
    assert is_told(await client.get("/v2/Services", auth=right), 20429)  # else the guess would be told right


async def test_what_got_in_before_is_not_kept_out_by_others_at_its_address(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(sign_in=Rate(SLOW, 2))))
    right = (desk.front.account_sid, desk.front.auth_token)
    assert (await client.get("/v2/Services", auth=right)).status_code == 200
    for _ in range(5):
        last = await client.get("/v2/Services", auth=(right[0], "guess"))

    assert is_told(last, 20429)
    assert (await client.get("/v2/Services", auth=right)).status_code == 200


async def test_an_account_has_its_own_measure(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(account=Rate(SLOW, 2))))
    client.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    own_key = (desk.front.tokens.key_sid, desk.front.tokens.secret)

    assert [(await client.get("/v2/Services")).status_code for _ in range(2)] == [200, 200]
    assert is_told(await client.get("/v2/Services"), 20429)
    assert (await client.get("/v2/Services", auth=own_key)).status_code == 200


async def test_an_identity_has_its_own_measure_wherever_it_comes_from(desk: Desk) -> None:
    app = build(desk.changed(rates=Rates(requests=Rate(SLOW, 1))))

    async def status(peer: str, identity: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path, headers={"x-twilio-token": desk.token(identity)})

    path = f"{desk.service}/Channels/{desk.chat.channel_sid}"
    assert (await status("203.0.113.1", "grace")).status_code == 200
    assert is_told(await status("203.0.113.2", "grace"), 20429)
    assert (await status("203.0.113.1", desk.chat.customer.identity)).status_code == 200


async def test_a_channel_and_a_service_have_their_own_numbers(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(channel=Rate(SLOW, 2), service=Rate(SLOW, 1))))
    client.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    channels = f"{desk.service}/Channels"
    other = (await client.post(channels, data={})).json()["sid"]

    messages = f"{channels}/{desk.chat.channel_sid}/Messages"
    assert [(await client.post(messages, data={"Body": "x"})).status_code for _ in range(2)] == [201, 201]
    assert is_told(await client.post(messages, data={"Body": "x"}), 50063)
    assert is_told(await client.post(channels, data={}), 50074)
    assert (await client.get(messages)).status_code == 200  # reading is no change
    assert (await client.post(f"{channels}/{other}/Messages", data={"Body": "x"})).status_code == 201


async def test_whoever_may_do_nothing_in_a_channel_does_not_use_it_up(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates(channel=Rate(SLOW, 1))))
    messages = f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages"
    stranger, member = ({"x-twilio-token": desk.token(who)} for who in ("eve", desk.chat.customer.identity))
    for _ in range(3):
        refused = await client.post(messages, data={"Body": "x"}, headers=stranger)
        assert refused.status_code in (403, 404)

    assert (await client.post(messages, data={"Body": "x"}, headers=member)).status_code == 201
    assert is_told(await client.post(messages, data={"Body": "x"}, headers=member), 50063)


async def test_without_limits_nobody_is_slowed(desk: Desk) -> None:
    client = desk.client(desk.changed(rates=Rates.off()))
    statuses = {(await client.get("/v2/Services", headers=BAD)).status_code for _ in range(100)}
    assert statuses == {401}


def test_an_operator_gives_the_rate_of_a_second() -> None:
    rates = Rates.of(channel=30)
    assert rates.channel == Rate(30, 90)
    assert rates.messages == Rates().messages
