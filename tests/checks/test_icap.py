"""A scanner over ICAP: a real c-icap with its echo and its virus scan, and one that lies."""

from __future__ import annotations

import ssl
from pathlib import Path

import msgspec
import pytest

from tests.checks.c_icap import Servers
from tests.checks.conftest import HOME_MADE
from tests.checks.lying_icap import (
    NO_CONTENT,
    OPTIONS,
    Deed,
    echo,
    keep_silent,
    never_read,
    say,
    say_at_once,
    scanning,
    sent_back,
)
from tests.checks.specimens import EICAR, JPEG, PDF, SID, specimen, stored
from tests.checks.test_webhook import certified
from vestibule.checks.icap import IcapCheck
from vestibule.errors import CheckUnavailable, ConfigurationError
from vestibule.models import Verdict

real = pytest.mark.icap

FILE = b"hello " * 1000
LARGE = 8 * 1024 * 1024  # bytes: more than sockets hold


async def verdict_of(
    check: IcapCheck, folder: Path, content: bytes = FILE, filename: str = "notes.txt"
) -> Verdict:
    """What the check says of a received file."""
    storage = await stored(folder, content)
    return (await check(specimen(content, filename), storage)).verdict


# A real c-icap


@real
async def test_a_service_that_passes_everything_on_says_clean(c_icap: Servers, tmp_path: Path) -> None:
    verdict = await verdict_of(IcapCheck(c_icap.echo), tmp_path, bytes(LARGE))
    assert verdict.is_clean, verdict
    assert verdict.version.startswith("C-ICAP")


@real
@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (FILE, "notes.txt"),
        (b"x", "notes.txt"),
        (PDF.ljust(3_000_000), "Rechnung für März.pdf"),
        (JPEG.ljust(LARGE), "photo.jpg"),
    ],
    ids=["text", "one byte", "pdf", "large photo"],
)
async def test_a_harmless_file_is_clean(
    c_icap: Servers, tmp_path: Path, content: bytes, filename: str
) -> None:
    verdict = await verdict_of(IcapCheck(c_icap.virus_scan), tmp_path, content, filename)
    assert verdict.is_clean, verdict


@real
@pytest.mark.parametrize("content", [EICAR, bytes(LARGE) + HOME_MADE])
async def test_an_infected_file_is_found_and_named(c_icap: Servers, tmp_path: Path, content: bytes) -> None:
    verdict = await verdict_of(IcapCheck(c_icap.virus_scan), tmp_path, content)
    assert (verdict.outcome, verdict.reason) == ("infected", "infected"), verdict
    assert "Vestibule.Test." in verdict.detail


@real
async def test_a_service_that_is_not_there_is_an_error(c_icap: Servers, tmp_path: Path) -> None:
    verdict = await verdict_of(IcapCheck(c_icap.echo + "es"), tmp_path)
    assert (verdict.outcome, verdict.reason) == ("error", "check_failed")


@real
async def test_readiness_asks_the_service_what_it_is(c_icap: Servers) -> None:
    assert await IcapCheck(c_icap.virus_scan).ping()


# A service that lies


@pytest.mark.parametrize("content", [b"x", FILE, bytes(LARGE)], ids=len)
async def test_no_content_to_the_whole_file_is_clean(tmp_path: Path, content: bytes) -> None:
    async with scanning(say(NO_CONTENT)) as scanner:
        verdict = await verdict_of(IcapCheck(scanner.url), tmp_path, content)
    assert verdict.is_clean, verdict
    assert verdict.version == "Lying Scanner 1 signatures-7"
    assert scanner.asked[0].body == content


async def test_a_service_sees_name_and_type_and_nothing_can_be_slipped_in(tmp_path: Path) -> None:
    async with scanning(say(NO_CONTENT)) as scanner:
        await verdict_of(IcapCheck(scanner.url), tmp_path, filename="März\r\nX-Evil: 1.txt")
    asked = scanner.asked[0]
    assert asked.head.startswith(f"RESPMOD {scanner.url} ICAP/1.0\r\n")
    assert "Allow: 204\r\n" in asked.head
    assert "Preview" not in asked.head
    assert asked.http.startswith(f"GET http://vestibule/{SID}/M%C3%A4rz%0D%0AX-Evil%3A%201.txt HTTP/1.1")
    assert f"Content-Type: text/plain\r\nContent-Length: {len(FILE)}\r\n\r\n" in asked.http


@pytest.mark.parametrize("content", [b"x", FILE, bytes(LARGE)], ids=len)
async def test_the_same_file_sent_back_is_clean(tmp_path: Path, content: bytes) -> None:
    options = OPTIONS.replace(b"Allow: 204\r\n", b"")
    async with scanning(echo, options) as scanner:
        verdict = await verdict_of(IcapCheck(scanner.url), tmp_path, content)
    assert verdict.is_clean, verdict
    assert "Allow: 204" not in scanner.asked[0].head


FOUND: dict[str, Deed] = {
    "another page": say(sent_back(b"<h1>No!</h1>")),
    "a longer file": say(sent_back(FILE + b"!")),
    "a shorter file": say(sent_back(FILE[:-1])),
    "a file with one byte changed": say(sent_back(b"H" + FILE[1:])),
    "the same with another status": say(sent_back(FILE, status="403 Forbidden")),
    "the same, and a find": say(sent_back(FILE, "X-Infection-Found: Type=0; Resolution=2; Threat=EICAR;")),
    "the same, and a name": say(sent_back(FILE, "X-Virus-ID: EICAR")),
    "the same, and a list": say(
        sent_back(FILE, "X-Violations-Found: 1\r\n\tletter.txt\r\n\tEICAR\r\n\t1\r\n\t0")
    ),
    "nothing in its place": say(b"ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, null-body=19\r\n\r\n"),
    "no content, and a find": say(NO_CONTENT[:-2] + b"x-infection-found: Threat=EICAR;\r\n\r\n"),
    "an error, and a find": say(b"ICAP/1.0 500 Oh\r\nX-Virus-ID: EICAR\r\n\r\n"),
}


@pytest.mark.parametrize("found", FOUND)
async def test_what_a_service_replaces_or_names_is_infected(tmp_path: Path, found: str) -> None:
    async with scanning(FOUND[found]) as scanner:
        verdict = await verdict_of(IcapCheck(scanner.url, 2), tmp_path)
    assert (verdict.outcome, verdict.reason) == ("infected", "infected"), verdict
    assert verdict.detail.isprintable()


def ok(*lines: str) -> bytes:
    return "\r\n".join(("ICAP/1.0 200 OK", *lines, "", "")).encode()


LIES: dict[str, tuple[Deed, str]] = {
    "silence": (keep_silent, "timeout"),
    "silence without reading": (never_read, "timeout"),
    "too late": (say(NO_CONTENT, after=30), "timeout"),
    "hangs up at once": (say_at_once(b""), "error"),
    "hangs up after the bytes": (say(b""), "error"),
    "garbage": (say(b"\x00\x89PNG\xff\r\n\r\n"), "error"),
    "another protocol": (say(b"HTTP/1.1 204 No Content\r\n\r\n"), "error"),
    "another version": (say(b"ICAP/2.0 204 No Content\r\n\r\n"), "error"),
    "a status that is none": (say(b"ICAP/1.0 2040 No Content\r\n\r\n"), "error"),
    "half a head": (say(NO_CONTENT[:-2]), "error"),
    "a line that is no header": (say(b"ICAP/1.0 204 No Content\r\nclean\r\n\r\n"), "error"),
    "a huge head": (say(b"ICAP/1.0 204 No\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n"), "error"),
    **{
        f"status {status}": (say(f"ICAP/1.0 {status} Hm\r\n\r\n".encode()), "error")
        for status in (100, 201, 206, 301, 400, 403, 404, 405, 408, 500, 502, 503)
    },
    "no place of a body": (say(ok()), "error"),
    "a place beyond all": (say(ok("Encapsulated: res-hdr=0, res-body=999999999")), "error"),
    "no body": (say(ok("Encapsulated: res-body=0")), "error"),
    "a body that is no chunk": (say(ok("Encapsulated: res-body=0") + FILE), "error"),
    "a chunk of a negative size": (
        say(ok("Encapsulated: res-body=0") + b"-5\r\nhello\r\n0\r\n\r\n"),
        "error",
    ),
    "a chunk that is longer": (say(ok("Encapsulated: res-body=0") + b"2\r\nhello\r\n0\r\n\r\n"), "error"),
    "the same file, cut off": (say(sent_back(FILE, cut=-3)), "error"),
    "half the same file": (say(sent_back(FILE, cut=3000)), "error"),
    "a trailer without end": (say(sent_back(FILE, cut=-2) + b"a: b\r\n" * 1000), "error"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_of_a_service_opens_a_file(tmp_path: Path, lie: str) -> None:
    deed, outcome = LIES[lie]
    async with scanning(deed) as scanner:
        verdict = await verdict_of(IcapCheck(scanner.url, 0.5), tmp_path)
    assert (verdict.outcome, verdict.reason) == (outcome, "check_failed"), verdict


@pytest.mark.parametrize("early", [NO_CONTENT, sent_back(bytes(LARGE), cut=70_000)], ids=["204", "200"])
async def test_consent_before_the_end_is_no_consent(tmp_path: Path, early: bytes) -> None:
    async with scanning(say_at_once(early)) as scanner:
        for _ in range(10):
            verdict = await verdict_of(IcapCheck(scanner.url, 2), tmp_path, bytes(LARGE))
            assert verdict.outcome == "error", verdict


OPTION_LIES = {
    "nothing": b"",
    "not found": b"ICAP/1.0 404 No\r\n\r\n",
    "another method": OPTIONS.replace(b"RESPMOD, ", b""),
    "no ICAP": b"HTTP/1.1 200 OK\r\nMethods: RESPMOD\r\n\r\n",
    "half": OPTIONS[:60],
}


@pytest.mark.parametrize("options", OPTION_LIES)
async def test_a_service_that_cannot_say_what_it_is_is_not_asked(tmp_path: Path, options: str) -> None:
    async with scanning(say(NO_CONTENT), OPTION_LIES[options]) as scanner:
        check = IcapCheck(scanner.url, 0.5)
        assert (await verdict_of(check, tmp_path)).outcome == "error"
        with pytest.raises((CheckUnavailable, EOFError)):
            await check.ping()
    assert scanner.asked == []


async def test_nobody_at_the_address_is_an_error(tmp_path: Path, unused_tcp_port: int) -> None:
    check = IcapCheck(f"icap://127.0.0.1:{unused_tcp_port}/scan")
    assert (await verdict_of(check, tmp_path)).outcome == "error"


async def test_bytes_that_are_not_there_are_no_consent(tmp_path: Path) -> None:
    """Raising counts as `error`; waiting for a service that waits for us would take all the time."""
    storage = await stored(tmp_path, FILE)
    lost = msgspec.structs.replace(specimen(FILE), media_sid="ME" + "1" * 32)
    async with scanning(say(NO_CONTENT)) as scanner:
        with pytest.raises(Exception, match="storage"):
            await IcapCheck(scanner.url, 5)(lost, storage)


async def test_a_service_over_tls_must_be_vouched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls: ssl.SSLContext = certified(tmp_path)
    async with scanning(say(NO_CONTENT), tls=tls) as scanner:
        assert (await verdict_of(IcapCheck(scanner.url), tmp_path / "a")).outcome == "error"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert (await verdict_of(IcapCheck(scanner.url), tmp_path / "b")).is_clean


@pytest.mark.parametrize(
    "url",
    [
        "",
        "scanner",
        "http://scanner/x",
        "icap://",
        "icap://scanner",
        "icap://h:x/s",
        "icap://h/a b",
        "icap://h/\r\nX",
    ],
)
def test_a_wrong_address_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="icap://host:port/service"):
        IcapCheck(url)
