"""Where webhooks may lead: out to the open Internet, and nowhere behind our own door."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from tests.checks.conversing import conversing
from tests.gateways.hooked import hooked
from tests.gateways.receiving import AUTH_TOKEN, Receiver
from tests.services import needed
from vestibule.errors import HookFailed
from vestibule.gateways.webhooks import Poster, anywhere, is_open
from vestibule.gateways.webhooks.posting import NoAnswer, target_of
from vestibule.payloads import SendMessage

HOME = "127.0.0.1"


def leading(*answers: str) -> tuple[list[str], object]:
    """Names that lead to one address after the other; and which were asked for."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1].split()

    return asked, resolve


# Addresses

CLOSED = """
0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1 2606:4700::1111%eth0
localhost 127.1 0x7f000001 2130706433 example.com
""".split()

OPEN = "1.1.1.1 8.8.8.8 172.32.0.1 100.128.0.1 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_of_the_open_internet_is_closed(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_open_internet_is_open(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "url", ["ftp://h/", "file:///etc/passwd", "//h/", "h", "", "http://", "http://a:b@h/", "http://a@h/"]
)
def test_an_address_that_is_none_of_the_webs_is_not_called(url: str) -> None:
    with pytest.raises(ValueError, match="it "):
        target_of(url, {})


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://h", "https://h/"),
        ("https://H:443/a b#part", "https://h/a%20b"),
        ("http://h?a=1", "http://h/?a=1"),
        ("http://ü.example/", "http://xn--tda.example/"),
    ],
)
def test_what_is_signed_is_what_is_called(url: str, called: str) -> None:
    assert str(target_of(url, {})) == called


# On the way


async def test_a_webhook_to_this_machine_is_not_called(tmp_path: Path, receiver: Receiver) -> None:
    async with hooked(tmp_path, may_reach=is_open) as site:
        chat = await site.house.chat()
        await site.webhook(chat.channel_sid, receiver.url)
        site.ask(receiver.url.replace(HOME, "localhost"))
        with pytest.raises(HookFailed):
            await chat.customer.invoke(SendMessage(chat.channel_sid, "Hello"))
        site.configure()
        await chat.customer.invoke(SendMessage(chat.channel_sid, "Hello"))
        await site.settled()
    assert (receiver.told, receiver.connections) == ([], 0)


async def test_a_name_with_one_private_address_is_not_called(receiver: Receiver) -> None:
    _, resolve = leading(f"{HOME} 10.0.0.1")
    poster = Poster(AUTH_TOKEN, lambda address: address == HOME, resolve=resolve)  # type: ignore[arg-type]
    with pytest.raises(NoAnswer, match=r"10\.0\.0\.1, which is no public address"):
        await poster.post(receiver.url.replace(HOME, "hook.example"), "POST", {}, 2)
    assert receiver.connections == 0
    await poster.close()


async def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once(receiver: Receiver) -> None:
    """The address that was looked at is the one that is called, under the name's own Host."""
    asked, resolve = leading(HOME, "127.0.0.2")
    poster = Poster(AUTH_TOKEN, lambda address: address == HOME, resolve=resolve)  # type: ignore[arg-type]
    url = receiver.url.replace(HOME, "hook.example")
    for _ in range(2):
        await poster.post(url, "POST", {"Body": "Hello"}, 2)
    assert asked == ["hook.example"]
    assert [told.headers["host"] for told in receiver.told] == [url.split("/")[2]] * 2
    await poster.close()

    again = Poster(AUTH_TOKEN, lambda address: address == HOME, resolve=resolve)  # type: ignore[arg-type]
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.2"):
        await again.post(url, "POST", {}, 2)
    await again.close()


async def test_a_name_that_leads_nowhere_is_no_answer() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return []

    poster = Poster(AUTH_TOKEN, anywhere, resolve=resolve)
    with pytest.raises(NoAnswer, match="has no address"):
        await poster.post("http://hook.example/", "POST", {}, 2)
    await poster.close()


async def test_another_address_of_the_name_is_tried_where_one_does_not_answer(receiver: Receiver) -> None:
    _, resolve = leading(f"127.0.0.3 {HOME}")  # nobody listens at the first
    poster = Poster(AUTH_TOKEN, anywhere, resolve=resolve)  # type: ignore[arg-type]
    assert (await poster.post(receiver.url.replace(HOME, "hook.example"), "POST", {}, 2)).is_good
    await poster.close()


@pytest.mark.parametrize("name", ["hook.example", "another.example"])
async def test_a_certificate_must_be_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    context = certified(tmp_path, "hook.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    _, resolve = leading(HOME)
    poster = Poster(AUTH_TOKEN, anywhere, resolve=resolve)  # type: ignore[arg-type]

    async def thank(reader: object, writer: object) -> None:
        await reader.readuntil(b"\r\n\r\n")  # type: ignore[attr-defined]
        writer.write(b"HTTP/1.1 204 Thanks\r\n\r\n")  # type: ignore[attr-defined]

    async with conversing(thank, context) as place:
        posting = poster.post(f"https://{name}:{place.split(':')[1]}/", "POST", {}, 2)
        if name == "hook.example":
            assert (await posting).status == 204
        else:
            with pytest.raises(NoAnswer, match="Hostname mismatch"):
                await posting
    await poster.close()


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's TLS for a name, with a certificate that it made itself, in `cert.pem`."""
    made = [needed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    named = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*made, *named, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
