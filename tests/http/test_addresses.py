"""By which name and way people come, and that they are led back by the same."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.http.desk import PDF, Desk
from vestibule.http.forwarding import addresses_told, host_told, prefix_told, scheme_told

PROXY = "10.0.0.1"


def through(desk: Desk, headers: dict[str, str], **changes: Any) -> httpx.AsyncClient:
    """The account, through a proxy of ours that says this."""
    front = desk.changed(trusted_proxies=("10.0.0.0/8",), **changes)
    client = desk.client(front, peer=PROXY, **headers)
    client.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    return client


def addresses(value: Any) -> set[str]:
    """Every address that an answer holds."""
    if isinstance(value, dict):
        return {found for part in value.values() for found in addresses(part)}
    if isinstance(value, list):
        return {found for part in value for found in addresses(part)}
    return {value} if isinstance(value, str) and value.startswith("http") else set()


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"host": "chat.example.com"}, "http://chat.example.com"),
        ({"host": "ip-messaging.example.com:8443"}, "http://ip-messaging.example.com:8443"),
        ({"host": "Chat.Example.com", "x-forwarded-proto": "https"}, "https://chat.example.com"),
        ({"host": "inside:8000", "x-forwarded-host": "chat.example.com"}, "http://chat.example.com"),
        (
            {
                "host": "chat.example.com",
                "x-forwarded-proto": "https",
                "x-forwarded-port": "8443",
                "x-forwarded-prefix": "/support/",
            },
            "https://chat.example.com:8443/support",
        ),
        (
            {"host": "chat.example.com", "x-forwarded-proto": "https", "x-forwarded-port": "443"},
            "https://chat.example.com",
        ),
        (
            {"host": "x", "forwarded": 'for=192.0.2.1;host="chat.example.com:8443";proto=https'},
            "https://chat.example.com:8443",
        ),
        ({"host": "x.example", "x-forwarded-host": 'evil"><script>'}, "http://desk.test"),
        ({"host": "x.example", "x-forwarded-proto": "javascript"}, "http://x.example"),
        ({"host": "x.example", "x-forwarded-prefix": "//evil.example"}, "http://x.example"),
        ({"host": "x.example", "x-forwarded-prefix": "/../.."}, "http://x.example"),
    ],
)
async def test_people_are_led_back_the_way_they_came(desk: Desk, headers: dict[str, str], base: str) -> None:
    found = addresses((await through(desk, headers).get(f"{desk.service}/Channels?PageSize=1")).json())
    assert found
    assert {address for address in found if not address.startswith(f"{base}/v2/Services/")} == set()


@pytest.mark.parametrize("alias", ["/chat", "/ip-messaging"])
async def test_a_path_may_stand_for_the_host(desk: Desk, alias: str) -> None:
    for number in range(3):
        await desk.account.post(f"{desk.service}/Channels", data={"UniqueName": f"room {number}"})
    url, names = f"{alias}{desk.service}/Channels?PageSize=2", []
    while url:
        page = (await desk.account.get(url)).json()
        names += [channel["unique_name"] for channel in page["channels"]]
        assert all(f"http://desk.test{alias}/v2/" in address for address in addresses(page))
        url = page["meta"]["next_page_url"]

    assert names[-3:] == ["room 0", "room 1", "room 2"]
    missing = await desk.account.get(f"{alias}{desk.service}/Channels/none")
    assert missing.json()["message"].startswith("The requested resource /Services/IS")
    assert (await desk.account.get(missing.json()["more_info"])).status_code == 200
    assert (await desk.account.get(f"{alias}/v2/none")).json()["code"] == 20404
    assert (await desk.account.get(f"{alias}/desk")).status_code == 404


async def test_the_media_service_has_a_path_of_its_own_too(desk: Desk) -> None:
    place = f"/mcs/v1/Services/{desk.house.service_sid}/Media"
    kind = {"content-type": "application/pdf"}
    media = (await desk.account.post(f"{place}?Filename=x.pdf", content=PDF, headers=kind)).json()
    seen = (await desk.account.get(f"{place}/{media['sid']}")).json()

    assert (await desk.client().get(seen["links"]["content_direct_temporary"])).content == PDF


async def test_the_configured_address_wins(desk: Desk) -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    client = through(desk, headers, public_url="https://chat.example.com/")
    for alias in ("", "/chat"):
        found = addresses((await client.get(f"{alias}/v2/Services")).json())
        assert found
        assert all(address.startswith(f"https://chat.example.com{alias}/v2/") for address in found)


async def test_nobody_but_a_proxy_of_ours_is_believed(desk: Desk) -> None:
    said = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil",
        "x-forwarded-port": "1",
        "forwarded": "host=evil.example;proto=https",
    }
    client = desk.client(**said)
    client.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    found = addresses((await client.get("/v2/Services")).json())
    assert all(address.startswith("http://desk.test/v2/") for address in found)


async def test_a_false_name_is_told_to_its_caller_alone(desk: Desk) -> None:
    poisoned = desk.client(host="evil.example")
    poisoned.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)
    channel = (await poisoned.post(f"{desk.service}/Channels", data={"UniqueName": "x"})).json()
    seen = await desk.account.get(f"{desk.service}/Channels/x")

    assert channel["url"].startswith("http://evil.example/")
    assert "evil" not in seen.text
    assert seen.headers["cache-control"] == "no-store"


def test_of_several_values_ours_is_the_one_that_our_outermost_proxy_wrote() -> None:
    headers = {
        "x-forwarded-proto": "ftp, https, http",
        "x-forwarded-host": "evil.example, chat.example.com, inside",
        "x-forwarded-prefix": "/evil, /chat, /",
    }
    assert (scheme_told(headers, 2), host_told(headers, 2, "https")) == ("https", "chat.example.com")
    assert prefix_told(headers, 2) == "/chat"
    assert host_told({"x-forwarded-host": "chat.example.com"}, 2, "https") == "chat.example.com"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("for=192.0.2.60", "192.0.2.60"),
        ('For="[2001:db8:cafe::17]:4711"; proto=http, for="192.0.2.7:99"', "2001:db8:cafe::17,192.0.2.7"),
        ('for="_hidden", for=unknown', "_hidden,unknown"),
        ('for="a\\"b,c";x=1,for=1.1.1.1', 'a"b,c,1.1.1.1'),
        ("for=", ""),
        ('for="', ""),
        ("for=192.0.2.60," * 1000, ""),
        ("", ""),
    ],
)
def test_a_forwarded_header_is_read(header: str, told: str) -> None:
    assert addresses_told({"forwarded": header}) == told
    assert addresses_told({"forwarded": header, "x-forwarded-for": "192.0.2.1"}) == "192.0.2.1"
