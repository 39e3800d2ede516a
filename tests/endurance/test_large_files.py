"""Large, endless and slow uploads: memory stays flat, and what is too much is cut off."""

from __future__ import annotations

import asyncio
import hashlib
import json
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.servers import Server, running

MIB = 1024 * 1024
LIMIT = 101 * MIB  # bytes
MOST = 32 * MIB  # bytes that a file may cost, whatever its size
STALL = 30  # seconds that an upload may stand still

LINE = b"A line of a very long text that somebody sends as a file.\n"


def largest(folder: Path, size: int) -> str:
    """A policy under which files may have so many bytes."""
    file = folder / "policy.toml"
    file.write_text(f"[files]\nlargest = {size}\n")
    return str(file)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data", policy=largest(tmp_path, LIMIT), verdict_patience=60) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "sound"])
async def test_a_file_of_100_mb_costs_little_memory(server: Server, tmp_path: Path, kind: str) -> None:
    file, small = (text_file, sound_file)[kind == "sound"], 100_000
    chat = server.start_chat()
    await upload(server, chat, file(tmp_path / "small", small))
    process = psutil.Process(server.pid)
    before = process.memory_info().rss
    path = file(tmp_path / "large", 100 * MIB)

    peak, watching = [before], asyncio.Event()
    watcher = asyncio.create_task(watch(process, peak, watching))
    media = await upload(server, chat, path)
    await read_back(server, chat, media, path)
    watching.set()
    await watcher

    assert (media["state"], media["size"]) == ("clean", path.stat().st_size)
    assert max(peak) - before <= MOST, f"{(max(peak) - before) / MIB:.1f} MiB"


async def test_the_first_byte_beyond_the_limit_ends_an_upload(tmp_path: Path) -> None:
    with running(tmp_path / "data", policy=largest(tmp_path, MIB)) as server:
        chat = server.start_chat()
        fits, beyond = (LINE * (2 * MIB))[:MIB], b"x"
        assert (await stream(server, chat, fits, is_ended=True))[0] == 201
        # The stream goes on, so that only the byte itself can be what ends it.
        status, error = await stream(server, chat, fits + beyond, is_ended=False)
        assert (status, error["reason"], error["code"]) == (413, "media_too_large", 60034)
        assert error["message"] == "The file is larger than we can take."
        assert error["advice"] == "Please send a smaller or compressed copy."


async def test_a_gigabyte_without_a_length_is_cut(server: Server) -> None:
    chat = server.start_chat()
    process = psutil.Process(server.pid)
    before, peak, watching = process.memory_info().rss, [0], asyncio.Event()
    watcher = asyncio.create_task(watch(process, peak, watching))
    sent = 0

    async def gigabyte() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1024 * MIB:
            sent += len(LINE) * 10_000
            yield LINE * 10_000

    async with httpx.AsyncClient(base_url=server.address, timeout=60, trust_env=False) as client:
        answer: httpx.Response | None = None
        with suppress(httpx.TransportError):  # the server hung up while more was being written
            answer = await client.post(address(chat), content=gigabyte(), headers=bearer(chat))
    watching.set()
    await watcher

    assert answer is None or answer.status_code == 413
    assert sent < LIMIT + 64 * MIB  # what was on its way, and what the server read on to be heard
    assert max(peak) - before <= MOST
    assert bytes_on_disk(server) == []


@pytest.mark.slow
async def test_uploads_that_only_hold_their_places_are_cut(server: Server) -> None:
    chat = server.start_chat()
    answers = await asyncio.gather(hold(server, chat), hold(server, chat, is_dripping=True))
    for answer, seconds in answers:
        assert b" 408 " in answer.split(b"\r\n")[0], answer
        assert b"too_slow" in answer
        assert STALL - 1 < seconds < STALL + 5
    assert bytes_on_disk(server) == []


# Files


def text_file(path: Path, size: int) -> Path:
    path = path.with_suffix(".txt")
    path.write_bytes((LINE * (size // len(LINE) + 1))[:size])
    return path


def sound_file(path: Path, size: int) -> Path:
    """A WAV: 16 bit, two channels, 48 kHz, of a tone that goes up and down."""
    path = path.with_suffix(".wav")
    size -= size % 4
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 192_000, 4, 16)
    wave = struct.pack("<200h", *(abs(step % 100 - 50) * 200 for step in range(200)))
    body = (wave * (size // len(wave) + 1))[:size]
    path.write_bytes(b"RIFF" + struct.pack("<I", size + 36) + b"WAVE" + form)
    with path.open("ab") as file:
        file.write(b"data" + struct.pack("<I", size) + body)
    return path


# Sending


async def upload(server: Server, chat: dict[str, Any], path: Path) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=server.address, timeout=120, trust_env=False) as client:
        answer = await client.post(
            address(chat, path.name),
            content=pieces(path),
            headers={**bearer(chat), "content-length": str(path.stat().st_size)},
        )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def read_back(server: Server, chat: dict[str, Any], media: dict[str, Any], path: Path) -> None:
    """The same bytes come back."""
    place = f"/v1/channels/{chat['channel_sid']}/media/{media['sid']}/link"
    digest = hashlib.sha256()
    async with httpx.AsyncClient(base_url=server.address, timeout=120, trust_env=False) as client:
        link = (await client.post(place, json={}, headers=bearer(chat))).json()
        async with client.stream("GET", link["url"]) as answer:
            async for chunk in answer.aiter_bytes():
                digest.update(chunk)
    with path.open("rb") as file:
        assert digest.digest() == hashlib.file_digest(file, "sha256").digest()


async def stream(
    server: Server, chat: dict[str, Any], content: bytes, *, is_ended: bool
) -> tuple[int, dict[str, Any]]:
    """Send content in one chunk without a length; gives the answer, which may come before the end."""
    end = b"0\r\n\r\n" if is_ended else b""
    async with wire(server) as (reader, writer):
        writer.write(head(chat, "transfer-encoding: chunked"))
        writer.write(b"%x\r\n%s\r\n%s" % (len(content), content, end))
        async with asyncio.timeout(10):
            status, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
            lines = dict(line.lower().split(b": ", 1) for line in rest.split(b"\r\n") if line)
            body = await reader.readexactly(int(lines[b"content-length"]))
    return int(status.split()[1]), json.loads(body)


@asynccontextmanager
async def wire(server: Server) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def hold(server: Server, chat: dict[str, Any], *, is_dripping: bool = False) -> tuple[bytes, float]:
    """Begin an upload and hardly go on; gives what was answered, and after how many seconds."""
    began = time.monotonic()
    async with wire(server) as (reader, writer):
        writer.write(head(chat, "content-length: 100000") + LINE)
        dripping = asyncio.create_task(drip(writer)) if is_dripping else None
        answer = await asyncio.wait_for(reader.read(), STALL + 10)
        if dripping:
            dripping.cancel()
    return answer, time.monotonic() - began


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.5)


async def pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(256 * 1024):
            yield piece


async def watch(process: psutil.Process, peak: list[int], end: asyncio.Event) -> None:
    while not end.is_set():
        peak.append(process.memory_info().rss)
        await asyncio.sleep(0.005)


def head(chat: dict[str, Any], length: str) -> bytes:
    token = bearer(chat)["authorization"]
    lines = (f"POST {address(chat)} HTTP/1.1", "host: localhost", f"authorization: {token}", length)
    return "\r\n".join((*lines, "", "")).encode()


def address(chat: dict[str, Any], name: str = "long.txt") -> str:
    return f"/v1/channels/{chat['channel_sid']}/media?Filename={name}"


def bearer(chat: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {chat['token']}"}


def bytes_on_disk(server: Server) -> list[Path]:
    return [path for path in (server.data / "files").rglob("*") if path.is_file()]
