"""Signing in at the desk, and what a page of another site cannot do with the cookie."""

from __future__ import annotations

import pytest

from tests.http.desk import BASE, PASSWORD, Desk
from vestibule.http import Rate, Rates
from vestibule.payloads import SetPassword


async def test_an_agent_signs_in_reads_and_signs_out(desk: Desk) -> None:
    browser, session = await desk.signed_in()

    assert session["identity"] == "grace"
    assert "acceptTask" in session["permissions"]
    assert (await browser.get("/v1/tasks")).status_code == 200
    again = (await browser.get("/v1/session")).json()
    assert again["csrf"] == session["csrf"]
    out = await browser.delete("/v1/session", headers={"x-csrf-token": session["csrf"]})
    assert out.status_code == 204
    browser.cookies.clear()
    assert (await browser.get("/v1/session")).status_code == 204


async def test_signing_out_ends_the_sessions_tokens_too(desk: Desk) -> None:
    browser, session = await desk.signed_in()
    phone = desk.client(authorization=f"Bearer {session['token']}")
    assert (await phone.get("/v1/tasks")).status_code == 200
    await browser.delete("/v1/session", headers={"x-csrf-token": session["csrf"]})
    assert (await phone.get("/v1/tasks")).status_code == 401


async def test_a_cookie_that_was_signed_out_opens_nothing(desk: Desk) -> None:
    browser, session = await desk.signed_in()
    cookie = browser.cookies["vestibule"]
    await browser.delete("/v1/session", headers={"x-csrf-token": session["csrf"]})

    answer = await desk.client(cookie=f"vestibule={cookie}").get("/v1/tasks")
    assert answer.status_code == 401


async def test_a_new_password_ends_every_session(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    await desk.house.system.invoke(SetPassword("grace", "a new horse battery"))

    assert (await browser.get("/v1/session")).status_code == 401


async def test_the_cookie_is_for_this_host_alone(desk: Desk) -> None:
    await desk.give_password()
    for is_secure, name in ((False, "vestibule"), (True, "__Host-vestibule")):
        browser = desk.client(desk.changed(is_secure=is_secure))
        answer = await browser.post("/v1/session", json={"name": "grace", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert len(cookie.split(";")[0].partition("=")[2]) >= 43  # 256 bits
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert ("Secure" in cookie) == is_secure
        assert ("strict-transport-security" in answer.headers) == is_secure


async def test_an_unknown_name_and_a_wrong_password_are_told_alike(desk: Desk) -> None:
    await desk.give_password()
    told = []
    for name, password in (("grace", "wrong"), ("nobody", "wrong"), (desk.chat.customer.identity, "")):
        answer = await desk.client().post("/v1/session", json={"name": name, "password": password})
        told.append((answer.status_code, answer.json()["message"]))

    assert told == [(401, "The name or the password is not right.")] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://desk.test.evil.example"},
        {"origin": "http://desk.test:8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
async def test_a_foreign_page_cannot_act_with_the_cookie(desk: Desk, headers: dict[str, str]) -> None:
    browser, session = await desk.signed_in()
    del browser.headers["origin"]
    answer = await browser.post(
        f"{desk.channel}/messages", json={"body": "x"}, headers={**headers, "x-csrf-token": session["csrf"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, 60001)


async def test_a_page_without_the_proof_cannot_act_with_the_cookie(desk: Desk) -> None:
    browser, session = await desk.signed_in()
    for proof in ({}, {"x-csrf-token": "x"}, {"x-csrf-token": session["csrf"][:-1]}):
        answer = await browser.post(f"{desk.channel}/messages", json={"body": "x"}, headers=proof)
        assert (answer.status_code, answer.json()["code"]) == (403, 60005)
    good = await browser.post(
        f"{desk.channel}/messages", json={"body": "x"}, headers={"x-csrf-token": session["csrf"]}
    )
    assert good.status_code == 201


async def test_the_proof_of_one_session_is_none_for_another(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    await desk.house.agent("hedy")
    _, other = await desk.signed_in("hedy")
    answer = await browser.post("/v1/tasks/WT0/accept", headers={"x-csrf-token": other["csrf"]})
    assert answer.status_code == 403


async def test_a_foreign_page_cannot_sign_somebody_in_or_start_a_chat(desk: Desk) -> None:
    await desk.give_password()
    evil = desk.client(origin="https://evil.example")
    credentials = {"name": "grace", "password": PASSWORD}

    assert (await evil.post("/v1/session", data=credentials)).json()["code"] == 60001
    assert (await evil.post("/v1/chats", data={})).json()["code"] == 60001


async def test_guessing_passwords_is_slowed(desk: Desk) -> None:
    await desk.give_password()
    front = desk.changed(rates=Rates(sign_in=Rate(1 / 20, 3), sign_in_name=Rate(1 / 10, 100)))
    guesser, credentials = desk.client(front), {"name": "grace", "password": "wrong"}
    statuses = [(await guesser.post("/v1/session", json=credentials)).status_code for _ in range(4)]
    refused = await guesser.post("/v1/session", json={**credentials, "password": PASSWORD})

    assert statuses == [401, 401, 401, 429]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 20


async def test_guessing_one_name_from_everywhere_is_slowed_but_not_for_who_was_here(desk: Desk) -> None:
    from vestibule.http import build

    await desk.give_password()
    app = build(desk.changed(rates=Rates(sign_in_name=Rate(1 / 100, 2))))
    good = {"name": "grace", "password": PASSWORD}

    async def sign_in(peer: str, **given: str) -> int:
        import httpx

        transport = httpx.ASGITransport(app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return (await client.post("/v1/session", json={**good, **given})).status_code

    assert await sign_in("192.0.2.1") == 201
    assert [await sign_in(f"198.51.100.{n}", password="wrong") for n in range(3)] == [401, 401, 429]
    assert await sign_in("198.51.100.9") == 429
    assert await sign_in("192.0.2.1") == 201
    assert await sign_in("198.51.100.10", name="somebody") == 401


async def test_credentials_of_the_account_and_of_its_keys_are_the_system(desk: Desk) -> None:
    import httpx

    from vestibule.payloads import CreateKey, RevokeKey

    key = await desk.house.system.invoke(CreateKey("robot"))
    tokens = desk.front.tokens
    roles = f"{desk.service}/Roles"

    async def status(name: str, secret: str) -> int:
        return (await desk.client().get(roles, auth=httpx.BasicAuth(name, secret))).status_code

    assert await status(desk.front.account_sid, desk.front.auth_token) == 200
    assert await status(tokens.key_sid, tokens.secret) == 200
    assert await status(key.sid, key.secret) == 200
    assert await status(key.sid, tokens.secret) == 401
    assert await status(desk.front.account_sid, "") == 401
    assert await status("", "") == 401
    await desk.house.system.invoke(RevokeKey(key.sid))
    assert await status(key.sid, key.secret) == 401


async def test_a_token_of_a_key_made_later_is_accepted_until_it_is_revoked(desk: Desk) -> None:
    from vestibule.payloads import CreateKey, RevokeKey
    from vestibule.tokens import Tokens

    key = await desk.house.system.invoke(CreateKey())
    tokens = Tokens(desk.front.account_sid, key.sid, key.secret, desk.front.tokens.find_secret)
    token = tokens.mint("grace", desk.house.service_sid)[0]

    assert (await desk.client(**{"x-twilio-token": token}).get("/v1/tasks")).status_code == 200
    await desk.house.system.invoke(RevokeKey(key.sid))
    assert (await desk.client(**{"x-twilio-token": token}).get("/v1/tasks")).status_code == 401


async def test_nobody_can_take_the_systems_name_or_a_service_that_is_not_there(desk: Desk) -> None:
    for token in (desk.token("system"), desk.token("grace", "IS" + "0" * 32), "x", ""):
        answer = await desk.client(authorization=f"Bearer {token}").get("/v1/tasks")
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_a_strangers_try_costs_what_an_agents_does() -> None:
    from argon2 import PasswordHasher

    from vestibule.chat.passwords import NOBODY

    assert not PasswordHasher().check_needs_rehash(NOBODY)
