"""What `deploy/` holds: nginx runs with its example, and the compose file names what is there."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import websockets
import yaml

from tests.docs.committed import ROOT
from tests.services import needed
from vestibule import config
from vestibule.testing import a_server

DEPLOY = ROOT / "deploy"

# What a distribution's own nginx.conf would say around the example.
AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
    fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    include {folder}/site.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def configured(folder: Path, *, upstream: int, plain: int, tls: int) -> Path:
    """The example with ports of this machine and a certificate of its own."""
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"^.*\[::\].*\n", "", site, flags=re.M)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace(
        "listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"
    )
    site = site.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{upstream};")
    site = site.replace("/etc/ssl/private/", f"{folder}/").replace("/etc/ssl/", f"{folder}/")
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    return folder / "nginx.conf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a certificate in it."""
    key, certificate = tmp_path / "chat.example.com.key", tmp_path / "chat.example.com.pem"
    request = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=chat.example.com".split()
    made = [needed("openssl"), *request, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    return tmp_path


def test_nginx_takes_the_example_without_a_warning(folder: Path) -> None:
    file = configured(folder, upstream=free_port(), plain=free_port(), tls=free_port())
    asked = subprocess.run(
        [needed("nginx"), "-t", "-q", "-c", str(file)], capture_output=True, text=True, check=False
    )
    assert (asked.returncode, asked.stderr) == (0, "")


@dataclass(frozen=True)
class Online:
    """A house behind nginx, as the example puts it online."""

    public: str
    plain: str  # without TLS


@pytest.fixture
async def online(folder: Path) -> AsyncIterator[Online]:
    plain, tls = free_port(), free_port()
    there = Online(f"https://127.0.0.1:{tls}", f"http://127.0.0.1:{plain}")
    settings = {"proxies": ["127.0.0.1"], "public_url": there.public}
    async with a_server(folder / "data", **settings) as (_, address):
        file = configured(folder, upstream=int(address.rpartition(":")[2]), plain=plain, tls=tls)
        with subprocess.Popen([needed("nginx"), "-c", str(file)]) as nginx:
            await listening(tls)
            yield there
            nginx.terminate()


async def listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


def browser(online: Online) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=online.public, verify=False, timeout=20)


async def test_people_come_through_nginx_and_are_sent_to_https(online: Online) -> None:
    async with browser(online) as client:
        assert (await client.get("/healthz")).status_code == 200
        plain = await client.get(f"{online.plain}/desk")
        assert (plain.status_code, plain.headers["location"][:8]) == (301, "https://")


async def test_what_is_too_large_is_said_by_the_house_in_words(online: Online) -> None:
    async with browser(online) as client:
        chat = (await client.post("/v1/chats", json={})).json()
        sent = await client.post(
            f"/v1/channels/{chat['channel_sid']}/media?Filename=a.txt",
            content=b"x" * (25 * 1024 * 1024 + 1),
            headers={"Authorization": f"Bearer {chat['token']}", "Content-Type": "text/plain"},
        )
        assert sent.status_code == 413
        assert sent.json()["advice"]


async def test_a_socket_stays_open_through_nginx(online: Online) -> None:
    async with browser(online) as client:
        chat = (await client.post("/v1/chats", json={})).json()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    url = online.public.replace("https", "wss") + "/v1/socket"
    async with asyncio.timeout(10), websockets.connect(url, ssl=trusting, origin=online.public) as connection:
        await connection.send(f'{{"type": "hello", "token": "{chat["token"]}"}}')
        assert '"welcome"' in str(await connection.recv())


def test_the_compose_file_names_what_is_there() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    volumes = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert {name for name in volumes if name[0] not in "./"} == set(compose["volumes"])
    assert (DEPLOY / services["vestibule"]["build"]["context"] / "deploy" / "Dockerfile").exists()
    settings = {name: str(value) for name, value in services["vestibule"]["environment"].items()}
    assert config.load(environment=settings).clamd == ("tcp://clamav:3310",)


def test_the_image_copies_what_is_there_and_is_not_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / name).exists() for name in line.split()[1:-1]), line
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
