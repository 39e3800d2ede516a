"""The self-test through the way that visitors come: nginx, as the example sets it up, with https."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.docs.test_deployment import configured, listening
from tests.servers import command, free_port
from tests.services import needed
from vestibule.selftest import through
from vestibule.testing import a_server


def certified(folder: Path) -> Path:
    """A certificate for this machine's own address, which is its own authority."""
    made = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    names = (folder / "chat.example.com.key", folder / "chat.example.com.pem")
    files = ["-keyout", str(names[0]), "-out", str(names[1])]
    subprocess.run([needed("openssl"), *made.split(), *files], check=True, capture_output=True)
    return names[1]


@pytest.fixture
async def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The public address of a house behind nginx."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certified(tmp_path)))
    tls = free_port()
    settings = {"proxies": ["127.0.0.1"], "public_url": f"https://127.0.0.1:{tls}", "rate_limits": True}
    async with a_server(tmp_path / "data", **settings) as (_, address):
        upstream = int(address.rpartition(":")[2])
        file = configured(tmp_path, upstream=upstream, plain=free_port(), tls=tls)
        with subprocess.Popen([needed("nginx"), "-c", str(file)]) as nginx:
            await listening(tls)
            yield settings["public_url"]
            nginx.terminate()


async def test_all_holds_through_nginx_as_the_example_sets_it_up(public: str) -> None:
    report = await through(public)
    results = {result.name: result for result in report.results}
    not_held = {result.name for result in report.results if result.outcome != "held"}
    assert not_held <= {"old link", "rate limits"}, report.of("broken")  # a busy machine reaches no limit
    assert results["rate limits"].outcome != "broken"
    assert "Secure" in results["cookie"].seen
    assert results["https only"].seen.startswith("max-age=31536000")


async def test_a_certificate_of_nobody_s_is_told(public: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    done = await asyncio.to_thread(command, "selftest", "--url", public)
    assert done.returncode == 2
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert "SSL_CERT_FILE" in done.stderr
