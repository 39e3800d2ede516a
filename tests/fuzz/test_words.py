"""Signed words, ranges and frames: whatever is not ours is refused by name, and nothing else is raised."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json

import jwt
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutations import bounded, fuzzed, mutated, nested_deeply
from vestibule.errors import FrameRefused, LinkInvalid, NotAuthenticated, RangeNotSatisfiable
from vestibule.http.ranges import Span, wanted
from vestibule.links import Links, Ticket
from vestibule.media.ballots import hash_of
from vestibule.sockets import frames
from vestibule.tokens import Claims, Tokens

LINKS = Links((b"secret", b"the one before"))
TICKET = Ticket("IS0", "CH0", "ME0", "safe", "inline", "ada", 1 << 40)
LINK = LINKS._sign(TICKET)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@given(text=mutated([LINK.encode()], rb"\.").map(lambda raw: raw.decode("latin-1")) | st.text(max_size=60))
@fuzzed(600)
def test_only_a_link_of_ours_is_read(text: str) -> None:
    with bounded(seconds=1):
        try:
            assert LINKS.read(text) == TICKET
            assert text == LINK
        except LinkInvalid:
            pass


async def _nobody(key_sid: str) -> str | None:
    return "not that one " * 4 if key_sid.startswith("SK") else None


TOKENS = Tokens("AC0", "SK0", "key secret " * 4, _nobody)
TOKEN, _ = TOKENS.mint("ada", "IS0")
SEALED = TOKENS.seal("chat", {"channel": "CH0"}, lifetime=1e6)


def made(head: object, claims: object) -> str:
    parts = (json.dumps(part).encode() for part in (head, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, b'"x"'))


ALGORITHMS = st.sampled_from(["none", "HS256", "RS256", "", 5, None])
HEADS = st.fixed_dictionaries({"alg": ALGORITHMS}, optional={"crit": JSON, "b64": JSON, "kid": JSON}) | JSON
CLAIMS = st.fixed_dictionaries({}, optional=dict.fromkeys("iss sub exp nbf aud grants".split(), JSON)) | JSON


@given(
    token=mutated([TOKEN.encode(), SEALED.encode()], rb"\.").map(lambda raw: raw.decode("latin-1"))
    | st.builds(made, HEADS, CLAIMS)
    | st.text(max_size=40)
)
@fuzzed(600)
def test_only_a_token_of_ours_says_who_somebody_is(token: str) -> None:
    with bounded(seconds=1):
        with contextlib.suppress(NotAuthenticated):
            claims = asyncio.run(TOKENS.read(token))
            assert (claims.identity, claims.service_sid) == ("ada", "IS0")
        with contextlib.suppress(NotAuthenticated):
            assert TOKENS.unseal("chat", token)["channel"] == "CH0"


@given(claims=CLAIMS)
@fuzzed(300)
def test_a_good_key_with_odd_claims_breaks_nothing(claims: object) -> None:
    """Whoever holds a key may sign anything."""
    if not isinstance(claims, dict):
        return
    with contextlib.suppress(TypeError, ValueError):
        token = jwt.encode({"iss": "SK0", "sub": "AC0", "exp": 1 << 31, **claims}, TOKENS.secret)
        with contextlib.suppress(NotAuthenticated):
            _require_claims(token)


def _require_claims(token: str) -> None:
    try:
        assert isinstance(asyncio.run(TOKENS.read(token)), Claims)
    except (TypeError, ValueError, OverflowError) as error:
        raise AssertionError(f"It raised {error!r}") from error


@given(word=st.text(max_size=40))
@fuzzed(50)
def test_any_word_has_a_hash(word: str) -> None:
    assert len(hash_of(word)) == 64


RANGES = st.lists(
    st.sampled_from("bytes = - 0 1 99 100 500 , ; 18446744073709551616 \u0663 \xa0 BYTES items x".split(" ")),
    max_size=8,
).map("".join) | st.text(max_size=40)


@given(header=RANGES, size=st.integers(0, 200))
@fuzzed(1500)
def test_a_range_lies_within_the_file_or_is_none(header: str, size: int) -> None:
    with bounded(seconds=1), contextlib.suppress(RangeNotSatisfiable):
        span = wanted(header, None, '"tag"', size)
        assert span is None or (isinstance(span, Span) and 0 <= span.start < span.end <= size)


FRAMES = [
    b'{"type":"hello","id":1,"token":"t","since":0}',
    b'{"type":"send","id":2,"channel_sid":"CH0","key":"k","body":"b","attributes":"{}","media_sid":null}',
    b'{"type":"subscribe","stream":"CH0","seq":3}',
    b'{"type":"read","channel_sid":"CH0","index":9007199254740992}',
]


@nested_deeply
@given(
    text=mutated(FRAMES, rb'["{:,]').map(lambda raw: raw.decode("utf-8", "replace"))
    | JSON.map(json.dumps)
    | st.builds(lambda kind, more: json.dumps({**more, "type": kind}), JSON, st.dictionaries(st.text(), JSON))
    | st.integers(1, 3000).map(lambda depth: '{"type":' * depth)
)
@fuzzed(600)
def test_no_frame_breaks_the_socket(text: str) -> None:
    with bounded(seconds=1):
        frames.frame_id(text)
        with contextlib.suppress(FrameRefused):
            frame = frames.decode(text)
            assert frame.id is None or 0 <= frame.id <= 2**53
