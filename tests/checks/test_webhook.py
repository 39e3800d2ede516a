"""A scanner over HTTP: what it is told, what it may answer, and every way in which it may lie."""

from __future__ import annotations

import hashlib
import hmac
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.checks.lying_http import (
    Deed,
    answer,
    keep_silent,
    never_end,
    never_read,
    reply,
    say,
    say_at_once,
    scanning,
)
from tests.checks.specimens import SID, specimen, stored
from tests.docs.committed import examples
from tests.services import needed
from vestibule.checks.webhook import WebhookCheck
from vestibule.errors import ConfigurationError
from vestibule.models import Verdict
from vestibule.ports import LateCheck

CLEAN = b'{"outcome": "clean"}'
LARGE = 8 * 1024 * 1024  # bytes: more than sockets hold


async def verdict_of(check: WebhookCheck, folder: Path, content: bytes = b"hello", **known: Any) -> Verdict:
    """What the check says of a received file."""
    storage = await stored(folder, content)
    digest = hashlib.sha256(content).hexdigest()
    described = msgspec.structs.replace(specimen(content), **{"sha256": digest, **known})
    return (await check(described, storage)).verdict


@pytest.mark.parametrize("outcome", ["clean", "infected", "suspicious", "refused", "later"])
async def test_a_scanner_says_what_it_found(tmp_path: Path, outcome: str) -> None:
    said = {"reason": "rule", "detail": "Test.Parcel", "version": "Scan 7"}
    async with scanning(answer(outcome, **said)) as scanner:
        verdict = await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path)
    assert (verdict.outcome, verdict.check) == (outcome, "webhook")
    assert (verdict.detail, verdict.version) == ("Test.Parcel", "Scan 7")
    assert verdict.reason == ("" if outcome == "clean" else "rule")


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("infected", "infected"),
        ("refused", "rule"),
        ("suspicious", "check_pending"),
        ("later", "check_pending"),
    ],
)
async def test_people_are_given_a_reason_whatever_the_scanner_says(
    tmp_path: Path, outcome: str, reason: str
) -> None:
    async with scanning(answer(outcome), answer(outcome, reason="its_own_words")) as scanner:
        check = WebhookCheck(scanner.url, "secret")
        for _ in range(2):
            assert (await verdict_of(check, tmp_path)).reason == reason


async def test_a_scanner_gets_every_byte_and_knows_what_they_are(tmp_path: Path) -> None:
    content = b"letter " * 300_000
    known = {
        "filename": 'Rechnung "März"\r\nX-Evil: 1.txt',
        "declared_type": "text/plain; charset=utf-8\r\nX: 1",
    }
    async with scanning(answer("clean")) as scanner:
        assert (await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path, content, **known)).is_clean
    asked = scanner.asked[0]
    assert (asked.line, asked.body) == ("POST /scan HTTP/1.1", content)
    named = "attachment; filename*=UTF-8''Rechnung%20%22M%C3%A4rz%22%0D%0AX-Evil%3A%201.txt"
    assert asked.headers["content-disposition"] == named
    assert asked.headers["vestibule-declared-type"] == "text/plain; charset=utf-8%0D%0AX%3A 1"
    assert asked.headers["content-type"] == "text/plain"
    assert asked.headers["vestibule-media"] == SID
    assert not {"x-evil", "x"} & asked.headers.keys()


async def test_a_scanner_can_tell_that_it_is_us_who_ask(tmp_path: Path) -> None:
    async with scanning(answer("clean")) as scanner:
        await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path)
    headers = scanner.asked[0].headers
    digest, moment = headers["vestibule-sha256"], headers["vestibule-timestamp"]
    assert digest == hashlib.sha256(scanner.asked[0].body).hexdigest()
    assert abs(time.time() - int(moment)) < 60
    signed = hmac.new(b"secret", f"{moment}.{digest}".encode(), hashlib.sha256).hexdigest()
    assert headers["vestibule-signature"] == signed


async def test_the_page_for_operators_tells_us_from_others(tmp_path: Path) -> None:
    async with scanning(answer("clean")) as scanner:
        await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path)
    page: dict[str, Any] = {}
    exec(next(text for place, text in examples("py") if "ask-your-own-scanner" in place), page)
    is_ours, headers = page["is_from_vestibule"], httpx.Headers(scanner.asked[0].headers)
    assert is_ours(headers, b"hello", "secret")
    assert not is_ours(headers, b"hullo", "secret")
    assert not is_ours(headers, b"hello", "guess")
    headers["Vestibule-Timestamp"] = str(int(headers["Vestibule-Timestamp"]) - 1)
    assert not is_ours(headers, b"hello", "secret")


async def test_a_scanner_is_told_where_it_may_vote_later(tmp_path: Path) -> None:
    async with scanning(answer("later")) as scanner:
        check = WebhookCheck(scanner.url, "secret", votes_url="https://chat.example/v1/verdicts/")
        await verdict_of(check, tmp_path, ballot="word")
    assert scanner.asked[0].headers["vestibule-vote"] == "https://chat.example/v1/verdicts/word"
    assert isinstance(check, LateCheck)


LIES: dict[str, tuple[Deed, str]] = {
    "silence": (keep_silent, "timeout"),
    "silence without reading": (never_read, "timeout"),
    "too late": (say(reply(CLEAN), after=30), "timeout"),
    "hangs up at once": (say_at_once(b""), "error"),
    "hangs up after the bytes": (say(b""), "error"),
    "empty answer": (say(reply(b"")), "error"),
    "garbage": (say(b"\x00\x89PNG\xff\r\n\r\n"), "error"),
    "garbage in an answer": (say(reply(b"\xff\xfe\x00clean")), "error"),
    "a word": (say(reply(b"clean")), "error"),
    "a list": (say(reply(b'["clean"]')), "error"),
    "nothing": (say(reply(b"{}")), "error"),
    "null": (say(reply(b'{"outcome": null}')), "error"),
    "an unknown outcome": (say(reply(b'{"outcome": "ok"}')), "error"),
    "an outcome that is ours to give": (say(reply(b'{"outcome": "error"}')), "error"),
    "another case": (say(reply(b'{"outcome": "Clean"}')), "error"),
    "an unknown field": (say(reply(b'{"outcome": "clean", "outcom": "infected"}')), "error"),
    "two answers": (say(reply(CLEAN + CLEAN)), "error"),
    "half an answer": (say(reply(CLEAN[:-4], length=len(CLEAN))), "error"),
    "half a JSON": (say(reply(CLEAN[:-1])), "error"),
    "half a head": (say(b"HTTP/1.1 200 OK\r\ncontent-le"), "error"),
    "a chunk cut off": (
        say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n" + CLEAN),
        "error",
    ),
    "deep JSON": (say(reply(b"[" * 60_000)), "error"),
    "zipped": (say(reply(CLEAN, "200 OK", "content-encoding: gzip")), "error"),
    "a huge body": (say(reply(CLEAN.ljust(100_000))), "error"),
    "an endless body": (never_end, "error"),
    **{
        f"clean with status {status}": (say(reply(CLEAN, status, "location: /clean")), "error")
        for status in (
            "500 Oh",
            "404 No",
            "401 Who",
            "202 Soon",
            "206 Part",
            "301 There",
            "307 There",
            "308 X",
        )
    },
    "no content": (say(b"HTTP/1.1 204 No Content\r\n\r\n"), "error"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_of_a_scanner_opens_a_file(tmp_path: Path, lie: str) -> None:
    deed, outcome = LIES[lie]
    async with scanning(deed, answer("clean")) as scanner:
        verdict = await verdict_of(WebhookCheck(scanner.url, "secret", 0.5), tmp_path)
    assert (verdict.outcome, verdict.reason) == (outcome, "check_failed"), verdict
    assert len(scanner.asked) == 1  # also after a redirect


async def test_clean_before_the_end_is_no_consent(tmp_path: Path) -> None:
    async with scanning(say_at_once(reply(CLEAN))) as scanner:
        for _ in range(10):  # whether a reset loses the answer is up to the kernel
            verdict = await verdict_of(WebhookCheck(scanner.url, "secret", 2), tmp_path, bytes(LARGE))
            assert verdict.outcome == "error", verdict


@pytest.mark.parametrize(("said", "outcome"), [("clean", "error"), ("infected", "infected")])
def test_who_saw_a_part_may_say_that_it_is_bad_but_not_that_it_is_good(said: str, outcome: str) -> None:
    """Asked directly: whether an early answer survives the reset behind it is up to the client's parts."""
    check = WebhookCheck("http://scanner/", "secret")
    assert check._verdict(b'{"outcome": "%b"}' % said.encode(), whole=False).outcome == outcome


async def test_nobody_at_the_address_is_an_error(tmp_path: Path, unused_tcp_port: int) -> None:
    check = WebhookCheck(f"http://127.0.0.1:{unused_tcp_port}/", "secret")
    assert (await verdict_of(check, tmp_path)).outcome == "error"


async def test_a_file_that_is_not_as_long_as_its_record_is_an_error(tmp_path: Path) -> None:
    async with scanning(answer("clean")) as scanner:
        for size in (4, 6):
            verdict = await verdict_of(WebhookCheck(scanner.url, "secret", 0.5), tmp_path, size=size)
            assert verdict.outcome == "error"


async def test_a_scanner_whose_certificate_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    async with scanning(answer("clean"), tls=certified(tmp_path)) as scanner:
        verdict = await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path / "files")
    assert verdict.outcome == "error"
    assert "CERTIFICATE" in verdict.detail
    assert scanner.asked == []


async def test_a_scanner_with_the_operators_own_certificate_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    async with scanning(answer("clean"), tls=tls) as scanner:
        assert (await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path / "files")).is_clean


async def test_files_go_past_no_proxy_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scanning(answer("infected")) as proxy, scanning(answer("clean")) as scanner:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert (await verdict_of(WebhookCheck(scanner.url, "secret"), tmp_path)).is_clean
    assert proxy.asked == []


@pytest.mark.parametrize("url", ["", "scanner", "ftp://scanner/", "http://", "icap://scanner/x"])
def test_a_wrong_address_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="http://host"):
        WebhookCheck(url, "secret")


def test_a_scanner_without_a_secret_is_told_at_the_start() -> None:
    with pytest.raises(ConfigurationError, match="webhook_secret"):
        WebhookCheck("http://scanner/", "")


def certified(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate that it made itself, in `cert.pem`."""
    made = [needed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=scanner", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*made, *named, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
