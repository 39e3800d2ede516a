"""What one socket may take, and how it ends."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.people import Chat, House
from tests.sockets.clients import Site, serving
from vestibule.payloads import SendMessage
from vestibule.sockets import wire
from vestibule.sockets.limits import SERVER, Limits


async def test_a_frame_that_is_too_large_closes(site: Site) -> None:
    ada = await site.connect("ada")
    await ada.ws.send("x" * (64 * 1024 + 1))
    assert await ada.closed() == 1009


@pytest.mark.parametrize("frame", ["x" * 65537, "ä" * 40000])
async def test_it_does_so_behind_a_server_that_takes_more(house: House, frame: str) -> None:
    async with serving(house, server={"ws_max_size": 2**20}) as site:
        ada = await site.connect("ada")
        await ada.ws.send(frame)
        assert await ada.closed() == 1009


async def test_a_frame_just_small_enough_is_read(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    assert (await ada.say(chat.channel_sid, "x" * 32768, key="k"))["type"] == "sent"
    assert (await ada.say(chat.channel_sid, "x" * 60000, key="l"))["error"]["reason"] == "message_too_long"


async def test_a_flood_closes(house: House) -> None:
    async with serving(house, Limits(frames_per_second=10, burst=20)) as site:
        ada = await site.connect("ada")
        with pytest.raises((ConnectionClosed, asyncio.CancelledError)):
            await asyncio.gather(*[await ada.begin("ping") for _ in range(30)])
        assert await ada.closed() == 4429


async def test_whoever_keeps_to_the_rate_stays(house: House) -> None:
    async with serving(house, Limits(frames_per_second=200, burst=5)) as site:
        ada = await site.connect("ada")
        for _ in range(30):
            await asyncio.sleep(0.01)
            assert (await ada.ask("ping"))["type"] == "pong"


async def test_more_sockets_than_anybody_needs_are_refused_to_one_person_only(house: House) -> None:
    async with serving(house, Limits(sockets=2)) as site:
        first, _ = await site.connect("ada"), await site.connect("ada")
        third = await site.dial()
        await third.begin("hello", token=site.token("ada"))
        assert await third.closed() == 4429
        await site.connect("grace")
        await first.ws.close()
        while site.hub.count("ada") > 1:
            await asyncio.sleep(0.01)
        await site.connect("ada")


async def test_more_streams_than_allowed_are_refused(house: House) -> None:
    async with serving(house, Limits(streams=1)) as site:
        chat = await house.chat()
        ada = await site.connect(chat.customer.identity)
        assert (await ada.subscribe(chat.channel_sid))["error"]["status"] == 429


async def test_more_at_once_than_allowed_waits(house: House) -> None:
    chat = await house.chat()
    limits = Limits(in_flight=2, burst=1000)
    async with serving(house, limits) as site:
        ada = await site.connect(chat.customer.identity)
        asked = [
            await ada.begin("send", channel_sid=chat.channel_sid, body="x", key=str(number))
            for number in range(50)
        ]
        assert {answer["type"] for answer in await asyncio.gather(*asked)} == {"sent"}


async def test_a_slow_reader_is_dropped_and_the_others_go_on(house: House) -> None:
    chat = await house.chat()
    async with serving(house, Limits(queue_bytes=200_000)) as site:
        slow, fast = await site.connect("grace"), await site.connect(chat.customer.identity)
        await slow.subscribe(chat.channel_sid)
        await fast.subscribe(chat.channel_sid)
        slow.ws.transport.pause_reading()
        for _ in range(400):  # 12 MB: more than the kernel keeps for a socket
            await house.system.invoke(SendMessage(chat.channel_sid, "x" * 30_000))
        await fast.until(lambda: len(fast.bodies()) == 400)
        slow.ws.transport.resume_reading()
        assert await slow.closed() == 4408
        assert len(slow.bodies()) < 400
        back = await site.connect("grace")
        await back.subscribe(chat.channel_sid, slow.events[-1]["seq"])
        await back.until(lambda: len(slow.bodies()) + len(back.bodies()) == 400)


async def test_a_reader_who_never_reads_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LINGER", 0.1)
    chat = await house.chat()
    async with serving(house, Limits(queue_frames=4, parting_seconds=0.1)) as site:
        slow = await site.connect("grace")
        await slow.subscribe(chat.channel_sid)
        slow.ws.transport.pause_reading()
        async with asyncio.timeout(10):
            while site.hub.online():
                await house.system.invoke(SendMessage(chat.channel_sid, "x" * 30_000))
            while site.server.server_state.connections:
                await asyncio.sleep(0.01)
        slow.ws.transport.abort()


async def test_a_restart_is_said_after_all_was_sent(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    asked = [
        await ada.begin("send", channel_sid=chat.channel_sid, body="x", key=str(number))
        for number in range(20)
    ]
    await ada.ask("ping")
    await site.hub.close()
    assert await ada.closed() == 1012
    assert {future.result()["type"] for future in asked} == {"sent"}
    assert site.hub.online() == set()
    assert await (await site.dial()).closed() == 1012


async def test_the_hub_can_go_on_after_it_dismissed_everybody(site: Site) -> None:
    ada = await site.connect("ada")
    await site.hub.dismiss()
    assert await ada.closed() == 1012
    assert (await site.connect("ada")).code is None


async def test_uvicorns_own_shutdown_says_so_too(house: House) -> None:
    async with serving(house) as site:
        ada = await site.connect("ada")
        site.server.should_exit = True
        assert await ada.closed() == 1012


async def test_nothing_is_compressed(site: Site) -> None:
    async with connect(site.url, compression="deflate", proxy=None) as asking:
        assert asking.response is not None
        assert "Sec-WebSocket-Extensions" not in asking.response.headers


async def test_a_peer_that_answers_no_ping_is_gone(house: House) -> None:
    async with serving(house, server={**SERVER, "ws_ping_interval": 0.1, "ws_ping_timeout": 0.1}) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        key = b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        async with asyncio.timeout(5):
            assert b"101" in await reader.readuntil(b"\r\n\r\n")
            await reader.read(-1)  # to the end
        writer.close()
        await writer.wait_closed()


async def test_whoever_goes_leaves_nothing_behind(site: Site, chat: Chat) -> None:
    ada = await site.connect(chat.customer.identity)
    await ada.subscribe(chat.channel_sid)
    await ada.begin("send", channel_sid=chat.channel_sid, body="last words", key="k")
    ada.ws.transport.abort()
    async with asyncio.timeout(5):
        while site.hub.online() or site.hub._streams:
            await asyncio.sleep(0.01)
