"""What the requirements say of the house itself: whom it calls, what it forgets, how long it believes."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import vestibule
from tests.requirements.conftest import Front
from vestibule.app import open_house
from vestibule.config import load
from vestibule.payloads import DeleteMessage, SendMessage, StartChat
from vestibule.tokens import LIFETIME

SOURCES = Path(vestibule.__file__).parent
OUTGOING = {"httpx", "urllib.request", "http.client", "requests", "aiohttp", "obstore"}
# Whom an operator's setting names, and nobody else.
SCANNERS = {"checks/webhook.py", "checks/clamd.py", "checks/icap_wire.py"}
# Whom the account's own credentials name; tests/gateways holds that nobody behind our door is reached.
WEBHOOKS = {"gateways/webhooks/connections.py", "gateways/webhooks/posting.py"}
CALLERS = {*SCANNERS, *WEBHOOKS, "storage/objects.py"}
# What an operator starts by hand, and tells where the house is.
COMMANDS = {"reaching.py", "selftest"}


def test_sf_01_nothing_fetches_an_address_that_somebody_sent() -> None:
    """Only parts that are told whom to call by the configuration can call anybody at all."""
    outgoing = [path.relative_to(SOURCES) for path in SOURCES.rglob("*.py") if _calls_out(path)]
    assert {str(path) for path in outgoing if path.parts[0] not in COMMANDS} <= CALLERS


def _calls_out(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    names = {name for node in ast.walk(ast.parse(text)) for name in _imported(node)}
    return bool(names & OUTGOING) or "open_connection(" in text or "sock_connect(" in text


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


async def test_au_04_an_access_token_is_good_for_a_quarter_of_an_hour(front: Front) -> None:
    assert LIFETIME <= 15 * 60
    old = front.house.tokens.mint(front.session.identity, front.house.service.sid, lifetime=-60)[0]
    answer = await front.customer.get(front.channel, headers={"authorization": f"Bearer {old}"})
    assert answer.status_code == 401


async def test_au_05_who_asks_too_often_is_told_when_to_come_again(front: Front) -> None:
    place = f"{front.channel}/messages"
    answers = await asyncio.gather(*(front.customer.post(place, json={"body": "Hi"}) for _ in range(80)))
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert int(slowed[0].headers["retry-after"]) >= 1


async def test_de_01_what_was_deleted_is_in_no_file_of_the_house(tmp_path: Path) -> None:
    words = "The lighthouse keeper's blue bicycle"
    async with open_house(load(data=str(tmp_path)), at_work=False) as house:
        system = house.context()
        channel_sid = (await system.invoke(StartChat(friendly_name="Ada"))).channel.sid
        for body in ("Before.", words, "After."):
            message = await system.invoke(SendMessage(channel_sid, body=body, key=body))
            if body == words:
                secret = message
        assert _holding(tmp_path, words)
        await system.invoke(DeleteMessage(channel_sid, secret.sid))
        async with asyncio.timeout(10):  # a quiet second later it is in no log either
            while _holding(tmp_path, words):
                await asyncio.sleep(0.05)
    assert not _holding(tmp_path, words)


def _holding(folder: Path, words: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
