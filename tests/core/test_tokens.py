"""AccessTokens and sealed words: which are believed, and which are not."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from vestibule.context import SYSTEM
from vestibule.errors import NotAuthenticated
from vestibule.tokens import LONGEST, Claims, Tokens

ACCOUNT, OURS, THEIRS = "AC" + "a" * 32, "SK" + "b" * 32, "SK" + "c" * 32
SERVICE = "IS" + "d" * 32
SECRET, OTHER_SECRET = "our secret of thirty-two letters", "an integrator's own, long enough"


async def find_secret(key_sid: str) -> str | None:
    return OTHER_SECRET if key_sid == THEIRS else None


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(ACCOUNT, OURS, SECRET, find_secret)


def official(secret: str = OTHER_SECRET, *, algorithm: str = "HS256", **changes: Any) -> str:
    """A token as the official helper libraries make it; a claim of None is left out."""
    now = int(time.time())
    claims = {
        "jti": f"{THEIRS}-{now}",
        "iss": THEIRS,
        "sub": ACCOUNT,
        "exp": now + 3600,
        "grants": {"identity": "ada", "chat": {"service_sid": SERVICE}},
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm, headers={"cty": "twilio-fpa;v=1"})


async def refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        await tokens.read(token)


async def test_our_own_token_says_who_somebody_is(tokens: Tokens) -> None:
    token, expires = tokens.mint("ada", SERVICE)
    assert await tokens.read(token) == Claims("ada", SERVICE, expires)
    assert jwt.get_unverified_header(token)["cty"] == "twilio-fpa;v=1"


async def test_a_token_of_the_official_helper_is_believed(tokens: Tokens) -> None:
    claims = await tokens.read(official())
    assert (claims.identity, claims.service_sid) == ("ada", SERVICE)


async def test_the_grant_has_an_older_name_too(tokens: Tokens) -> None:
    grants = {"identity": "ada", "ip_messaging": {"service_sid": SERVICE, "endpoint_id": "x"}}
    assert (await tokens.read(official(grants=grants))).service_sid == SERVICE


async def test_a_token_nobody_signed_is_refused(tokens: Tokens) -> None:
    await refused(tokens, official("", algorithm="none"))
    head, body, _ = official().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    await refused(tokens, f"{none}.{body}.")
    await refused(tokens, f"{head}.{body}.")


async def test_only_one_algorithm_is_believed(tokens: Tokens) -> None:
    await refused(tokens, official("x" * 64, algorithm="HS512"))
    await refused(tokens, official(OTHER_SECRET * 2, algorithm="HS384"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": OURS},  # signed with another key's secret
        {"iss": "SK" + "e" * 32},  # a key that is not there
        {"iss": None},
        {"sub": "AC" + "e" * 32},
        {"sub": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": "60"},
        {"exp": -60},
        {"exp": LONGEST + 600},
        {"nbf": 600},
        {"iat": 600},
        {"grants": {"identity": "ada", "video": {"room": "x"}}},
        {"grants": None},
        {"grants": "all"},
        {"grants": {"identity": "ada"}},
        {"grants": {"identity": "ada", "chat": "yes"}},
        {"grants": {"chat": {"service_sid": SERVICE}}},
        {"grants": {"identity": "", "chat": {"service_sid": SERVICE}}},
        {"grants": {"identity": 7, "chat": {"service_sid": SERVICE}}},
        {"grants": {"identity": SYSTEM, "chat": {"service_sid": SERVICE}}},
    ],
)
async def test_a_token_that_is_not_right_in_every_claim_is_refused(
    tokens: Tokens, changes: dict[str, Any]
) -> None:
    now = int(time.time())
    times = {name: now + value for name, value in changes.items() if isinstance(value, int)}
    await refused(tokens, official(**{**changes, **times}))


async def test_a_kid_does_not_choose_the_key(tokens: Tokens) -> None:
    """The claims name our own key, the header one whose secret the sender knows."""
    claims = jwt.decode(official(), options={"verify_signature": False})
    for kid in (THEIRS, "../../dev/null", "' UNION SELECT 'x"):
        forged = jwt.encode({**claims, "iss": OURS}, OTHER_SECRET, "HS256", headers={"kid": kid})
        await refused(tokens, forged)


async def test_a_public_key_is_no_secret(tokens: Tokens) -> None:
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(official(), options={"verify_signature": False})
    await refused(tokens, jwt.encode(claims, pair, "RS256"))


async def test_a_token_says_which_key_signed_it_unless_it_is_the_houses(tokens: Tokens) -> None:
    assert (await tokens.read(official())).key_sid == THEIRS
    assert (await tokens.read(tokens.mint("ada", SERVICE)[0])).key_sid == ""


async def test_a_time_may_be_written_as_text(tokens: Tokens) -> None:
    assert (await tokens.read(official(exp=str(int(time.time()) + 600)))).identity == "ada"


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "é.ü.ö", "\0", "e30.e30.e30", "A" * 10_000])
async def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    await refused(tokens, token)


async def test_every_changed_byte_is_noticed(tokens: Tokens) -> None:
    token = official()
    for place in range(len(token)):
        changed = token[:place] + chr(ord(token[place]) ^ 2) + token[place + 1 :]
        if changed.rpartition(".")[0] != token.rpartition(".")[0]:  # the mark's last letter has spare bits
            await refused(tokens, changed)


async def test_a_key_that_was_taken_back_opens_nothing(tokens: Tokens) -> None:
    async def find_nothing(key_sid: str) -> None:
        return None

    await refused(Tokens(ACCOUNT, OURS, SECRET, find_nothing), official())


# Seals


def test_a_sealed_word_is_opened_with_its_purpose(tokens: Tokens) -> None:
    word = tokens.seal("visitor", {"channel_sid": "CH1"}, lifetime=60)
    assert tokens.unseal("visitor", word)["channel_sid"] == "CH1"


def test_a_sealed_word_of_another_purpose_is_refused(tokens: Tokens) -> None:
    word = tokens.seal("visitor", {"channel_sid": "CH1"}, lifetime=60)
    with pytest.raises(NotAuthenticated):
        tokens.unseal("agent", word)


def test_a_sealed_word_is_good_for_its_time_only(tokens: Tokens) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.unseal("visitor", tokens.seal("visitor", {}, lifetime=-60))


async def test_tokens_and_sealed_words_cannot_stand_for_each_other(tokens: Tokens) -> None:
    token, _ = tokens.mint("ada", SERVICE)
    with pytest.raises(NotAuthenticated):
        tokens.unseal("visitor", token)
    grants = {"identity": "ada", "chat": {"service_sid": SERVICE}}
    await refused(
        tokens, tokens.seal("visitor", {"iss": OURS, "sub": ACCOUNT, "grants": grants}, lifetime=60)
    )


def test_a_word_sealed_by_another_house_is_refused(tokens: Tokens) -> None:
    other = Tokens(ACCOUNT, OURS, "another house's secret, also long", find_secret)
    with pytest.raises(NotAuthenticated):
        tokens.unseal("visitor", other.seal("visitor", {}, lifetime=60))


def test_what_was_sealed_before_a_rotation_is_still_unsealed_and_not_sealed_with(tokens: Tokens) -> None:
    rotated = Tokens(ACCOUNT, THEIRS, "the new secret of thirty letters", find_secret, SECRET)
    again = Tokens(ACCOUNT, OURS, "the newest secret, also long enough", find_secret, rotated.secret)
    word = tokens.seal("visitor", {"channel_sid": "CH1"}, lifetime=60)

    assert rotated.unseal("visitor", word)["channel_sid"] == "CH1"
    for gone in (again, Tokens(ACCOUNT, OURS, rotated.secret, find_secret)):
        with pytest.raises(NotAuthenticated):
            gone.unseal("visitor", word)
    with pytest.raises(NotAuthenticated):
        tokens.unseal("visitor", rotated.seal("visitor", {}, lifetime=60))
