"""Functions over HTTP: who calls, from which page, with what, and what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flagging import Flagging
from tests.http.desk import BASE, Desk, open_desk
from vestibule.context import Context
from vestibule.errors import Conflict
from vestibule.functions import Answer, Functions

SHOP = "https://shop.example"
CALLER = "/functions/whoami"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path, Flagging())
    functions = desk.front.functions

    @functions.get("/whoami")
    @functions.post("/whoami")
    async def whoami(ctx: Context, **fields: Any) -> dict[str, Any]:
        return {"who": ctx.identity, "fields": fields}

    yield desk
    await desk.close()


@pytest.fixture
async def browser(desk: Desk) -> httpx.AsyncClient:
    """Grace's, who is signed in. What a browser says of its page is each test's to say."""
    browser, _ = await desk.signed_in()
    del browser.headers["origin"]
    return browser


def is_foreign(answer: httpx.Response) -> bool:
    """Whether it was refused for the page it came from, which may not even read so."""
    is_shared = "access-control-allow-origin" in answer.headers
    return (answer.status_code, answer.json()["code"], is_shared) == (403, 60001, False)


# By the desk's cookie


async def test_the_desk_s_page_needs_its_cookie_alone(browser: httpx.AsyncClient) -> None:
    for headers in ({"origin": BASE}, {"sec-fetch-site": "same-origin"}):
        answer = await browser.post(CALLER, data={"a": "1"}, headers=headers)
        assert answer.json() == {"who": "grace", "fields": {"a": "1"}}


FOREIGN = {
    "another site": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "its neighbour": {"origin": "http://other.desk.test", "sec-fetch-site": "same-site"},
    "another port": {"origin": "http://desk.test:8080", "sec-fetch-site": "same-site"},
    "a sandboxed frame": {"origin": "null", "sec-fetch-site": "cross-site"},
    "one that hides its origin": {"sec-fetch-site": "cross-site"},
    "nobody": {},
    "an address typed in": {"sec-fetch-site": "none"},
}


SIMPLE = (FORM, "text/plain", "multipart/form-data")  # what a browser sends without asking us first


async def test_no_other_page_calls_with_the_cookie(browser: httpx.AsyncClient) -> None:
    for page, headers in FOREIGN.items():
        for content_type in (*SIMPLE, "application/json"):
            said = {**headers, "content-type": content_type}
            answer = await browser.post(CALLER, content=b"a=1", headers=said)
            assert is_foreign(answer), (page, content_type)


async def test_a_site_that_embeds_the_widget_does_not_call_with_the_cookie(desk: Desk) -> None:
    browser, _ = await desk.signed_in()
    secret = browser.cookies["vestibule"]
    shop = desk.client(desk.changed(cors_origins=(SHOP,)), origin=SHOP, cookie=f"vestibule={secret}")
    assert (await shop.post(CALLER, data={})).json()["code"] == 60001


WITHIN = {
    "a link": {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    "a picture": {"sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    "an old browser": {"sec-fetch-site": "same-origin"},
    "a foreign script": {"sec-fetch-site": "cross-site", "sec-fetch-dest": "empty"},
}


async def test_no_link_and_no_picture_calls_by_get(browser: httpx.AsyncClient) -> None:
    """A link that a customer wrote, clicked at the desk, comes from our own page with the cookie."""
    for page, headers in (FOREIGN | WITHIN).items():
        assert is_foreign(await browser.get(CALLER, headers=headers)), page


async def test_a_script_of_the_desk_s_page_calls_by_get(browser: httpx.AsyncClient) -> None:
    headers = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    answer = await browser.get(CALLER, params={"a": "1"}, headers=headers)
    assert answer.json() == {"who": "grace", "fields": {"a": "1"}}


async def test_the_cookie_of_who_signed_out_calls_nothing(desk: Desk) -> None:
    browser, session = await desk.signed_in()
    secret = browser.cookies["vestibule"]
    await browser.delete("/v1/session", headers={"x-csrf-token": session["csrf"]})
    answer = await desk.client(origin=BASE, cookie=f"vestibule={secret}").post(CALLER)
    assert answer.status_code == 401


# By a token


async def test_a_plugin_s_token_in_the_body_says_who_calls(desk: Desk) -> None:
    token = desk.token(desk.chat.agent.identity)
    by_form = await desk.client().post(CALLER, data={"Token": token, "a": "1"})
    by_json = await desk.client().post(CALLER, json={"Token": token, "a": "1"})
    assert by_form.json() == by_json.json() == {"who": "grace", "fields": {"a": "1"}}  # and is not passed on


async def test_a_bad_token_is_not_made_good_by_the_cookie(browser: httpx.AsyncClient) -> None:
    for token in ("nonsense", "a.b.c"):
        answer = await browser.post(CALLER, data={"Token": token}, headers={"origin": BASE})
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_a_token_in_the_body_counts_before_the_cookie_and_after_the_header(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    customer = desk.chat.customer.identity
    by_cookie = await browser.post(CALLER, data={"Token": desk.token(customer)}, headers={"origin": BASE})
    by_header = await desk.agent.post(CALLER, data={"Token": desk.token(customer)})
    assert by_cookie.json() == {"who": customer, "fields": {}}
    assert by_header.json() == {"who": "grace", "fields": {}}


async def test_a_token_of_a_session_that_ended_calls_nothing(desk: Desk) -> None:
    browser, session = await desk.signed_in()
    await browser.delete("/v1/session", headers={"x-csrf-token": session["csrf"]})
    answer = await desk.client().post(CALLER, data={"Token": session["token"]})
    assert answer.status_code == 401


async def test_a_token_in_an_address_is_none(desk: Desk) -> None:
    address = f"{CALLER}?Token={desk.token('grace')}"
    assert (await desk.client().get(address)).status_code == 401
    assert (await desk.client().post(address)).status_code == 401


async def test_a_token_in_the_body_opens_functions_alone(desk: Desk) -> None:
    answer = await desk.client().post(f"{desk.channel}/typing", data={"Token": desk.token("grace")})
    assert answer.status_code == 401


async def test_account_credentials_call_as_the_system(desk: Desk) -> None:
    assert (await desk.account.get(CALLER)).json()["who"] == "system"


async def test_a_stranger_calls_nothing(desk: Desk) -> None:
    for method in ("GET", "POST"):
        answer = await desk.client(origin=BASE).request(method, CALLER)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


# From other sites


async def test_a_site_that_embeds_us_reads_answers_and_errors(desk: Desk) -> None:
    shop = desk.client(
        desk.changed(cors_origins=(SHOP,)), origin=SHOP, authorization=f"Bearer {desk.token('grace')}"
    )
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    before = await shop.options(CALLER, headers=asked)
    answers = [await shop.post(CALLER, data={}), await shop.post("/functions/none", data={}), before]

    assert [answer.status_code for answer in answers] == [200, 404, 204]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {SHOP}
    assert not any("access-control-allow-credentials" in answer.headers for answer in answers)


async def test_another_site_is_refused_whatever_it_holds(desk: Desk) -> None:
    for origin in (SHOP, "null"):
        assert is_foreign(await desk.agent.post(CALLER, data={}, headers={"origin": origin}))


# What it takes


async def test_a_field_that_was_sent_twice_is_a_list_where_one_is_taken(desk: Desk) -> None:
    @desk.front.functions.post("/tag")
    async def tag(names: list[str], last: str, ctx: Context) -> str:
        return f"{names} {last}"

    form = {"names": ["a", "b"], "last": ["c", "d"]}
    assert (await desk.agent.post("/functions/tag", data=form)).json() == "['a', 'b'] d"


BODIES = {
    "half": (b"{", "application/json", 400),
    "a list": (b"[1]", "application/json", 400),
    "not UTF-8": (b"a=\xff", FORM, 400),
    "too many": (b"&".join(b"a%d=1" % n for n in range(300)), FORM, 400),
    "too large": (b"a=" + b"x" * 200_000, FORM, 413),
}


async def test_a_body_that_cannot_be_read_is_told_to_its_sender(desk: Desk) -> None:
    for name, (body, content_type, status) in BODIES.items():
        said = {"content": body, "headers": {"content-type": content_type}}
        by_agent = await desk.agent.post(CALLER, **said)
        by_stranger = await desk.client().post(CALLER, **said)
        assert by_agent.status_code == by_agent.json()["status"] == status, name
        assert by_stranger.status_code == (413 if status == 413 else 401), name


async def test_a_field_that_does_not_fit_is_named(desk: Desk) -> None:
    @desk.front.functions.post("/wait")
    async def wait(hours: int, ctx: Context) -> int:
        return hours

    answer = await desk.agent.post("/functions/wait", data={"hours": "soon"})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert answer.json()["message"].startswith("/wait: The field 'hours' does not fit")
    assert answer.json()["details"] == {"field": "hours"}


async def test_a_method_that_a_function_does_not_name_is_refused(desk: Desk) -> None:
    @desk.front.functions.post("/only-post")
    async def only_post(ctx: Context) -> None: ...

    answer = await desk.agent.get("/functions/only-post")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


# What it answers


async def given(desk: Desk, value: Any) -> httpx.Response:
    """What is answered where a function returns this."""
    functions = Functions()

    @functions.post("/give")
    async def give(ctx: Context) -> Any:
        return value

    who = desk.client(desk.changed(functions=functions), authorization=f"Bearer {desk.token('grace')}")
    return await who.post("/functions/give")


async def test_whatever_it_returns_is_json(desk: Desk) -> None:
    for value, text in (("MB1", '"MB1"'), (None, "null"), ({"a": [1]}, '{"a":[1]}'), (Answer(5), "5")):
        answer = await given(desk, value)
        assert (answer.status_code, answer.text) == (200, text)
        assert answer.headers["content-type"] == "application/json"


ANSWERS = (
    (Answer({"a": 1}, 201, {"X-Mine": "yes"}), b'{"a":1}', "application/json"),
    (Answer("a,b", headers={"Content-Type": "text/csv"}), b"a,b", "text/csv"),
    (Answer(b"\0", headers={"content-type": "image/x"}), b"\0", "image/x"),
    (Answer(status=204), b"", None),
    (Answer(status=302, headers={"Location": "/desk"}), b"null", "application/json"),
)


async def test_an_answer_says_its_status_and_headers(desk: Desk) -> None:
    for answer, body, content_type in ANSWERS:
        told = await given(desk, answer)
        assert (told.status_code, told.content) == (answer.status, body)
        assert told.headers.get("content-type") == content_type
        for name in answer.headers.keys() - {"Content-Type"}:
            assert told.headers[name] == answer.headers[name]
        assert told.headers["content-security-policy"].startswith("default-src 'none'")  # whatever it is


async def test_what_a_function_raises_on_purpose_is_told_and_nothing_else(desk: Desk) -> None:
    raised: list[Exception] = []

    @desk.front.functions.post("/fail")
    async def fail(ctx: Context) -> None:
        if not raised:
            ctx.cancel("Not on Sundays.")
        raise raised.pop()

    answers = []
    for error in (None, Conflict("It is taken."), KeyError("verdigris"), TimeoutError("verdigris")):
        raised[:] = [error] if error else []
        answers.append(await desk.agent.post("/functions/fail"))
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, 60010),
        (Conflict.status, Conflict.code),
        (500, 60000),
        (500, 60000),
    ]
    assert [answer.json()["message"] for answer in answers[:2]] == ["Not on Sundays.", "It is taken."]
    assert not any("verdigris" in answer.text for answer in answers)


async def test_what_is_no_json_tells_nothing_of_itself(desk: Desk) -> None:
    for value in (object(), Answer({1, object()})):
        answer = await given(desk, value)
        assert (answer.status_code, answer.json()["code"]) == (500, 60000)
        assert "object" not in answer.text


async def test_a_function_that_hangs_answers_504(desk: Desk) -> None:
    own = Functions(patience=0.05)

    @own.post("/hang")
    async def hang(ctx: Context) -> None:
        await asyncio.Event().wait()

    desk.front.functions.include(own)
    answer = await desk.agent.post("/functions/hang")
    assert (answer.status_code, answer.json()["reason"]) == (504, "function_late")


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_function_tells_nobody_flags_that_are_not_for_them(desk: Desk, wrapped: bool) -> None:
    @desk.front.functions.post("/file")
    async def file(media: str, ctx: Context) -> Any:
        record = await ctx.media(media)
        return Answer({"files": [record]}) if wrapped else {"files": [record]}

    fields = {"media": (await desk.sent_file())["media"]["sid"]}
    told = [await who.post("/functions/file", data=fields) for who in (desk.customer, desk.agent)]
    assert [answer.json()["files"][0]["flags"] for answer in told] == [[], ["card_number"]]
