"""What holds for every answer: errors, headers, limits, origins, proxies, pages, numbers."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.desk import Desk, served
from vestibule.context import Context
from vestibule.errors import VestibuleError
from vestibule.http import Rate, Rates, bodies, build
from vestibule.http.addresses import Addresses, bucket_of
from vestibule.http.docs import actions, errors
from vestibule.http.limits import KEYS, Buckets
from vestibule.http.routes import Routes, Table

SHAPE = {"code", "message", "more_info", "status", "reason"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/v1/nothing/here", 404),
        ("GET", "/assets/none.js", 404),
        ("GET", "/assets/../../etc/passwd", 404),
        ("GET", "/assets/..%2F..%2Fhouse.sqlite", 404),
        ("GET", "/assets/%00", 404),
        ("GET", "/v1//site", 404),
        ("GET", "/v1/channels/", 404),
        ("PUT", "/v1/site", 405),
        ("POST", "/v1/site", 405),
        ("GET", "/v1/tasks", 401),
        ("GET", "/v1/site/", 404),
        ("POST", "/functions/none", 401),
    ],
)
async def test_every_error_has_the_one_shape(desk: Desk, method: str, path: str, status: int) -> None:
    answer = await desk.client().request(method, path)

    assert answer.status_code == status
    assert set(answer.json()) >= SHAPE
    assert answer.json()["status"] == status
    if status == 405:
        assert answer.headers["allow"] == "GET"


async def test_what_breaks_tells_nothing_of_our_inside(desk: Desk) -> None:
    @desk.front.functions.post("/broken")
    async def broken(ctx: Context) -> None:
        raise RuntimeError("the secret is verdigris")  # no word that a random id could spell

    answer = await desk.agent.post("/functions/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, 60000)
    for word in ("secret", "verdigris", "RuntimeError"):
        assert word not in answer.text
    assert answer.json()["details"]["request_id"] == answer.headers["x-request-id"]


async def test_a_function_runs_as_its_caller_by_form_or_json(desk: Desk) -> None:
    @desk.front.functions.post("/block-user")
    async def block(memberSid: str, ctx: Context, hours: int = 1) -> dict[str, Any]:  # noqa: N803
        return {"by": ctx.identity, "member": memberSid, "hours": hours}

    browser, _ = await desk.signed_in()
    by_form = await browser.post(
        "/functions/block-user", data={"memberSid": "MB1", "hours": "2", "more": "x"}
    )
    by_json = await desk.customer.post("/functions/block-user", json={"memberSid": "MB1"})

    assert by_form.json() == {"by": "grace", "member": "MB1", "hours": 2}
    assert by_json.json()["by"] == desk.chat.customer.identity
    assert (await browser.post("/functions/block-user", data={})).status_code == 400
    foreign = await browser.post(
        "/functions/block-user", data={"memberSid": "x"}, headers={"origin": "https://evil.example"}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, 60001)


async def test_every_answer_carries_the_security_headers(desk: Desk) -> None:
    for path in ("/", "/desk", "/v1/site", "/docs", "/nothing", "/healthz", "/v2/Services"):
        headers = (await desk.client().get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-request-id"]


async def test_pages_and_scripts_come_from_the_built_front_end(desk: Desk) -> None:
    static = desk.front.static
    (static / "assets").mkdir(parents=True)
    (static / "desk.html").write_text("<!doctype html><p>desk")
    (static / "widget.js").write_text("let a = 1")
    (static / "assets" / "app-1a2b3c.js").write_text("let b = 2")
    visitor = desk.client(origin="https://shop.example")

    assert (await visitor.get("/desk")).text.endswith("desk")
    assert (await visitor.get("/")).status_code == 503
    widget, asset = await visitor.get("/widget.js"), await visitor.get("/assets/app-1a2b3c.js")
    for answer in (widget, asset):
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in asset.headers["cache-control"]
    assert "must-revalidate" in widget.headers["cache-control"]
    again = await visitor.get("/widget.js", headers={"if-none-match": widget.headers["etag"]})
    assert again.status_code == 304
    assert (await visitor.get("/assets/..%2Fdesk.html")).status_code in (200, 404)
    assert (await visitor.get("/assets/..%2F..%2Fhouse.sqlite")).status_code == 404


async def test_a_site_that_embeds_the_widget_may_read_and_others_may_not(desk: Desk) -> None:
    front = desk.changed(cors_origins=("https://shop.example",))
    asking = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    for origin, is_allowed in (("https://shop.example", True), ("https://evil.example", False)):
        page = desk.client(front, origin=origin)
        preflight = await page.options("/v1/chats", headers=asking)
        answer = await page.post("/v1/chats", json={})
        assert (preflight.headers.get("access-control-allow-origin") == origin) == is_allowed
        assert ("access-control-allow-headers" in preflight.headers) == is_allowed
        assert answer.status_code == (201 if is_allowed else 403)
        assert (answer.headers.get("access-control-allow-origin") == origin) == is_allowed
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["vary"] == "Origin"


async def test_too_many_requests_are_told_when_to_come_again(desk: Desk) -> None:
    front = desk.changed(rates=Rates(messages=Rate(0.5, 2), chats=Rate(0.1, 1)))
    customer = desk.holding(desk.chat.customer.identity, front=front)
    statuses = [
        (await customer.post(f"{desk.channel}/messages", json={"body": "x"})).status_code for _ in range(3)
    ]
    visitor = desk.client(front)
    first, second = await visitor.post("/v1/chats", json={}), await visitor.post("/v1/chats", json={})

    assert statuses == [201, 201, 429]
    assert (first.status_code, second.status_code) == (201, 429)
    assert 1 <= int(second.headers["retry-after"]) <= 10


async def test_nobody_gets_another_address_by_writing_one(desk: Desk) -> None:
    app = build(desk.changed(rates=Rates(chats=Rate(0.001, 1)), trusted_proxies=("10.0.0.0/8",)))

    async def start(peer: str, forwarded: str) -> int:
        transport = httpx.ASGITransport(app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            headers = {"x-forwarded-for": forwarded} if forwarded else {}
            return (await client.post("/v1/chats", json={}, headers=headers)).status_code

    assert await start("203.0.113.9", "") == 201
    assert await start("203.0.113.9", "192.0.2.1") == 429
    assert await start("10.0.0.1", "203.0.113.9") == 429
    assert await start("10.0.0.1", "192.0.2.77, 203.0.113.9") == 429
    assert await start("10.0.0.1", "1.1.1.1, 203.0.113.10, 10.9.9.9") == 201


def test_an_address_is_the_nearest_that_is_not_ours() -> None:
    addresses = Addresses(["10.0.0.0/8", "::1/128"])

    assert addresses.caller("10.1.1.1", "a, 192.0.2.5, 10.2.2.2") == "192.0.2.5"
    assert addresses.caller("::1", "nonsense") == "::1"
    assert addresses.caller("192.0.2.1", "192.0.2.2") == "192.0.2.1"
    assert addresses.caller("10.1.1.1", "") == "10.1.1.1"
    assert bucket_of("2001:db8::1") == bucket_of("2001:db8::ffff") != bucket_of("2001:db8:0:1::1")


def test_the_memory_of_the_limits_is_bounded() -> None:
    buckets = Buckets(Rate(1, 1))
    for number in range(KEYS + 500):
        buckets.take(str(number))
    assert len(buckets.held) == KEYS


async def test_a_body_that_is_too_large_or_too_slow_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless() -> Any:
        while True:
            yield b" " * 10_000

    address = f"{desk.channel}/messages"
    for content in (b" " * (bodies.LIMIT + 1), endless()):
        answer = await desk.customer.post(address, content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, 60003)
    monkeypatch.setattr(bodies, "STALL", 0.05)
    async with served(desk.front) as base:
        host, port = base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        token = desk.customer.headers["authorization"]
        head = f"POST {address} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\ncontent-length: 20\r\n\r\n"
        writer.write(head.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_a_slash_in_a_name_does_not_cut_the_path(desk: Desk) -> None:
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "a/b%2Fc"})
    answer = await desk.account.get(f"{desk.service}/Users/a%2Fb%252Fc")
    assert answer.json()["identity"] == "a/b%2Fc"


def test_a_literal_wins_over_a_value_in_the_table() -> None:
    routes, table = Routes(), Table()

    @routes.get("/v1/{noun}/x")
    async def one(call: Any, noun: str) -> None: ...

    @routes.get("/v1/site")
    async def two(call: Any) -> None: ...

    for route in routes.routes:
        table.add(route)
    assert table.find("GET", "/v1/site")[0].path == "/v1/site"
    assert table.find("HEAD", "/v1/site/x") == (routes.routes[0], {"noun": "site"})


async def test_health_and_numbers(desk: Desk) -> None:
    state = {"database": "ok", "antivirus": "off"}

    async def readiness() -> dict[str, str]:
        return state

    front = desk.changed(readiness=readiness)
    near, far = desk.client(front, peer="127.0.0.1"), desk.client(front)
    assert (await far.get("/healthz")).json() == {"status": "ok"}
    assert (await near.get("/readyz")).json() == {"status": "ok", "parts": state}
    state |= {"antivirus": "weak: one of two is away", "signatures": "old: 71 h"}
    assert (await near.get("/readyz")).json() == {"status": "ok", "parts": state}
    state["database"] = "OperationalError: disk"
    assert (await far.get("/readyz")).status_code == 503
    assert "disk" not in (await far.get("/readyz")).text
    assert "vestibule_requests_total" in (await near.get("/metrics")).text
    assert (await far.get("/metrics")).status_code == 404
    assert (await near.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"})).status_code == 404
    assert (await desk.account.get("/metrics")).status_code == 200


async def test_the_reference_has_every_route_action_event_and_error(desk: Desk) -> None:
    visitor = desk.client()
    page, table = (await visitor.get("/docs")).text, (await visitor.get("/docs/errors")).text
    description = (await visitor.get("/openapi.json")).json()

    for action in desk.house.actions.actions:
        assert f'id="{action}"' in page, action
    assert {kind.__name__ for kind in actions()} == set(desk.house.actions.actions)
    for error in errors():
        assert f'id="{error.code}"' in table
    assert description["openapi"] == "3.1.0"
    assert "/v1/channels/{channel_sid}/messages" in description["paths"]
    assert "Message" in description["components"]["schemas"]
    for text in (page, table):
        assert "<script" not in text
        assert "style=" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
    assert (await visitor.get("/docs/style.css")).headers["content-type"].startswith("text/css")


async def test_the_description_is_openapi(desk: Desk) -> None:
    from openapi_spec_validator import validate

    validate((await desk.client().get("/openapi.json")).json())


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in errors()]
    assert len(codes) == len(set(codes))
    assert VestibuleError in errors()


async def test_a_head_has_no_body_and_the_same_headers(desk: Desk) -> None:
    head, whole = await desk.client().head("/v1/site"), await desk.client().get("/v1/site")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]
