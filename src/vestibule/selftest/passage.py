"""Passage: what stands between visitors and the house lets through what it should, as it should."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from vestibule.selftest.cases import Broken, Cases, NotTested, must
from vestibule.selftest.speaking import greeted
from vestibule.selftest.visit import Visit
from vestibule.selftest.visitor import said, told

cases = Cases("on the way")

PROMPT = 5.0  # seconds in which a message must be heard
BURST, AT_ONCE = 1000, 40  # requests: several times what one address may send at once
ENOUGH = 20  # that were slowed: were the others limited as well, some would have been among them


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
    await _reach_limit(visit)
    plain, pretending = 0, 0  # answers that say: too many
    for start in range(0, BURST, AT_ONCE):
        # Side by side, so that both meet the same limit at the same time.
        slowed = await asyncio.gather(*(_is_slowed(visit, start + at) for at in range(AT_ONCE)))
        plain, pretending = plain + sum(slowed[::2]), pretending + sum(slowed[1::2])
        if pretending:
            return "429, whatever the request says of itself"
        must(plain < ENOUGH, "a request that names another address (X-Forwarded-For) is not slowed")
    raise NotTested("the way is too slow to reach the limits")


async def _reach_limit(visit: Visit) -> None:
    for _ in range(0, BURST, AT_ONCE):
        if any(await asyncio.gather(*(_is_slowed(visit, 0) for _ in range(AT_ONCE)))):
            return
    raise NotTested(f"{BURST} requests are not slowed: limits are off, or the way is too slow to reach them")


async def _is_slowed(visit: Visit, number: int) -> bool:
    """Ask who is signed in, which costs nothing. Every other request says that it comes from elsewhere."""
    where = f"198.51.{100 + number // 250}.{number % 250 + 1}"
    headers = {"x-forwarded-for": where, "x-real-ip": where, "forwarded": f"for={where}"}
    answer = await visit.door.try_("GET", "/v1/session", headers=headers if number % 2 else {})
    return answer.status_code == 429
