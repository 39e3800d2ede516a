"""Passage: what stands between visitors and the house lets through what it should, as it should."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx

from vestibule.selftest.cases import Broken, Cases, NotTested, must
from vestibule.selftest.speaking import greeted
from vestibule.selftest.visit import Visit
from vestibule.selftest.visitor import said, told

cases = Cases("on the way")

PROMPT = 5.0  # seconds in which a message must be heard
BURST, AT_ONCE = 600, 30  # requests: twice what one address may send at once


@cases.case("socket")
async def socket(visit: Visit) -> str:
    """A WebSocket gets through."""
    seen = await greeted(visit, visit.visitor.token)
    must(seen == "welcome", f"{seen}: does the proxy pass on Upgrade and Connection?")
    return seen


@cases.case("messages at once")
async def at_once(visit: Visit) -> str:
    """What is sent is heard at once, and not when some buffer is full."""
    visitor = visit.visitor
    channel = told(await visitor.ask("GET", visitor.channel))
    async with visit.door.socket() as line:
        await line.send(json.dumps({"type": "hello", "token": visitor.token}))
        await line.send(
            json.dumps({"type": "subscribe", "stream": visitor.channel_sid, "seq": channel["seq"]})
        )
        began = time.monotonic()
        sid = await visitor.say(body="A word of the self-test.")
        try:
            await asyncio.wait_for(_heard(line, sid), PROMPT)
        except TimeoutError:
            raise Broken(f"a message was not heard within {PROMPT:.0f} s") from None
    return f"{(time.monotonic() - began) * 1000:.0f} ms"


async def _heard(line: Any, message_sid: str) -> None:
    while json.loads(await line.recv()).get("event", {}).get("sid") != message_sid:
        pass


@cases.case("addresses in answers")
async def addresses(visit: Visit) -> str:
    """Absolute addresses in answers are those that visitors use."""
    place, origin = visit.visitor.place, visit.door.origin
    path = f"/v2/Services/{place['service_sid']}/Channels/{place['channel_sid']}"
    answer = await visit.visitor.ask("GET", path)
    must(answer.status_code == 200, f"{path} was answered {said(answer)}")
    channel = told(answer)
    found = [channel.get("url"), *(channel.get("links") or {}).values()]
    strange = [url for url in found if url and not str(url).lower().startswith(f"{origin}/")]
    must(not strange, f"there is {strange[:1]}: set `public_url`, or pass on Host and X-Forwarded-Proto")
    url = (await visit.photo()).url
    secure = not url.startswith("http:") or not visit.door.is_secure
    must(secure, f"files are at {url.partition('/files/')[0]}, without https")
    return origin if url.startswith(("/", origin)) else f"{origin}, files at {url.partition('/files/')[0]}"


@cases.case("rate limits")
async def rate_limits(visit: Visit) -> str:
    """Who says that their request comes from elsewhere is slowed down all the same (X-Forwarded-For)."""
    if await _slowed(visit, pretending=True):
        return "429, whatever the request says of itself"
    if await _slowed(visit, pretending=False):
        raise Broken("a request that names another address (X-Forwarded-For) is not slowed")
    raise NotTested(f"{BURST} requests are not slowed: limits are off, or the way is too slow to reach them")


async def _slowed(visit: Visit, *, pretending: bool) -> bool:
    """Whether many requests at once meet a limit. They ask who is signed in, which costs nothing."""
    for start in range(0, BURST, AT_ONCE):
        answers = await asyncio.gather(
            *(_knock(visit, number, pretending) for number in range(start, start + AT_ONCE))
        )
        if any(answer.status_code == 429 for answer in answers):
            return True
    return False


async def _knock(visit: Visit, number: int, pretending: bool) -> httpx.Response:
    where = f"198.51.{100 + number // 250}.{number % 250 + 1}"
    headers = {"x-forwarded-for": where, "x-real-ip": where, "forwarded": f"for={where}"}
    return await visit.door.try_("GET", "/v1/session", headers=headers if pretending else {})
