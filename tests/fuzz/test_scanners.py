"""What scanners answer, and what a decoder says: only the one plain word to the whole file opens it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutations import bounded, fuzzed, mutated, nested_deeply
from vestibule.checks import clamd, icap
from vestibule.checks.icap_wire import Address, Connection
from vestibule.checks.nursery import wire
from vestibule.checks.nursery.confinement import Limits
from vestibule.checks.sandbox import judged
from vestibule.checks.webhook import WebhookCheck
from vestibule.errors import CheckUnavailable
from vestibule.refusals import REFUSALS

# clamd

CLAMD = [
    b"stream: OK\0",
    b"stream: Eicar-Test FOUND\0",
    b"INSTREAM size limit exceeded. ERROR\0",
    b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0",
    b"UNKNOWN COMMAND\0",
]


@given(reply=mutated(CLAMD, b"[ :\0]") | st.binary(max_size=40), whole=st.booleans())
@fuzzed(600)
def test_only_ok_to_the_whole_file_is_clean(reply: bytes, whole: bool) -> None:
    outcome, reason, _ = clamd.judge(reply, whole=whole)
    word, zero, _ = reply.partition(b"\0")
    assert (outcome == "clean") == (whole and zero == b"\0" and word.strip() == b"stream: OK")
    assert outcome == "clean" or reason in REFUSALS


@given(pieces=st.lists(mutated(CLAMD) | st.binary(max_size=3000), max_size=6), is_reset=st.booleans())
@fuzzed(150)
def test_an_answer_is_read_to_its_zero_and_no_further_than_any_answer_goes(
    pieces: list[bytes], is_reset: bool
) -> None:
    async def read() -> bytes:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours, theirs:
            for piece in pieces:
                theirs.sendall(piece)
            if is_reset:
                theirs.close()
            else:
                theirs.shutdown(socket.SHUT_WR)
            return await clamd._read(ours)

    with bounded():
        reply = asyncio.run(read())
    sent = b"".join(pieces)
    assert sent.startswith(reply)
    assert len(reply) <= 2 * clamd.LONGEST_REPLY
    assert b"\0" in reply or reply == sent or len(reply) >= clamd.LONGEST_REPLY


# ICAP

FILE = b"the file itself"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n"
ICAP = [
    b'ICAP/1.0 204 No Content\r\nISTag: "a"\r\n\r\n',
    b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Threat=E;\r\nEncapsulated: null-body=0\r\n\r\n",
    b"ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=%d\r\n\r\n%bf\r\n%b\r\n0\r\n\r\n"
    % (len(HTTP), HTTP, FILE),
    b"ICAP/1.0 200 OK\r\nX-Virus-ID: 1\r\n\ta\r\n\tb\r\nEncapsulated: res-body=0\r\n\r\n0\r\nA: b\r\n\r\n",
    b"ICAP/1.0 500 Error\r\n\r\n",
]


@given(answer=mutated(ICAP, b"\r\n|[:,=;]") | st.binary(max_size=60), whole=st.booleans())
@fuzzed(600)
def test_only_the_same_file_or_no_content_is_clean(answer: bytes, whole: bool) -> None:
    async def ask() -> str:
        connection = Connection(Address.parse("icap://scanner.test/scan"))
        connection._reader = asyncio.StreamReader(limit=64 * 1024)
        connection._reader.feed_data(answer)
        connection._reader.feed_eof()
        connection._sent.size = len(FILE)
        connection._sent.digest.update(FILE)
        connection._sent.is_whole = whole
        return icap.judge(await connection._read_reply(len(FILE)))[0]

    with bounded():
        try:
            outcome = asyncio.run(ask())
        except (OSError, EOFError, CheckUnavailable):
            return
    if outcome == "clean":
        assert whole
        assert answer.startswith(b"ICAP/1.0 204") or FILE in answer


# HTTP

HTTP_ANSWERS = [
    b'{"outcome":"clean","reason":"","detail":"d","version":"1"}',
    b'{"outcome":"infected","reason":"infected"}',
    b'{"outcome":"later"}',
]
WEBHOOK = WebhookCheck("http://scanner.test/", "secret")


@nested_deeply
@given(
    answer=mutated(HTTP_ANSWERS, rb'["{:,]')
    | st.binary(max_size=60)
    | st.integers(1, 30_000).map(lambda depth: b"[" * depth)
    | st.integers(1, 9_000).map(lambda depth: b'{"outcome":' * depth),
    whole=st.booleans(),
)
@fuzzed(500)
def test_only_a_whole_word_of_json_is_clean(answer: bytes, whole: bool) -> None:
    with bounded(seconds=1):
        verdict = WEBHOOK._verdict(answer, whole=whole)
    assert verdict.is_clean or verdict.reason in REFUSALS
    if verdict.is_clean:
        assert whole
        assert json.loads(answer)["outcome"] == "clean"


# The sandbox

REPLIES = [
    b'{"outcome":"clean","value":{"width":3,"held":[1,{"a":null}]}}',
    b'{"outcome":"refused","reason":"damaged","detail":"no"}',
]
LIMITS = Limits(seconds=1, memory=1 << 20, output=1)


@nested_deeply
@given(
    said=mutated(REPLIES, rb'["{:,\[]')
    | st.binary(max_size=40)
    | st.integers(1, 16_000).map(lambda depth: b'{"outcome":"clean","value":' + b'{"a":' * depth)
    | st.integers(1, 16_000).map(lambda depth: b'{"outcome":"clean","value":{"a":' + b"[" * depth),
    status=st.sampled_from([0, 1, -9, -11, -24]),
)
@fuzzed(500)
def test_no_word_of_a_decoder_breaks_the_server(said: bytes, status: int) -> None:
    with bounded(seconds=2):
        answer = judged(wire.Ended(1, status, 10, 0.1), said, LIMITS)
    if answer.is_clean:
        assert status in {0, 1}
        assert json.loads(said)["outcome"] == "clean"


@given(packet=st.binary(max_size=60) | mutated([wire.encode(wire.Ended(1, 0, 1, 0.1))], rb'["{:,]'))
@fuzzed(200)
def test_no_packet_is_taken_for_another(packet: bytes) -> None:
    for decoder in (wire.from_nursery, wire.to_nursery):
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            decoder.decode(packet)
