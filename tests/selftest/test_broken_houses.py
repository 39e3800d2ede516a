"""Houses that are broken in one place: the self-test names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.selftest import houses
from tests.selftest.houses import Layer, behind, seen, with_gate
from vestibule import links
from vestibule.http.limits import Rate, Rates
from vestibule.selftest import passage, reading
from vestibule.testing import a_server

BROKEN: dict[str, tuple[Layer, dict[str, str]]] = {
    "a proxy leaves headers out": (
        houses.without(
            b"x-content-type-options",
            b"content-security-policy",
            b"referrer-policy",
            b"cross-origin-resource-policy",
        ),
        {
            "no guessing": "X-Content-Type-Options is ''",
            "pages are not guessed at": "/desk says X-Content-Type-Options: None",
            "sandbox": "no plain `sandbox` in ''",
            "pages run no foreign script": "no Content-Security-Policy",
            "no referrer": "Referrer-Policy is ''",
            "other sites": "it is ''",
        },
    ),
    "files' scripts may run": (
        houses.instead(b"content-security-policy", b"sandbox", b"sandbox allow-scripts"),
        {"sandbox": 'no plain `sandbox` in "sandbox allow-scripts;'},
    ),
    "pages may run anything": (
        houses.instead(b"content-security-policy", b"script-src", b"script-src 'unsafe-inline'"),
        {"pages run no foreign script": "scripts may come from 'unsafe-inline'"},
    ),
    "files may be cached": (
        houses.instead(b"cache-control", b"private, no-store", b"public, max-age=600"),
        {"no cache": "public"},
    ),
    "texts are shown": (
        houses.instead(b"content-disposition", b"attachment", b"inline"),
        {"text is saved": "Content-Disposition is 'inline;"},
    ),
    "pictures are pages": (
        houses.instead(b"content-type", b"image/jpeg", b"text/html"),
        {"picture's type": "text/html"},
    ),
    "scripts read the cookie": (
        houses.instead(b"set-cookie", b"HttpOnly", b"X"),
        {"cookie": "not HttpOnly"},
    ),
    "what requests say is lost": (
        houses.deaf_to(b"range", b"origin", b"sec-fetch-site"),
        {
            "ranges": "bytes=0-1 was answered 200",
            "socket of a foreign page": "welcome",
            "request of a foreign page": "starting a chat was answered 201",
        },
    ),
    "links are not looked at": (
        houses.opening_all_links(),
        {
            "changed link": "a changed link was answered 200",
            "link for somebody else": "was answered 200",
            "HEAD": "HEAD of a dead link was answered 200",
        },
    ),
    "strangers are let in": (houses.trusting(), {"without a token": "was answered 200"}),
    "a cache keeps what is deleted": (
        houses.remembering_files(),
        {"deleted message": "a link to it was answered 200"},
    ),
    "deleting does nothing": (
        houses.deleting_nothing(),
        {"deleted message": "a link to it was answered 200", "who has left": "was answered 200"},
    ),
    "a proxy takes small files only": (
        houses.taking_at_most(houses.MIB),
        {"as large as allowed": "raise the proxy's limit"},
    ),
    "a proxy keeps uploads": (
        houses.collecting(),
        {
            "too large, and says so": "does a proxy keep uploads",
            "too large, and says nothing": "does a proxy keep uploads",
        },
    ),
    "a proxy passes no sockets": (
        houses.without_sockets(),
        {
            "socket": "does the proxy pass on Upgrade",
            "socket of a foreign page": "no socket opens at all",
        },
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_is_broken_is_named(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, expected = BROKEN[broken]
    async with behind(layer, tmp_path, monkeypatch) as address:
        results = await seen(address, *expected)
    for name, sentence in expected.items():
        assert results[name].outcome == "broken", results[name]
        assert sentence in results[name].seen


GATES = {
    "rules": {"test virus": "it was let in"},
    "images": {"photo with its place": "EXIF is still in it", "picture bomb": "it was let in"},
    "documents": {
        "PDF with a script": "/JavaScript",
        "PDF that starts a program": "/Launch",
        "PDF with a file in it": "/EmbeddedFile",
        "PDF that is a page": "still in it",
    },
    "texts": {"table with formulas": "cells that compute"},
    "office": {"document with a macro": "it was let in", "document with a remote template": "it was let in"},
}


@pytest.mark.parametrize("check", GATES)
async def test_a_check_that_says_yes_to_everything_is_noticed(
    check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = GATES[check]
    async with with_gate(houses.bribed([check, "contents"]), tmp_path, monkeypatch) as address:
        results = await seen(address, *expected)
    for name, sentence in expected.items():
        assert results[name].outcome == "broken", results[name]
        assert sentence in results[name].seen


async def test_a_house_that_takes_everything_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["zip bomb", "locked zip", "test virus in a zip"]
    async with with_gate(
        houses.bribed(["archives", "rules", "contents", "sensitive"]), tmp_path, monkeypatch
    ) as address:
        results = await seen(address, *names)
    assert {results[name].seen for name in names} == {"it was let in"}


async def test_a_house_that_believes_where_requests_say_they_come_from_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So low that a busy machine reaches it.
    monkeypatch.setattr(Rates, "of", lambda **given: Rates(requests=Rate(1, 50)))
    believing = {"proxies": ("127.0.0.1",), "rate_limits": True}
    async with a_server(tmp_path, **believing) as (_, address):
        result = (await seen(address, "rate limits"))["rate limits"]
    assert (result.outcome, "is not slowed" in result.seen) == ("broken", True)


async def test_a_house_that_is_called_otherwise_is_noticed(tmp_path: Path) -> None:
    async with a_server(tmp_path, public_url="http://chat.example.com") as (_, address):
        result = (await seen(address, "addresses in answers"))["addresses in answers"]
    assert result.outcome == "broken"
    assert "http://chat.example.com/v2/" in result.seen


@pytest.mark.parametrize(("leeway", "outcome"), [(0, "held"), (600, "broken")])
async def test_a_link_that_grows_old_without_dying_is_noticed(
    leeway: int, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "LEEWAY", leeway)
    monkeypatch.setattr(reading, "CLOCKS", 1.5)
    async with a_server(tmp_path, link_seconds=1.0) as (_, address):
        assert (await seen(address, "old link"))["old link"].outcome == outcome


async def test_without_limits_nothing_is_said_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage, "BURST", 80)
    async with a_server(tmp_path) as (_, address):
        result = (await seen(address, "rate limits"))["rate limits"]
    assert (result.outcome, "are off" in result.seen) == ("not tested", True)


async def test_a_house_for_every_site_is_not_tested_for_foreign_ones(tmp_path: Path) -> None:
    names = ["socket of a foreign page", "request of a foreign page"]
    async with a_server(tmp_path, cors_origins=("*",)) as (_, address):
        results = await seen(address, *names)
    assert {results[name].outcome for name in names} == {"not tested"}
