"""Pages of other sites: which may use the API from a browser, also when it says no."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.http.desk import BASE, Desk
from vestibule.app import open_house
from vestibule.config import load
from vestibule.errors import ConfigurationError
from vestibule.http import Rate, Rates
from vestibule.http.addresses import origin_of, origins_of
from vestibule.web import web

SHOP = "https://shop.example"
SENT = "authorization, content-type, x-twilio-token, x-twilio-webhook-enabled"
FOREIGN = [
    "https://evil.example",
    "http://shop.example",
    f"{SHOP}:8443",
    f"{SHOP}.evil.example",
    "null",
    "http://[",
]


def page(desk: Desk, origin: str, *allowed: str, **changes: object) -> httpx.AsyncClient:
    return desk.client(desk.changed(cors_origins=allowed or (SHOP,), **changes), origin=origin)


def may_read(answer: httpx.Response, origin: str) -> bool:
    assert "access-control-allow-credentials" not in answer.headers  # cookies stay at home
    assert "set-cookie" not in answer.headers
    assert "origin" in answer.headers["vary"].lower()
    return answer.headers.get("access-control-allow-origin") == origin


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/v2/Services/IS1/Channels", "/v1/Services/IS1/Media", "/functions/x", "/v2/none"]
)
async def test_a_browser_may_ask_with_every_method_and_header(desk: Desk, method: str, path: str) -> None:
    asking = {"access-control-request-method": method, "access-control-request-headers": SENT}
    answer = await page(desk, SHOP).options(path, headers=asking)

    assert (answer.status_code, answer.content) == (204, b"")
    assert may_read(answer, SHOP)
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    taken = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert set(SENT.split(", ")) <= set(taken)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_the_api_does_not_take_is_not_allowed(desk: Desk, method: str) -> None:
    answer = await page(desk, SHOP).options(desk.service, headers={"access-control-request-method": method})
    assert method not in answer.headers["access-control-allow-methods"]


async def test_a_page_may_read_what_goes_wrong(desk: Desk) -> None:
    client = page(desk, SHOP, rates=Rates(requests=Rate(0.001, 1)))
    token = {"x-twilio-token": desk.token(desk.chat.customer.identity)}
    answers = [
        await client.get(desk.service),
        await client.get("/v2/none"),
        await client.put(f"{desk.service}/Channels"),
        await client.get(f"{desk.service}/Channels/none", headers=token),
        await client.get(f"{desk.service}/Channels/none", headers=token),
        await client.post("/functions/none", headers=token),
    ]

    assert [answer.status_code for answer in answers] == [401, 404, 405, 404, 429, 429]
    for answer in answers:
        assert may_read(answer, SHOP)
        assert "Retry-After" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_other_sites_read_nothing(desk: Desk, origin: str) -> None:
    client = page(desk, origin)
    asking = {"access-control-request-method": "POST", "access-control-request-headers": SENT}
    for answer in (await client.get("/v2/Services"), await client.options("/v2/Services", headers=asking)):
        assert answer.status_code in (204, 401)
        assert not may_read(answer, origin)
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-headers" not in answer.headers


@pytest.mark.parametrize("origin", [*FOREIGN[:5], SHOP])
async def test_with_a_star_every_site_may(desk: Desk, origin: str) -> None:
    assert may_read(await page(desk, origin, "*").get("/v2/Services"), origin)


async def test_our_own_page_may_by_whichever_name_it_has(desk: Desk) -> None:
    assert may_read(await page(desk, BASE).get("/v2/Services"), BASE)
    public = "https://chat.example.com"
    assert may_read(await page(desk, public, public_url=f"{public}/").get("/v2/Services"), public)


async def test_a_link_may_be_read_from_everywhere_also_when_it_is_void(desk: Desk) -> None:
    link = await desk.link(await desk.sent_file(), desk.customer)
    client = desk.client(origin="https://evil.example")
    asking = {"access-control-request-method": "GET", "access-control-request-headers": "range"}
    answers = [
        await client.get(link),
        await client.get("/files/none/none"),
        await client.options(link, headers=asking),
    ]

    assert [answer.status_code for answer in answers][::2] == [200, 204]
    assert answers[1].status_code in (403, 404, 410)
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"*"}
    assert "Range" in answers[2].headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://shop.example", SHOP),
        ("HTTPS://Shop.Example/", SHOP),
        ("https://shop.example:443", SHOP),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", f"{SHOP}:8443"),
        ("http://[2001:DB8::1]:80", "http://[2001:db8::1]"),
        (" * ", "*"),
    ],
)
def test_an_origin_is_meant_as_browsers_write_it(written: str, meant: str) -> None:
    assert origins_of([written]) == (meant,)


@pytest.mark.parametrize("text", ["null", "", "shop.example", "http://[", "https://x:port", "https://"])
def test_what_is_no_origin_is_none(text: str) -> None:
    assert origin_of(text) == ""


async def test_the_configuration_is_read_that_way_too(tmp_path: Path) -> None:
    settings = load(data=str(tmp_path), cors_origins=("HTTPS://Shop.Example:443/",))
    async with open_house(settings, at_work=False) as house:
        transport = httpx.ASGITransport(web(house))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            assert may_read(await client.get("/v2/Services", headers={"origin": SHOP}), SHOP)


async def test_a_start_with_what_is_no_origin_says_so(tmp_path: Path) -> None:
    settings = load(data=str(tmp_path), cors_origins=("shop.example",))
    async with open_house(settings, at_work=False) as house:
        with pytest.raises(ConfigurationError, match=r"shop\.example"):
            web(house)
