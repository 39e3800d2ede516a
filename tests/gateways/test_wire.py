"""How webhooks' connections are kept, lost and read."""

from __future__ import annotations

import asyncio

import pytest

from tests.checks.conversing import Conversation, conversing
from tests.gateways.receiving import AUTH_TOKEN
from vestibule.gateways.webhooks import Poster, anywhere
from vestibule.gateways.webhooks.posting import NoAnswer

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"


async def heard(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))


def answering(*answers: bytes) -> tuple[list[int], Conversation]:
    """Gives these answers on one connection and hangs up; and how many there were."""
    connections: list[int] = []

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        for answer in answers:
            await heard(reader)
            writer.write(answer)

    return connections, converse


async def test_a_connection_that_was_hung_up_meanwhile_is_made_anew() -> None:
    connections, converse = answering(OK)
    poster = Poster(AUTH_TOKEN, anywhere)
    async with conversing(converse) as place:
        for _ in range(3):
            assert (await poster.post(f"http://{place}/", "POST", {}, 2)).body == b"{}"
    await poster.close()
    assert len(connections) == 3


async def test_a_connection_that_is_hung_up_on_the_next_request_is_made_anew() -> None:
    """The receiver reads it and is gone, as at its own restart: it is told once more."""
    connections, converse = answering(OK, b"")
    poster = Poster(AUTH_TOKEN, anywhere)
    async with conversing(converse) as place:
        for _ in range(3):
            assert (await poster.post(f"http://{place}/", "POST", {}, 2)).is_good
    await poster.close()
    assert len(connections) == 3


@pytest.mark.parametrize("answer", [CHUNKED, HINTS + OK], ids=["chunked", "after hints"])
async def test_an_answer_is_read_however_it_comes(answer: bytes) -> None:
    _, converse = answering(answer)
    poster = Poster(AUTH_TOKEN, anywhere)
    async with conversing(converse) as place:
        assert (await poster.post(f"http://{place}/", "POST", {}, 2)).body == b"{}"
    await poster.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
    ids="nothing half negative endless other".split(),
)
async def test_half_an_answer_is_none(answer: bytes) -> None:
    _, converse = answering(answer)
    poster = Poster(AUTH_TOKEN, anywhere)
    async with conversing(converse) as place:
        with pytest.raises(NoAnswer):
            await poster.post(f"http://{place}/", "POST", {}, 2)
    await poster.close()
