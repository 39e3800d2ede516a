"""What the requirements say of links and the bytes behind them, through the front door."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.requirements.conftest import Front
from tests.servers import Server, command, running
from vestibule.config import Settings, load
from vestibule.errors import ConfigurationError
from vestibule.links import LEEWAY, Links

WORDS = b"Three rooms, two doors.\n"


async def test_dl_01_to_03_every_answer_with_a_file_says_how_to_take_it(front: Front) -> None:
    message = await front.sent(WORDS, 'caf\u00e9 "notes".txt')
    answer = await front.customer.get(await front.link(message))
    headers = answer.headers
    assert headers["content-disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''caf%C3%A9" in headers["content-disposition"]
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, no-store"


async def test_dl_06_many_ranges_are_the_whole_file_once_and_nothing_is_packed(front: Front) -> None:
    url = await front.link(await front.sent(WORDS))
    many = "bytes=" + ",".join(f"{at}-{at}" for at in range(20))
    answer = await front.customer.get(url, headers={"range": many, "accept-encoding": "gzip, br"})
    assert (answer.status_code, answer.content) == (200, WORDS)
    assert "content-encoding" not in answer.headers
    beyond = await front.customer.get(url, headers={"range": "bytes=999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(WORDS)}")


@pytest.mark.parametrize(("age", "is_good"), [(LEEWAY - 10, True), (LEEWAY + 10, False)])
async def test_su_02_clocks_may_differ_by_half_a_minute_and_no_more(
    age: float, is_good: bool, front: Front
) -> None:
    message = await front.sent(WORDS)
    record = await front.house.context().media(message["media"]["sid"])
    old = Links(front.house.keyring.link_secrets, lifetime=-age)
    answer = await front.customer.get(old.mint(record, "safe", "inline", front.session.identity).url)
    assert answer.status_code == (200 if is_good else 403)


def test_su_02_a_link_lives_minutes_and_never_more_than_an_hour() -> None:
    assert Settings().link_seconds <= 300
    with pytest.raises(ConfigurationError):
        load(link_seconds=3601)


def test_su_04_links_outlive_one_rotation_of_their_secret_and_not_two(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        chat = server.start_chat()
        url = _linked(server, chat)
        for status in (200, 403):
            assert command("key", "rotate-links", "--data", server.data).returncode == 0
            server.stop()
            server.start()
            with server.stranger() as viewer:
                assert viewer.get(url).status_code == status
        with server.stranger() as viewer:
            assert viewer.get(_linked(server, chat)).status_code == 200
        for word in (*(value for name, value in server.secrets.items() if "secret" in name and value), url):
            assert word not in server.log


def _linked(server: Server, chat: dict[str, str]) -> str:
    place = f"/v1/channels/{chat['channel_sid']}"
    with server.client(chat["token"]) as customer:
        media = customer.post(f"{place}/media?Filename=bill.txt", content=WORDS).json()
        answer: httpx.Response = customer.post(f"{place}/media/{media['sid']}/link", json={})
    return str(answer.json()["url"])


async def test_su_03_a_deleted_message_kills_a_link_that_is_still_good(front: Front) -> None:
    message = await front.sent(WORDS)
    url = await front.link(message)
    assert (await front.customer.get(url)).status_code == 200
    await front.customer.delete(f"{front.channel}/messages/{message['sid']}")
    assert (await front.customer.get(url)).status_code in {403, 404, 410}
